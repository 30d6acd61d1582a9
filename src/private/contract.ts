/*
 * What the constructs (src/) and the handler (lambda/) must agree on: the names in the template, the limits of the service and the identity of a
 * contact. This file is compiled into both sides, so it imports neither the CDK nor the AWS SDK.
 */

/** The CloudFormation type of the custom resource. */
export const RESOURCE_TYPE = 'Custom::AlternateContact';

/** The types of alternate contacts. The order is part of the sweep's notation for an account. */
export const CONTACT_TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;
export type ContactType = typeof CONTACT_TYPES[number];

/** One property: its name in the service, and what the service accepts. */
interface Property {
  /** The name in the service's API and in the template. */
  readonly member: string;
  /** Completes "must be" in an error. */
  readonly requirement: string;
  /** The whole value must match. The service's own patterns are unanchored. */
  readonly pattern?: RegExp;
  /** In Unicode code points, as the service counts. */
  readonly maxLength?: number;
  readonly isOptional?: true;
}

/**
 * The values of a contact, by their names in the constructs. All of them are personal data. Whatever else handles the values derives them from this
 * table.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
 */
export const CONTACT_VALUES = {
  name: { member: 'Name', requirement: '1 to 64 characters, not blank', maxLength: 64 },
  title: { member: 'Title', requirement: '1 to 50 characters, not blank', maxLength: 50 },
  emailAddress: {
    member: 'EmailAddress',
    requirement: 'an e-mail address of 1 to 254 characters: letters, digits and _+=.#|!&- before the @, and a domain with a dot after it',
    pattern: /^ *[\w+=.#|!&-]+@[\w.-]+\.\w+ *$/,
    maxLength: 254,
  },
  phoneNumber: {
    member: 'PhoneNumber',
    requirement: '1 to 25 digits, spaces and the characters ()+-, not blank',
    pattern: /^[ 0-9()+-]+$/,
    maxLength: 25,
  },
} as const satisfies { readonly [name: string]: Property };

/** The properties that say which contact is meant, and how it is set. */
const OTHER_PROPERTIES = {
  accountId: { member: 'AccountId', requirement: 'a string of 12 digits', pattern: /^\d{12}$/, isOptional: true },
  alternateContactType: {
    member: 'AlternateContactType',
    requirement: CONTACT_TYPES.join(', ').replace(/, (?=\w+$)/, ' or '),
    pattern: new RegExp(`^(${CONTACT_TYPES.join('|')})$`),
  },
  overwriteExisting: { member: 'OverwriteExisting', requirement: 'true or false', pattern: /^(true|false)$/, isOptional: true },
  revision: { member: 'Revision', requirement: '1 to 64 characters, not blank', maxLength: 64, isOptional: true },
} as const satisfies { readonly [name: string]: Property };

type ValueTable = typeof CONTACT_VALUES;
type ValueName = keyof ValueTable;

type OptionalName = { [name in ValueName]: ValueTable[name] extends { isOptional: true } ? name : never }[ValueName];
type RequiredName = Exclude<ValueName, OptionalName>;

/** The values of a contact, named as in the constructs. */
export type ContactDetails = { readonly [name in RequiredName]: string } & { readonly [name in OptionalName]?: string };

/** The values of a contact, named as in the service. */
export type ContactValues = { readonly [name in RequiredName as ValueTable[name]['member']]: string }
  & { readonly [name in OptionalName as ValueTable[name]['member']]?: string };

/** The properties of the custom resource in the template. The names are the service's. */
export interface ContactProperties extends ContactValues {
  readonly AccountId?: string;
  readonly AlternateContactType: string;
  /** Either `false` or absent. CloudFormation sends it as the string "false". */
  readonly OverwriteExisting?: boolean | string;
  /** Means nothing. CloudFormation sends an Update when it changes, and an Update sets the contact. */
  readonly Revision?: string;
}

/** All properties of the custom resource, by their names in the constructs. */
export const PROPERTIES: { readonly [name in ValueName | keyof typeof OTHER_PROPERTIES]: Property } = { ...OTHER_PROPERTIES, ...CONTACT_VALUES };

/** All properties of the custom resource, by their names in the template. */
export const RULES: { readonly [member: string]: Property } = Object.fromEntries(
  Object.values(PROPERTIES).map(property => [property.member, property]),
);

const VALUE_NAMES = Object.keys(CONTACT_VALUES) as ValueName[];

/** The names of the values in the service, in the order of its reference. */
export const VALUE_MEMBERS = VALUE_NAMES.map(name => CONTACT_VALUES[name].member).sort();

/** Picks the values of a contact from an object that may hold more. */
export function detailsOf(details: ContactDetails): ContactDetails {
  return Object.fromEntries(VALUE_NAMES.map(name => [name, details[name]])) as ContactDetails;
}

/** Names the values of a contact as the service does. */
export function valuesOf(details: ContactDetails): ContactValues {
  return Object.fromEntries(VALUE_NAMES.map(name => [CONTACT_VALUES[name].member, details[name]])) as ContactValues;
}

/** Whether both are missing, or have the same values. White space around a value does not count: the service may drop it. */
export function isSame(one: ContactValues | undefined, other: ContactValues | undefined): boolean {
  return VALUE_MEMBERS.every(member => one?.[member]?.trim() === other?.[member]?.trim());
}

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
  const { length } = [...value];
  if (length > maxLength) { return `${requirement} (it has ${length} characters)`; }
  return value.trim() === '' || pattern?.test(value) === false ? requirement : undefined;
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

const PHYSICAL_ID = new RegExp(`^(\\d{12})/(${CONTACT_TYPES.join('|')})(/took-over|/uncertain)?$`);

/** Writes a physical id: `111122223333/SECURITY`, followed by `/took-over` if the account had such a contact before. */
export function physicalIdOf({ accountId, alternateContactType, tookOver }: HeldContact): string {
  return `${accountId}/${alternateContactType}${tookOver ? '/took-over' : ''}`;
}

/**
 * Writes the physical id of a failed Create that may have set the contact. A successful Create never responds with this id. Under `--no-rollback`,
 * CloudFormation may delete the failed id after a later Create of the same resource has succeeded. If the two ids were equal, that late Delete would
 * delete the contact of the new resource.
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
