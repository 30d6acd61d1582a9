import { causeOf, isDenial } from './denial';

/** The time kept free for the response, in milliseconds: enough to send it several times. */
const RESPONSE_RESERVE = 10_000;
/** How long one request may take, in milliseconds, and how long when no time is left. */
const REQUEST_TIMEOUT = 15_000;
const LAST_REQUEST_TIMEOUT = 1_000;
/** For how long a denial may only mean that a new or changed role has not spread yet, in milliseconds: IAM is eventually consistent. */
const PROPAGATION = 60_000;
/**
 * The longest pause before a call is tried again, in milliseconds. Hundreds of functions that know nothing of each other share one quota, so each
 * comes back at random, at the same mean pace throughout. With pauses that grow, the quota would lie idle towards the end, when the few that are
 * left all wait long.
 */
export const LONGEST_PAUSE = 6_000;

/** What the AWS SDK says about a call that failed. Any of it may be missing. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** The fields that a validation refused. */
  readonly fieldList?: { readonly name?: string }[];
}

/** A call that is not tried again. */
export class CallError extends Error {
  /**
   * @param cause the error of the last attempt
   * @param isUncertain whether any attempt may have had an effect although it failed
   */
  constructor(public override readonly cause: SdkError, public readonly isUncertain: boolean) {
    super();
  }
}

/** When the function must be done, by the clock it was started with. */
export class Deadline {
  private readonly end: number;
  private readonly awaitedUntil: number;

  /**
   * @param remaining the function's remaining time in milliseconds
   * @param awaited for how many more milliseconds CloudFormation waits for the response
   */
  constructor(remaining: number, awaited = Infinity) {
    const now = Date.now();
    this.end = now + remaining;
    this.awaitedUntil = now + awaited;
  }

  /** The milliseconds left for calls. */
  public get forCalls(): number {
    return Math.min(this.end, this.awaitedUntil) - RESPONSE_RESERVE - Date.now();
  }

  /** The milliseconds left for the response, which CloudFormation may no longer wait for. */
  public get forResponse(): number {
    return this.end - Date.now();
  }

  /** Whether CloudFormation waits until one more request is done. */
  public get isAwaited(): boolean {
    return this.awaitedUntil - Date.now() > LAST_REQUEST_TIMEOUT;
  }

  /** A deadline for calls that are worth no more than so many milliseconds. */
  public within(milliseconds: number): Deadline {
    return new Deadline(Math.min(this.forCalls, milliseconds) + RESPONSE_RESERVE, this.awaitedUntil - Date.now());
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

/** Whether a request quota refused the call: services name that differently, and an unknown name may come with the status. */
export function isThrottled(error: SdkError): boolean {
  return /Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name) || error.$metadata?.httpStatusCode === 429;
}

/** For how many milliseconds a call that failed with this error is tried again. */
function patienceFor(error: SdkError): number {
  if (isDenial(error)) { return causeOf(error) ? 0 : PROPAGATION; }
  const throttled = isThrottled(error);
  const unanswered = error.code !== undefined || /^(Abort|Timeout)Error$/.test(error.name);
  const internal = (error.$metadata?.httpStatusCode ?? 0) >= 500;
  return throttled || internal || (unanswered && !isRefusal(error)) ? Infinity : 0;
}

/**
 * Calls an API until it succeeds, it fails for good, or no time is left. It makes no call that CloudFormation might not wait for: a contact that is
 * set after CloudFormation has gone on would stay.
 *
 * @param send makes one attempt, which ends by the signal
 * @param longestPause the longest pause before the next attempt, given the time since the first one; both in milliseconds
 * @throws CallError
 */
export async function withRetries<T>(
  deadline: Deadline, send: (signal: AbortSignal) => Promise<T>, longestPause: (elapsed: number) => number = () => LONGEST_PAUSE,
): Promise<T> {
  if (!deadline.isAwaited) { throw new CallError(Object.assign(new Error(), { name: 'NotAwaited' }), false); }
  const start = Date.now();
  let isUncertain = false;
  for (;;) {
    try {
      // Even the last attempt ends before the time for the response is used up.
      return await send(AbortSignal.timeout(Math.min(REQUEST_TIMEOUT, Math.max(LAST_REQUEST_TIMEOUT, deadline.forCalls))));
    } catch (thrown) {
      const error = thrown as SdkError;
      isUncertain ||= !isRefusal(error);
      const elapsed = Date.now() - start;
      if (elapsed >= patienceFor(error) || deadline.forCalls <= LONGEST_PAUSE) { throw new CallError(error, isUncertain); }
      await pause(Math.min(longestPause(elapsed), deadline.forCalls));
    }
  }
}
