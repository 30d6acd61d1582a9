import { Token } from 'aws-cdk-lib';
import type { Declaration } from './declaration';
import { RULES } from '../contract';
import { partsOfRule } from './machine/notation';

/**
 * What a state of the machine may assign, in bytes. Some are left free for what else the state may assign one day. Overrides and contacts that
 * fit are far below the 1 MB that a definition may have.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const LIMIT = 256 * 1024 - 4 * 1024;

/** The length of the longest id of an organizational unit. */
const LONGEST_TARGET = 68;

/**
 * Tells whether a declaration is too large for the variables of the machine.
 *
 * @returns what is too large and how much of it fits, or nothing
 */
export function tooLarge({ contacts, rules }: Declaration): string[] {
  return [
    // The children index the rules by their targets: that takes more than the rules themselves.
    ...overflow('overrides', rules.length, { rules: Object.fromEntries(rules.map(indexed)) }),
    ...overflow('different contacts', contacts.length, {
      contacts: contacts.map(contact =>
        Object.fromEntries(Object.entries(contact).map(([member, value]) => [member, filled(value, RULES[member].maxLength ?? 0)]))),
    }),
  ].slice(0, 1);
}

function indexed(rule: string, index: number): [target: string, numbers: string] {
  const { target, numbers } = partsOfRule(rule);
  return [Token.isUnresolved(target) ? String(index).padStart(LONGEST_TARGET, ' ') : target, numbers];
}

/** Returns the value, or the longest value that a token may stand for. */
function filled(value: string, length: number): string {
  return Token.isUnresolved(value) ? 'x'.repeat(length) : value;
}

function overflow(what: string, count: number, assigned: object): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(assigned));
  if (bytes <= LIMIT) { return []; }
  return [`too many ${what}: ${count} take ${bytes} bytes, and Step Functions holds ${LIMIT}, which is about ${Math.floor(count * LIMIT / bytes)} of them. `
    + 'Declare fewer, for organizational units rather than for accounts, or use the same contact for several'];
}
