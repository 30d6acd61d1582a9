import { LEVELS } from './checks';
import type { Aws } from './clients';
import type { CommandLine } from './command-line';
import { Contacts, TYPES } from './contacts';
import { isTestValue } from './test-values';

/** What a run will do, for a person who decides whether it may. */
export function planOf({ accountId, region }: Aws, { levels, role }: CommandLine, contacts: Contacts, file: string): string {
  const inUse = TYPES.filter(type => contacts[type] && !isTestValue(contacts[type]));
  const lines = levels.map(level => `- ${level}: ${LEVELS[level].does}. It creates ${level === 'role' && role ? 'nothing' : LEVELS[level].creates}.`);
  return [
    `Account ${accountId}, region ${region}, at most ${minutesOf(levels)} minutes:`,
    ...lines,
    ...levels.includes('own-account') ? [
      inUse.length
        ? `The contacts for ${inUse.join(', ')} are overwritten with test values. ${file} keeps them meanwhile, and they are given back at the end.`
        : 'The account has no contact, or test values only. At the end it has none.',
      'No e-mail is sent, except what AWS itself sends about contacts that change. It costs less than 0.01 USD.',
    ] : [],
    `If it is interrupted: npx projen try:aws --account ${accountId} --clean${levels.includes('own-account') ? `, then --give-back ${file}` : ''}`,
  ].join('\n');
}

export function minutesOf(levels: CommandLine['levels']): number {
  return levels.reduce((sum, level) => sum + LEVELS[level].minutes, 0);
}

/** @throws Error if the credentials expire before a run can have ended */
export function mustLast({ expiration }: Pick<Aws, 'expiration'>, levels: CommandLine['levels'], now = new Date()): void {
  const left = expiration ? Math.floor((expiration.getTime() - now.getTime()) / 60_000) : Infinity;
  if (left < minutesOf(levels)) {
    const needed = minutesOf(levels);
    const advice = 'Get new ones, or choose fewer levels with --only.';
    throw new Error(`The credentials expire in ${Math.max(left, 0)} minutes, and this may take ${needed}. ${advice}`);
  }
}
