/** What is kept free at the end of the function's time, in milliseconds: enough to give the answer several times. */
const ANSWER_RESERVE = 10_000;
/** How long one request may take, in milliseconds. */
const REQUEST_TIMEOUT = 15_000;
/** How long a new or changed role may be refused before it is taken at its word: IAM is eventually consistent. */
const PROPAGATION = 60_000;
/** The pause before a retry, in milliseconds: the first, and the longest. */
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 5_000;

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

/** Waits before a retry: about half as long again each time, and never in step with the hundreds of others that wait. */
export function pause(attempt: number): Promise<void> {
  const delay = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 1.5 ** attempt) * (0.5 + Math.random());
  return new Promise(resolve => setTimeout(resolve, delay));
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
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send(AbortSignal.timeout(REQUEST_TIMEOUT));
    } catch (error) {
      isUncertain ||= !isRefusal(error as SdkError);
      const isOver = Date.now() - start >= patienceFor(error as SdkError) || deadline.remaining() <= LONGEST_PAUSE;
      if (isOver) throw Object.assign(error as SdkError, { isUncertain });
      await pause(attempt);
    }
  }
}
