import type { SdkError } from './retry';
import type { Contact } from '../src/private/contract';

/** An error whose message can be shown: it holds nothing personal, and says what to do. */
export class Failure extends Error {
  /** The id to answer, where the service may have created the contact although it failed: its Delete then cleans up. */
  public physicalId?: string;

  /** @param isUncertain whether the service may have done what failed all the same */
  constructor(message: string, public readonly isUncertain = false) {
    super(message);
  }
}

/** Names the contact in a message. */
export function nameOf(contact: Contact): string {
  return `the ${contact.alternateContactType} contact of account ${contact.accountId}`;
}

/** What to do about an error, by what is found in its name and message. The first match counts. */
const ADVICE: [RegExp, string][] = [
  [/trusted access/i, 'In the management account, enable trusted access: aws organizations enable-aws-service-access '
    + '--service-principal account.amazonaws.com'],
  [/standalone context/i, 'The contacts of a management account can only be set from itself: deploy this contact in a stack of the '
    + 'management account, and leave accountId out there'],
  [/service control policy|explicit deny|boundary/i, 'A service control policy, permissions boundary or explicit deny forbids it: allow the '
    + "account:*AlternateContact actions for the function's role there"],
  [/^ValidationException/, "Compare the values with the service's limits: name 1-64, title 1-50, emailAddress 1-254, phoneNumber 1-25 "
    + 'characters; accountId is 12 digits of an existing account'],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'The quota of the organization was used up until the time of the function was over: deploy '
    + "again, set fewer contacts at once, or give the provider's timeout its 15 minutes"],
  [/^InternalServer|^ServiceUnavailable|^5\d\d/, 'The service failed until the time of the function was over: deploy again'],
];
const DENIED_OTHER = 'Only the management account, or the delegated administrator for account.amazonaws.com, can name another account, which must '
  + 'be a member of its organization with all features and trusted access enabled. Deploy from there, or leave accountId out in a stack of the '
  + 'account itself';
const DENIED_OWN = "Check the permissions of the function's role, and whether a service control policy forbids it. A new role may need more time: "
  + 'deploy again';
const UNKNOWN = 'Deploy again; if it fails again, look for the request in the logs of the function';

/**
 * Makes a failure of a call that the service refused or never answered.
 *
 * @param attempted what could not be done, such as "set the BILLING contact of account 111122223333"
 * @param isOwn whether the call was about the account that the function runs in
 * @param values the personal values that the message must not repeat
 */
export function failureOf(error: SdkError & { isUncertain?: boolean; fieldList?: { name?: string }[] }, attempted: string, isOwn: boolean,
  values: string[] = []): Failure {
  const denied = error.name.startsWith('AccessDenied');
  // Only the words of a denial are quoted: those of a validation repeat the values.
  const message = denied && !values.some(value => error.message.includes(value)) ? error.message : '';
  const fields = (error.fieldList ?? []).map(field => field.name).filter(name => /^\w{1,40}$/.test(name ?? '')).slice(0, 10);
  const facts = `${error.name} ${message}`;
  const advice = ADVICE.find(([pattern]) => pattern.test(facts))?.[1] ?? (denied ? (isOwn ? DENIED_OWN : DENIED_OTHER) : UNKNOWN);
  return new Failure([
    `Could not ${attempted}: ${error.name}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}`,
    advice,
    // Last, so that the advice is not what is cut off.
    ...(message ? [`The service said: ${message}`] : []),
  ].join('. '), error.isUncertain);
}

/** CloudFormation takes an answer of 4096 bytes. The ids and the frame need up to 2,400; a character may be escaped, and then takes two. */
const LONGEST_REASON = 800;

/** What is told of an error: in one line, cut to length, and without the words of an error that nobody has read for personal data. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Failure ? error.message : `Unexpected ${error instanceof Error ? error.name : typeof error}. ${UNKNOWN}`;
  return reason.replace(/[^\x20-\x7e]+/g, ' ').slice(0, LONGEST_REASON);
}
