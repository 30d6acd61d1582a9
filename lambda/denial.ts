/** Why a call was denied: the kind of policy that forbids it (empty if it is not named), or the service's own words. */
export type Cause = { readonly policy: string } | { readonly sentence: string };

/** IAM's grammar. A role without the permission is no cause of its own: a new one looks the same until its permissions have spread. */
const FORBIDDING_POLICY = /with an explicit deny(?: in an? ([\w -]+))?|because no (?!identity-based policy)([\w -]+) allows the/;
/** Account Management puts a sentence in brackets behind IAM's words. */
const SENTENCE = /\(([^()]+ [^()]+)\)/;

/**
 * Reads why a call was denied from the grammar of the message. Names of roles, stacks and policies are never taken for a cause: they hold
 * neither spaces nor brackets.
 *
 * @returns undefined if the message names no cause, or if the error is no denial
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function causeOf(error: Error): Cause | undefined {
  if (!isDenial(error)) return undefined;
  const sentence = SENTENCE.exec(error.message)?.[1];
  if (sentence !== undefined) return { sentence };
  const forbidden = FORBIDDING_POLICY.exec(error.message);
  return forbidden ? { policy: (forbidden[1] ?? forbidden[2] ?? '').trim() } : undefined;
}

/** Whether the call was denied: by IAM, by an organization's policy, or by the service itself. */
export function isDenial(error: Error): boolean {
  return error.name.startsWith('AccessDenied');
}
