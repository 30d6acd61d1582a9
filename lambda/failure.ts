import { Cause, causeOf, isDenial, isNotAllowed } from './denial';
import type { CallError } from './retry';
import { isThrottled, isUnanswered, type SdkError } from './sdk-error';
import { CONTACT_VALUES, type ContactKey } from '../src/private/contract';

/** An error whose message can be shown: it holds nothing personal and says what to do. */
export class Failure extends Error {}

/** A call that failed for good. */
export class FailedCall extends Failure {
  /**
   * @param isDenied whether it was denied
   * @param isUncertain whether it may have had an effect nevertheless
   */
  constructor(message: string, public readonly isDenied: boolean, public readonly isUncertain: boolean) {
    super(message);
  }
}

/** A Create that failed although it may have created the contact. */
export class FailedCreate extends Failure {
  /** @param physicalId names the contact, so that the Delete that CloudFormation sends next cleans it up */
  constructor({ message }: Failure, public readonly physicalId: string) {
    super(message);
  }
}

/** Returns the name of a contact in messages. */
export function nameOf(contact: ContactKey): string {
  return `the ${contact.alternateContactType} contact of account ${contact.accountId}`;
}

/** A call that failed, in the words of its message. */
export interface Attempt {
  /** Completes "Could not", such as "set the BILLING contact of account 111122223333". */
  readonly what: string;
  /** The action that IAM allows or denies, such as `account:PutAlternateContact`. */
  readonly action: string;
  /** Advice on a denial that names no cause. */
  readonly whenDenied: string;
  /** Advice if no policy of the role allows the action. @default - the same */
  readonly whenNotAllowed?: string;
  /** The host that was called. */
  readonly host?: string;
  /** The personal values that the message must not repeat. */
  readonly values?: string[];
}

/** The reason of an event that came too late, with advice. */
export const NOT_AWAITED = 'CloudFormation was no longer waiting for the response. Too many functions ran at once in this account: raise the account\'s quota of '
  + 'concurrent executions and the reserved concurrency of the function, if it has one, or deploy fewer contacts at once';

export const ENABLE_TRUSTED_ACCESS = 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com';

/** Advice on denials that the service explains, by its sentence. */
const SENTENCES: [RegExp, string][] = [
  [/trusted access/i, `In the management account, enable trusted access: ${ENABLE_TRUSTED_ACCESS}`],
  [/standalone context/i, 'Only the management account can set its own contacts: deploy this contact in a stack of the management account, '
    + 'and leave accountId out there'],
];

/** Advice if the request quota stayed exhausted. */
const THROTTLED = "The account's request quota was exhausted until the function's timeout: deploy again, deploy fewer contacts at once, or set the provider's "
  + 'timeout to 15 minutes';

/** Such as "name 1-64, title 1-50". */
const LENGTHS = Object.entries(CONTACT_VALUES).map(([name, { maxLength }]) => `${name} 1-${maxLength}`).join(', ');

/** Advice on all other errors, by name or by the code of the connection. */
const ERRORS: [RegExp, string][] = [
  [/^ValidationException/, `Compare the values with the service's limits: ${LENGTHS} characters; accountId is 12 digits of an existing account`],
  [/^InternalServer|^ServiceUnavailable|^5\d\d/, "The service kept failing until the function's timeout: deploy again"],
  [/^NotAwaited$/, NOT_AWAITED],
  [/^(ENOTFOUND|EAI_AGAIN)$/, "The host was not found: check the DNS of the function's VPC and of the VPC endpoint, and that the partition has this service"],
  [/CERT|SIGNATURE|^EPROTO$|^ERR_SSL/, 'The connection to the host is not trusted: check the proxy or firewall that breaks TLS, and its certificate'],
  [/^E[A-Z]+$|^(Abort|Timeout)Error$/, "The host could not be reached: check the function's way out of its VPC (NAT gateway, VPC endpoint, security group) and the "
    + 'proxy, then deploy again'],
  [/^SyntaxError$/, 'What answered was not AWS: check the proxy'],
];
/** Advice on errors that have no line above. */
const UNKNOWN = "Deploy again; if it fails again, look for the request in the function's log";

function adviceFor(error: SdkError, cause: Cause | undefined, { action, whenDenied, whenNotAllowed = whenDenied }: Attempt): string {
  if (!isDenial(error)) { return isThrottled(error) ? THROTTLED : adviceIn(ERRORS, kindOf(error)) ?? UNKNOWN; }
  if (cause && 'policy' in cause) { return `A policy forbids it${cause.policy && ` (${cause.policy})`}: allow ${action} there for the function's role`; }
  return (cause && adviceIn(SENTENCES, cause.sentence)) ?? (isNotAllowed(error) ? whenNotAllowed : whenDenied);
}

/** The code of a connection that failed says more than the name of its error. */
function kindOf(error: SdkError): string {
  return isUnanswered(error) ? error.code ?? error.name : error.name;
}

function adviceIn(advice: [RegExp, string][], text: string): string | undefined {
  return advice.find(([pattern]) => pattern.test(text))?.[1];
}

/** Returns a failure that says what failed, and what to do about it. */
export function failureOf({ cause: error, isUncertain }: CallError, attempt: Attempt): FailedCall {
  const isDenied = isDenial(error);
  // Only a denial is quoted: the message of a validation repeats the values.
  const message = isDenied && !attempt.values?.some(value => error.message.includes(value)) ? error.message : '';
  const host = isUnanswered(error) || error.name === 'SyntaxError' ? [attempt.host] : [];
  const fields = (error.fieldList ?? []).map(field => field.name).filter(name => /^\w{1,40}$/.test(name ?? '')).slice(0, 10);
  const details = [...host, ...fields].filter(detail => detail);
  return new FailedCall([
    `Could not ${attempt.what}: ${kindOf(error)}${details.length > 0 ? ` (${details.join(', ')})` : ''}`,
    adviceFor(error, causeOf(error), attempt),
    // Last: a long message is cut at its end, and the advice must stay.
    ...(message ? [`The service said: ${message}`] : []),
  ].join('. '), isDenied, isUncertain);
}

/** CloudFormation accepts responses of up to 4096 bytes. Ids and frame need up to 2,400 of them, and an escaped character takes two. */
const LONGEST_REASON = 800;

/** Returns the Reason for an error: one line, cut to length. An unforeseen error may hold personal data, so only its kind is named. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Failure ? error.message : `Unexpected ${error instanceof Error ? error.name : typeof error}. ${UNKNOWN}`;
  return reason.replace(/[^\x20-\x7e]+/g, ' ').slice(0, LONGEST_REASON);
}
