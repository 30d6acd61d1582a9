import { Token } from 'aws-cdk-lib';

const MINUTES: { readonly [unit: string]: number } = { minute: 1, hour: 60, day: 1_440 };

/**
 * Checks a schedule, unless it is a token.
 *
 * @returns the rule that is broken, in words that complete "must", or undefined
 */
export function brokenSchedule(expression: string): string | undefined {
  if (Token.isUnresolved(expression)) { return undefined; }
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) { return Number(rate[1]) * MINUTES[rate[2]] < 60 ? 'run at most once an hour' : undefined; }
  const [, minute, year] = /^cron\((\S+)(?: \S+){4} (\S+)\)$/.exec(expression) ?? [];
  if (minute === undefined) { return 'recur: rate() or cron()'; }
  if (year !== '*') { return 'recur every year'; }
  return /^\d+$/.test(minute) ? undefined : 'run at most once an hour, at a single minute';
}

/** Whether a schedule fires as soon as it is created. A rate does, and a token is not known to be one. */
export function beginsAtOnce(expression: string): boolean {
  return /^rate\(/.test(expression);
}
