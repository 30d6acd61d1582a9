import { Cause, causeOf, isDenial } from './denial';
import type { SdkError } from './retry';
import type { ContactKey } from '../src/private/contract';

/** An error whose message can be shown: it holds nothing personal, and says what to do. */
export class Failure extends Error {
  /**
   * @param isUncertain whether the service may have done what failed all the same
   * @param physicalId the id to answer, where the service may have created the contact although it failed: its Delete then cleans up
   */
  constructor(message: string, public readonly isUncertain = false, public readonly physicalId?: string) {
    super(message);
  }

  /** The same failure, answered with the id of a contact that may have been created. */
  public withPhysicalId(physicalId: string): Failure {
    return new Failure(this.message, this.isUncertain, physicalId);
  }
}

/** Names the contact in a message. */
export function nameOf(contact: ContactKey): string {
  return `the ${contact.alternateContactType} contact of account ${contact.accountId}`;
}

/** A call that failed. */
export interface Attempt {
  /** What could not be done, such as "set the BILLING contact of account 111122223333". */
  readonly what: string;
  /** The action that IAM allows or denies, such as `account:PutAlternateContact`. */
  readonly action: string;
  /** Whose the target of the call is. */
  readonly target: 'own account' | 'other account' | 'stack';
  /** The personal values that the message must not repeat. */
  readonly values?: string[];
}

/** What to do about a denial that the service explains itself. */
const SENTENCES: [RegExp, string][] = [
  [/trusted access/i, 'In the management account, enable trusted access: aws organizations enable-aws-service-access '
    + '--service-principal account.amazonaws.com'],
  [/standalone context/i, 'The contacts of a management account can only be set from itself: deploy this contact in a stack of the '
    + 'management account, and leave accountId out there'],
];

/** What to do about any other error, by its name. */
const ERRORS: [RegExp, string][] = [
  [/^ValidationException/, "Compare the values with the service's limits: name 1-64, title 1-50, emailAddress 1-254, phoneNumber 1-25 "
    + 'characters; accountId is 12 digits of an existing account'],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'The quota of the organization was used up until the time of the function was over: deploy '
    + "again, set fewer contacts at once, or give the provider's timeout its 15 minutes"],
  [/^InternalServer|^ServiceUnavailable|^5\d\d/, 'The service failed until the time of the function was over: deploy again'],
];
const UNKNOWN = 'Deploy again; if it fails again, look for the request in the logs of the function';

function adviceFor(error: Error, cause: Cause | undefined, attempt: Attempt): string {
  if (!isDenial(error)) return adviceIn(ERRORS, error.name) ?? UNKNOWN;
  if (cause && 'policy' in cause) {
    return `A policy forbids it${cause.policy && ` (${cause.policy})`}: allow ${attempt.action} there for the function's role`;
  }
  return (cause && adviceIn(SENTENCES, cause.sentence)) ?? adviceForUnexplained(attempt);
}

/** What to do about a denial that names no cause. */
function adviceForUnexplained({ action, target }: Attempt): string {
  if (target === 'stack') {
    return `Allow ${action} on this stack, and on the stacks that it is nested with, for the function's role. A new role may need more time: `
      + 'deploy again';
  }
  if (target === 'own account') {
    return `Check that the function's role allows ${action}, and whether a service control policy forbids it. A new role may need more time: `
      + 'deploy again';
  }
  const caller = 'Only the management account, or the delegated administrator for account.amazonaws.com, can name another account, which must be '
    + 'an active member of its organization with all features and trusted access enabled';
  return action === 'account:DeleteAlternateContact'
    ? `${caller}. If the account is closed, suspended or has left the organization, its contact can't be deleted: delete the stack with `
      + '--retain-resources, or give the contact RemovalPolicy.RETAIN before you remove it'
    : `${caller}. Deploy from there, or leave accountId out in a stack of the account itself. If the account is closed, suspended or has left the `
      + 'organization, give its contacts RemovalPolicy.RETAIN, deploy, then remove them';
}

function adviceIn(advice: [RegExp, string][], text: string): string | undefined {
  return advice.find(([pattern]) => pattern.test(text))?.[1];
}

/** Makes a failure of a call that the service refused or never answered. */
export function failureOf(error: SdkError & { isUncertain?: boolean; fieldList?: { name?: string }[] }, attempt: Attempt): Failure {
  // Only the words of a denial are quoted: those of a validation repeat the values.
  const message = isDenial(error) && !attempt.values?.some(value => error.message.includes(value)) ? error.message : '';
  const fields = (error.fieldList ?? []).map(field => field.name).filter(name => /^\w{1,40}$/.test(name ?? '')).slice(0, 10);
  return new Failure([
    `Could not ${attempt.what}: ${error.name}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}`,
    adviceFor(error, causeOf(error), attempt),
    // Last, so that the advice is not what is cut off.
    ...(message ? [`The service said: ${message}`] : []),
  ].join('. '), error.isUncertain);
}

/** CloudFormation takes an answer of 4096 bytes. The ids and the frame need up to 2,400; a character may be escaped, and then takes two. */
const LONGEST_REASON = 800;

/** The Reason for an error: in one line, cut to length, and without the words of an error that nobody has read for personal data. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Failure ? error.message : `Unexpected ${error instanceof Error ? error.name : typeof error}. ${UNKNOWN}`;
  return reason.replace(/[^\x20-\x7e]+/g, ' ').slice(0, LONGEST_REASON);
}
