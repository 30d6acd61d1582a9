import { Token } from 'aws-cdk-lib';
import { unmetRequirement } from './contract';

/** The property names of the service against those of the constructs. */
const PROPERTIES = {
  accountId: 'AccountId',
  alternateContactType: 'AlternateContactType',
  emailAddress: 'EmailAddress',
  name: 'Name',
  phoneNumber: 'PhoneNumber',
  title: 'Title',
} as const;

const PROPERTY_NAMES = Object.keys(PROPERTIES) as (keyof typeof PROPERTIES)[];

type Validated = { readonly [property in keyof typeof PROPERTIES]?: unknown };

/**
 * Checks the values against the service's rules, at synthesis. Tokens are skipped: the handler checks them at deployment.
 *
 * @throws Error that names the construct, the property, the rule and the value of everything that is wrong
 */
export function validateContact(path: string, values: Validated): void {
  const errors: string[] = [];
  for (const property of PROPERTY_NAMES) {
    const value = values[property];
    if (property === 'accountId' && value === undefined) { continue; }
    const requirement = unmetRequirement(PROPERTIES[property], value);
    if (requirement && !Token.isUnresolved(value)) { errors.push(`${property} must be ${requirement}; got ${describe(value)}`); }
  }
  if (errors.length > 0) { throw new Error(`${path}: ${errors.join('. ')}`); }
}

/**
 * Checks a property that may be `any` to its user: what comes from the context of the command line is a string, and every string counts as true.
 *
 * @throws Error that names the construct, the property and the value
 */
export function validateBoolean(path: string, property: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') { throw new Error(`${path}: ${property} must be true or false; got ${describe(value)}`); }
}

function describe(value: unknown): string {
  if (value === undefined) { return 'nothing'; }
  const type = typeof value === 'string' ? '' : `the ${typeof value} `;
  // What can't be seen in the value must be seen in the error.
  const visible = JSON.stringify(value).replace(/\p{Cf}/gu, character => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return `${type}${visible}`;
}
