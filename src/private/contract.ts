/*
 * What the constructs (src/) and the handler (lambda/) must agree on: the names in the template, the limits of the service and the identity of a
 * contact. This file is compiled into both sides, so it imports neither the CDK nor the AWS SDK.
 */

/** The CloudFormation type of the custom resource. */
export const RESOURCE_TYPE = 'Custom::AlternateContact';

/** The properties of the custom resource in the template. The names are the service's. */
export interface ContactProperties {
  readonly AccountId?: string;
  readonly AlternateContactType: string;
  readonly EmailAddress: string;
  readonly Name: string;
  readonly PhoneNumber: string;
  readonly Title: string;
  /** Either `false` or absent. CloudFormation sends it as the string "false". */
  readonly OverwriteExisting?: boolean | string;
}

/** The properties that hold the values of a contact. All values are personal data. */
export const CONTACT_VALUES = ['EmailAddress', 'Name', 'PhoneNumber', 'Title'] as const;

/** What the service accepts as the value of a property. */
interface Rule {
  /** What the value must be, in words that complete "must be". */
  readonly requirement: string;
  /** The whole value must match. */
  readonly pattern?: RegExp;
  /** In Unicode code points, as the service counts. */
  readonly maxLength?: number;
}

/**
 * What the service accepts. Its own patterns are unanchored; here the whole value must match.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
 */
export const RULES: { readonly [property: string]: Rule } = {
  AccountId: { requirement: 'a string of 12 digits', pattern: /^\d{12}$/ },
  AlternateContactType: { requirement: 'BILLING, OPERATIONS or SECURITY', pattern: /^(BILLING|OPERATIONS|SECURITY)$/ },
  EmailAddress: {
    requirement: 'an e-mail address of 1 to 254 characters: letters, digits and _+=.#|!&- before the @, and a domain with a dot after it',
    pattern: /^ *[\w+=.#|!&-]+@[\w.-]+\.\w+ *$/,
    maxLength: 254,
  },
  Name: { requirement: '1 to 64 characters, not blank', maxLength: 64 },
  PhoneNumber: { requirement: '1 to 25 digits, spaces and the characters ()+-, not blank', pattern: /^[ 0-9()+-]+$/, maxLength: 25 },
  Title: { requirement: '1 to 50 characters, not blank', maxLength: 50 },
  OverwriteExisting: { requirement: 'true or false', pattern: /^(true|false)$/ },
};

/**
 * Matches characters that can't be seen: control characters, halves of surrogate pairs, and characters that only format, such as a zero-width space
 * or a mark that changes the direction of the text. The service accepts them, but they mislead whoever reads the contact. The joiners U+200C and
 * U+200D are allowed inside a word, because some scripts and emoji need them.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|(?<![^\s\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\s\u200c\u200d])/u;

/**
 * Checks one value against the service's rule for it.
 *
 * @param property the property's name in the template
 * @returns the requirement that is not met, or undefined
 */
export function unmetRequirement(property: string, value: unknown): string | undefined {
  const { requirement, pattern, maxLength = Infinity } = RULES[property];
  if (typeof value !== 'string') { return requirement; }
  if (INVISIBLE.test(value)) { return `${requirement}, without control or invisible characters`; }
  return value.trim() === '' || [...value].length > maxLength || pattern?.test(value) === false ? requirement : undefined;
}

/** The identity of a contact: an account has at most one of each type. */
export interface ContactKey {
  readonly accountId: string;
  readonly alternateContactType: string;
}

/** A contact as a resource of a stack holds it. */
export interface HeldContact extends ContactKey {
  /** The account had a contact of this type already when the resource was created. */
  readonly tookOver: boolean;
}

const PHYSICAL_ID = /^(\d{12})\/(BILLING|OPERATIONS|SECURITY)(\/took-over|\/uncertain)?$/;

/** Writes a physical id: `111122223333/SECURITY`, followed by `/took-over` if the account had such a contact before. */
export function physicalIdOf({ accountId, alternateContactType, tookOver }: HeldContact): string {
  return `${accountId}/${alternateContactType}${tookOver ? '/took-over' : ''}`;
}

/**
 * Writes the physical id of a failed Create that may have set the contact. A successful Create never responds with this id. Under `--no-rollback`,
 * CloudFormation may delete the failed id after a later Create of the same resource has succeeded. The two ids must differ, so that the contact stays.
 */
export function uncertainIdOf({ accountId, alternateContactType }: ContactKey): string {
  return `${accountId}/${alternateContactType}/uncertain`;
}

/** Reads a physical id. Returns undefined if it names no contact: it is that of a Create that set nothing, or CloudFormation made it up. */
export function parsePhysicalId(physicalId: string | undefined): HeldContact | undefined {
  const match = physicalId?.match(PHYSICAL_ID);
  return match ? { accountId: match[1], alternateContactType: match[2], tookOver: match[3] === '/took-over' } : undefined;
}

/** Whether both name the same contact. */
export function isSameContact(one: ContactKey | undefined, other: ContactKey): boolean {
  return one?.accountId === other.accountId && one.alternateContactType === other.alternateContactType;
}
