import type { Deadline } from './deadline';
import { isDenial } from './denial';
import { patienceFor } from './patience';
import { LONGEST_PAUSE, pause } from './pauses';
import { isRefusal, type SdkError } from './sdk-error';

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

export interface RetryOptions {
  /** The longest pause before the next attempt, given the time since the first one; both in milliseconds. */
  readonly longestPause?: (elapsed: number) => number;
  /** Asked once, when the patience with a denial is over: for how many more milliseconds the call is worth trying. */
  readonly morePatience?: () => Promise<number>;
}

/**
 * Calls an API until it succeeds, it fails for good, or no time is left. It makes no call that CloudFormation might not wait for: a contact that is
 * set after CloudFormation has gone on would stay.
 *
 * @param send makes one attempt, which ends by the signal
 * @throws CallError
 */
export async function withRetries<T>(
  deadline: Deadline, send: (signal: AbortSignal) => Promise<T>, { longestPause = () => LONGEST_PAUSE, morePatience }: RetryOptions = {},
): Promise<T> {
  if (!deadline.isAwaited) { throw new CallError(Object.assign(new Error(), { name: 'NotAwaited' }), false); }
  const start = Date.now();
  let isUncertain = false;
  let more: number | undefined;
  for (;;) {
    try {
      return await send(AbortSignal.timeout(deadline.forRequest));
    } catch (thrown) {
      const error = thrown as SdkError;
      isUncertain ||= !isRefusal(error);
      const elapsed = Date.now() - start;
      let patience = patienceFor(error);
      if (patience > 0 && elapsed >= patience && isDenial(error)) { patience += more ??= await morePatience?.() ?? 0; }
      if (elapsed >= patience || deadline.forCalls <= LONGEST_PAUSE) { throw new CallError(error, isUncertain); }
      await pause(Math.min(longestPause(elapsed), deadline.forCalls));
    }
  }
}
