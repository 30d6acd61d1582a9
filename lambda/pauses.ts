import { LONGEST_PAUSE } from './retry';

/** How many contacts an organization may delete per second. */
const DELETE_RATE = 1;
/** An event that waits longer than this until a function takes it, in milliseconds, shows that the account is short of functions. */
const LONGEST_WAIT = 30_000;

/**
 * The longest pause before a Delete that was throttled is tried again, in milliseconds.
 *
 * The batch shares one quota. Pauses that last until the whole batch can be done cost each contact about two calls; short ones cost dozens. As another
 * stack may be deleting at the same time, pauses grow again with the time that it has taken. Where functions are short, none is kept
 * waiting: others could run.
 *
 * @param batch how many contacts are being deleted, this one included
 * @param waited how long the event waited until the function took it, in milliseconds
 * @param age how long ago CloudFormation sent the event, in milliseconds
 */
export function longestDeletePause(batch: number, waited: number, age: number): number {
  if (waited > LONGEST_WAIT) return LONGEST_PAUSE;
  return Math.max(LONGEST_PAUSE, batch / DELETE_RATE * 1_000 - age, age / 20);
}

/**
 * CloudFormation answers a few questions per second, to everybody in the account: the console, other deployments, hundreds of Deletes. Where it
 * throttles for long, there are many of those, so they ask less often.
 *
 * @param elapsed how long ago the question was first asked, in milliseconds
 */
export function longestAskPause(elapsed: number): number {
  return Math.min(20_000, Math.max(LONGEST_PAUSE, elapsed / 2));
}
