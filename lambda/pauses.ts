/**
 * The longest pause before a call is tried again, in milliseconds. Hundreds of functions that know nothing of each other share one quota, so each
 * comes back at random, at the same mean pace throughout. With pauses that grow, the quota would lie idle towards the end, when the few that are
 * left wait for long.
 */
export const LONGEST_PAUSE = 6_000;
/** How many contacts an account may delete per second, its own and those of members. */
const DELETE_RATE = 1;
/** If an event waits longer than this for a function, in milliseconds, the account is short of functions. */
const LONGEST_WAIT = 30_000;

/** Waits for a random time up to the longest, in milliseconds. */
export function pause(longest: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, longest * Math.random()));
}

/**
 * Returns the longest pause before a throttled Delete is tried again, in milliseconds.
 *
 * All Deletes of a batch share one quota. If each pauses until the whole batch can be done, it needs about two calls; with short pauses it needs
 * dozens. Another stack may be deleting too, so the pauses grow again with the age of the event. Where functions are short, pauses stay short: a
 * function that waits keeps another event from running.
 *
 * @param batch how many contacts are being deleted, this one included
 * @param waited how long the event waited for a function, in milliseconds
 * @param age how long ago CloudFormation sent the event, in milliseconds
 */
export function longestDeletePause(batch: number, waited: number, age: number): number {
  if (waited > LONGEST_WAIT) { return LONGEST_PAUSE; }
  return Math.max(LONGEST_PAUSE, batch / DELETE_RATE * 1_000 - age, age / 20);
}

/**
 * Returns the longest pause before CloudFormation is asked again after it throttled, in milliseconds. It answers a few questions per second to the
 * whole account: to the console, to other deployments, to hundreds of Deletes. If it throttles for long, many are asking, so each asks less often.
 *
 * @param elapsed how long ago the question was first asked, in milliseconds
 */
export function longestAskPause(elapsed: number): number {
  return Math.min(20_000, Math.max(LONGEST_PAUSE, elapsed / 2));
}
