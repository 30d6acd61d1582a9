import { causeOf, isDenial } from './denial';
import { isInternal, isThrottled, isUnanswered, type SdkError } from './sdk-error';

/** How long a denial may only mean that a new or changed role has not propagated yet, in milliseconds: IAM is eventually consistent. */
const PROPAGATION = 60_000;

/** Returns for how many milliseconds a call that fails with this error is worth trying again. */
export function patienceFor(error: SdkError): number {
  if (isDenial(error)) { return causeOf(error) ? 0 : PROPAGATION; }
  return isThrottled(error) || isInternal(error) || isUnanswered(error) ? Infinity : 0;
}
