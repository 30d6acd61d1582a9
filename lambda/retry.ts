import { causeOf, isDenial } from './denial';

/** What is kept free for the answer, in milliseconds: enough to give it several times. */
const ANSWER_RESERVE = 10_000;
/** How long one request may take, in milliseconds, and how long even when the time is up. */
const REQUEST_TIMEOUT = 15_000;
const LAST_REQUEST_TIMEOUT = 1_000;
/** How long a new or changed role may be refused before it is taken at its word: IAM is eventually consistent. */
const PROPAGATION = 60_000;
/**
 * The longest pause before a call is tried again, in milliseconds. Hundreds of functions that know nothing of each other share one quota, so
 * they come back at random and at the same mean pace throughout: pauses that grow leave the quota unused towards the end, when few
 * are left and all of them wait long.
 */
export const LONGEST_PAUSE = 6_000;

/** What the AWS SDK says of a call that failed. Nothing of it is sure to be there. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** When the function must be done, by the clock it was started with. */
export class Deadline {
  private readonly end: number;
  private readonly lastCall: number;

  /**
   * @param remaining the function's remaining time in milliseconds
   * @param awaited for how many more milliseconds CloudFormation waits for the answer
   */
  constructor(remaining: number, awaited = Infinity) {
    const now = Date.now();
    this.end = now + remaining;
    this.lastCall = Math.min(this.end, now + awaited) - ANSWER_RESERVE;
  }

  /** The milliseconds left for calls. */
  public get forCalls(): number {
    return this.lastCall - Date.now();
  }

  /** The milliseconds left for the answer, which CloudFormation may no longer wait for. */
  public get forAnswer(): number {
    return this.end - Date.now();
  }

  /** A deadline for calls that are not worth more than so many milliseconds. */
  public within(milliseconds: number): Deadline {
    return new Deadline(Math.min(this.forCalls, milliseconds) + ANSWER_RESERVE);
  }
}

/** Waits for a random time up to the longest, in milliseconds. */
export function pause(longest: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, longest * Math.random()));
}

/** Whether the service answered that it did not do it. After a 5xx or a lost connection the outcome is unknown. */
export function isRefusal(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}

/** For how many milliseconds a call that failed so is worth trying again. */
function patienceFor(error: SdkError): number {
  if (isDenial(error)) return causeOf(error) ? 0 : PROPAGATION;
  const throttled = /Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name) || error.$metadata?.httpStatusCode === 429;
  const unanswered = error.code !== undefined || /^(Abort|Timeout)Error$/.test(error.name);
  const internal = (error.$metadata?.httpStatusCode ?? 0) >= 500;
  return throttled || internal || (unanswered && !isRefusal(error)) ? Infinity : 0;
}

/**
 * Calls an API until it succeeds, it fails for good, or there is no time left.
 *
 * @param send makes one attempt, which ends by the signal
 * @param longestPause the longest pause before the next attempt, by the time since the first one, in milliseconds
 * @throws whatever the last attempt threw, with `isUncertain` set if any attempt may have had an effect all the same
 */
export async function withRetries<T>(
  deadline: Deadline, send: (signal: AbortSignal) => Promise<T>, longestPause: (elapsed: number) => number = () => LONGEST_PAUSE,
): Promise<T> {
  const start = Date.now();
  let isUncertain = false;
  for (;;) {
    try {
      // Even the last attempt ends before what is kept for the answer is used up.
      return await send(AbortSignal.timeout(Math.min(REQUEST_TIMEOUT, Math.max(LAST_REQUEST_TIMEOUT, deadline.forCalls))));
    } catch (error) {
      isUncertain ||= !isRefusal(error as SdkError);
      const elapsed = Date.now() - start;
      const isOver = elapsed >= patienceFor(error as SdkError) || deadline.forCalls <= LONGEST_PAUSE;
      if (isOver) throw Object.assign(error as SdkError, { isUncertain });
      await pause(Math.min(longestPause(elapsed), deadline.forCalls));
    }
  }
}
