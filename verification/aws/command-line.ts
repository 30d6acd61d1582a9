import { parseArgs } from 'node:util';
import { Level, LEVELS } from './checks';

export interface CommandLine {
  /** The account that may be used. */
  readonly account?: string;
  readonly region: string;
  /** Go on without a question. */
  readonly yes: boolean;
  /** Contacts that are no test values may be overwritten, and are given back at the end. */
  readonly overwrite: boolean;
  readonly levels: readonly Level[];
  /** The role for the level `role`. @default - one is created */
  readonly role?: string;
  /** Instead of all checks: gives back the contacts in this file. */
  readonly giveBack?: string;
  /** Instead of all checks: deletes the stacks that an earlier run has left behind. */
  readonly clean: boolean;
}

export const USAGE = `Usage: npx projen try:aws --account ID [options]

  --account ID      the account that may be used; the credentials must belong to it
  --region NAME     where the stacks are deployed (default: AWS_REGION, or us-east-1)
  --only LEVELS     some of ${Object.keys(LEVELS).join(', ')} (default: all)
  --role ARN        the role with which Step Functions reads the organization (default: one is created and deleted)
  --overwrite       also use contacts that hold real values; they are kept in a file and given back
  --yes             do not ask
  --clean           only delete what an interrupted run has left behind
  --give-back FILE  only give back the contacts that an interrupted run has kept`;

/** @throws Error that says what is wrong with the arguments */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'account': { type: 'string' },
      'region': { type: 'string', default: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1' },
      'only': { type: 'string', default: Object.keys(LEVELS).join(',') },
      'role': { type: 'string' },
      'overwrite': { type: 'boolean', default: false },
      'yes': { type: 'boolean', default: false },
      'clean': { type: 'boolean', default: false },
      'give-back': { type: 'string' },
    },
  });
  const levels = values.only.split(',').map(level => {
    if (!(level in LEVELS)) { throw new Error(`--only knows ${Object.keys(LEVELS).join(', ')}; got ${level}`); }
    return level as Level;
  });
  const { account, region, role, overwrite, yes, clean } = values;
  if (account !== undefined && !/^\d{12}$/.test(account)) { throw new Error(`--account must be an id of 12 digits; got ${account}`); }
  if (role !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(role)) { throw new Error(`--role must be the ARN of a role; got ${role}`); }
  return { account, region, role, overwrite, yes, clean, levels, giveBack: values['give-back'] };
}
