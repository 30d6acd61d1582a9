/** Why a call was denied: the kind of policy that forbids it (empty if the message does not name one), or the service's own sentence. */
export type Cause = { readonly policy: string } | { readonly sentence: string };

/** The words with which IAM names a policy that forbids the call. */
const FORBIDDING_POLICY = /with an explicit deny(?: in an? ([\w -]+))?|because no (?!identity-based policy)([\w -]+) allows the/;
/** No policy of the role allows the call. IAM says the same of a new role until its permissions have propagated. */
const NOT_ALLOWED = /because no identity-based policy allows the/;
/** Account Management adds a sentence in brackets to IAM's message. */
const SENTENCE = /\(([^()]+ [^()]+)\)/;

/**
 * Reads from the message why the call was denied. The name of a role, a stack or a policy is never mistaken for a cause, because it has neither spaces
 * nor brackets.
 *
 * @returns undefined if the message names no cause, or the error is not a denial
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function causeOf(error: Error): Cause | undefined {
  if (!isDenial(error)) { return undefined; }
  const sentence = SENTENCE.exec(error.message)?.[1];
  if (sentence !== undefined) { return { sentence }; }
  const forbidden = FORBIDDING_POLICY.exec(error.message);
  return forbidden ? { policy: (forbidden[1] ?? forbidden[2] ?? '').trim() } : undefined;
}

/** Whether the role lacks the permission, as far as IAM knows yet. */
export function isNotAllowed(error: Error): boolean {
  return isDenial(error) && NOT_ALLOWED.test(error.message);
}

/** Whether the call was denied: by IAM, by an organization's policy, or by the service itself. */
export function isDenial(error: Error): boolean {
  return error.name.startsWith('AccessDenied');
}
