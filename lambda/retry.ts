/** What is kept free at the end of the function's time, in milliseconds: enough to give the answer several times. */
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
const LONGEST_PAUSE = 6_000;

/** What the AWS SDK says of a call that failed. Nothing of it is sure to be there. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** When the function must be done, by the clock it was started with. */
export class Deadline {
  private readonly end: number;

  /** @param remaining the function's remaining time in milliseconds */
  constructor(remaining: number) {
    this.end = Date.now() + remaining;
  }

  /** The milliseconds left for calls, or, with the reserve, for the answer. */
  public remaining(reserve = ANSWER_RESERVE): number {
    return this.end - reserve - Date.now();
  }
}

/** Waits for a random time up to the longest, in milliseconds. */
export function pause(longest: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, longest * Math.random()));
}

/** Whether the service answered that it did not do it. Of a lost connection or an error of its own, nobody knows. */
export function isRefusal(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}

/** Whether it is an AccessDenied that names no cause, as a role gets until its permissions have spread. */
function isBareDenial(error: SdkError): boolean {
  return error.name.startsWith('AccessDenied') && !/\(.+\)|explicit deny|service control policy|boundary/i.test(error.message);
}

/** For how many milliseconds a call that failed so is worth trying again. */
function patienceFor(error: SdkError): number {
  if (isBareDenial(error)) return PROPAGATION;
  const throttled = /Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name) || error.$metadata?.httpStatusCode === 429;
  const unanswered = error.code !== undefined || /^(Abort|Timeout)Error$/.test(error.name);
  const internal = (error.$metadata?.httpStatusCode ?? 0) >= 500;
  return throttled || internal || (unanswered && !isRefusal(error)) ? Infinity : 0;
}

/**
 * Calls an API until it succeeds, it fails for good, or there is no time left.
 *
 * @param send makes one attempt, which ends by the signal
 * @throws whatever the last attempt threw, with `isUncertain` set if any attempt may have had an effect all the same
 */
export async function withRetries<T>(deadline: Deadline, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const start = Date.now();
  let isUncertain = false;
  for (;;) {
    try {
      // Even the last attempt ends before what is kept for the answer is used up.
      return await send(AbortSignal.timeout(Math.min(REQUEST_TIMEOUT, Math.max(LAST_REQUEST_TIMEOUT, deadline.remaining()))));
    } catch (error) {
      isUncertain ||= !isRefusal(error as SdkError);
      const isOver = Date.now() - start >= patienceFor(error as SdkError) || deadline.remaining() <= LONGEST_PAUSE;
      if (isOver) throw Object.assign(error as SdkError, { isUncertain });
      await pause(LONGEST_PAUSE);
    }
  }
}
