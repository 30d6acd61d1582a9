import { causeOf, isDenial } from './denial';
import { isInternal, isThrottled, isUnanswered, isUntrusted, type SdkError } from './sdk-error';

/**
 * How long a denial may only mean that a new or changed role has not propagated yet, and an unknown name that a new VPC endpoint has not, in milliseconds:
 * IAM and DNS are eventually consistent. A resolver that fails answers EAI_AGAIN instead.
 */
const PROPAGATION = 60_000;

/** Returns for how many milliseconds a call that fails with this error is worth trying again. */
export function patienceFor(error: SdkError): number {
  if (isDenial(error)) { return causeOf(error) ? 0 : PROPAGATION; }
  if (isUnanswered(error) && isUntrusted(error)) { return 0; }
  if (isUnanswered(error) && error.code === 'ENOTFOUND') { return PROPAGATION; }
  return isThrottled(error) || isInternal(error) || isUnanswered(error) ? Infinity : 0;
}
