import { Token } from 'aws-cdk-lib';
import { PROPERTIES, unmetRequirement } from './contract';

/** The properties that are strings in the constructs. */
const STRINGS = Object.entries(PROPERTIES).filter(([name]) => name !== 'overwriteExisting');

type Validated = { readonly [name in keyof typeof PROPERTIES]?: unknown };

/** The placeholder that the CDK returns at the first synthesis for a value that its command line looks up. */
const LOOKUP = /dummy-value-for-/;
/** A reference that CloudFormation resolves at deployment. In a custom resource it resolves only plain parameters. */
const DYNAMIC_REFERENCE = /\{\{resolve:ssm:/;
const SECURE_REFERENCE = /\{\{resolve:(?!ssm:)/;
/** What cannot be seen, or looks like a plain space. JSON escapes only a part of it. */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Whether a value is a lookup that is not done yet. An error that it causes would keep it from being done. */
export function isPendingLookup(value: unknown): boolean {
  return typeof value === 'string' && LOOKUP.test(value);
}

/**
 * Whether only a later synthesis or the deployment knows a value: a token, a text with a dynamic reference to a plain parameter, or a lookup that is
 * not done yet, such as `StringParameter.valueFromLookup()`.
 */
export function isKnownLater(value: unknown): boolean {
  return Token.isUnresolved(value) || isPendingLookup(value) || (typeof value === 'string' && DYNAMIC_REFERENCE.test(value));
}

/**
 * Checks the values against the service's rules, at synthesis. Values that are known later are skipped: the handler checks them at deployment.
 *
 * @param resolve returns what stands in the template for a value
 * @throws Error that names the construct, and for each wrong value the property, the rule and the value
 */
export function validateContact(path: string, values: Validated, resolve = (value: unknown) => value): void {
  const errors: string[] = [];
  for (const [property, { member, isOptional }] of STRINGS) {
    const value = values[property as keyof Validated];
    if (isOptional && value === undefined) { continue; }
    const inTemplate = typeof value === 'string' ? resolvedOf(value, resolve) : undefined;
    if (SECURE_REFERENCE.test(JSON.stringify(inTemplate) ?? '')) {
      errors.push(`${property} must not be a secure dynamic reference, which CloudFormation does not resolve in a custom resource. Pass a CfnParameter with `
        + `noEcho, or a plain parameter of Systems Manager, {{resolve:ssm:...}}; got ${describe(inTemplate)}`);
      continue;
    }
    const requirement = unmetRequirement(member, value);
    // The type becomes part of the logical id, so nothing can stand for it.
    const isLater = property !== 'alternateContactType' && isKnownLater(value);
    if (requirement && !isLater) { errors.push(`${property} must be ${requirement}; got ${describe(value)}`); }
  }
  if (errors.length > 0) { throw new Error(`${path}: ${errors.join('. ')}`); }
}

/**
 * Checks a boolean. A value from the CDK context has the type `any`, and `--context` passes strings: even "false" counts as true.
 *
 * @throws Error that names the construct, the property and the value
 */
export function validateBoolean(path: string, property: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') { throw new Error(`${path}: ${property} must be true or false; got ${describe(value)}`); }
}

/**
 * Checks the revision of a provider. An environment variable that is not set is undefined, and a number from the context is no string.
 *
 * @throws Error that names the construct, the rule and the value
 */
export function validateRevision(path: string, revision: unknown): void {
  const requirement = revision !== undefined && !isKnownLater(revision) && unmetRequirement('Revision', revision);
  if (requirement) { throw new Error(`${path}: revision must be ${requirement}; got ${describe(revision)}`); }
}

/** Returns what stands in the template for a value. A lazy value may fail before it is set; a secret that is not unwrapped always does. */
function resolvedOf(value: string, resolve: (value: unknown) => unknown): unknown {
  try {
    return resolve(value);
  } catch {
    return value;
  }
}

/** Writes a value so that everything in it can be seen. */
export function describe(value: unknown): string {
  if (value === undefined) { return 'nothing'; }
  const type = typeof value === 'string' ? '' : `the ${typeof value} `;
  const visible = JSON.stringify(value).replace(UNSEEN, character => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return `${type}${visible}`;
}
