import { Token } from 'aws-cdk-lib';
import { contactsOf, type ContactSet } from '../contact-set';
import { CONTACT_TYPES, detailsOf } from '../contract';
import { describe, isKnownLater, validateContact } from '../validation';

const ACCOUNT = '\\d{12}';
const UNIT = 'ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}';
const ROOT = 'r-[0-9a-z]{4,32}';

/** The targets that each kind of override accepts. */
const TARGETS = {
  account: { pattern: new RegExp(`^${ACCOUNT}$`), rule: 'an account id, a string of 12 digits' },
  unit: { pattern: new RegExp(`^(${UNIT}|${ROOT})$`), rule: 'the id of an organizational unit, such as ou-ab12-11111111, or of a root, such as r-ab12' },
  any: {
    pattern: new RegExp(`^(${ACCOUNT}|${UNIT}|${ROOT})$`),
    rule: 'an account id of 12 digits, or the id of an organizational unit, such as ou-ab12-11111111, or of a root, such as r-ab12',
  },
} as const;

/**
 * Checks the targets of an override. Skips those that only the deployment knows.
 *
 * @throws Error that names the method, the parameter, the rule and the value
 */
export function validateTargets(method: string, parameter: string, ids: readonly string[], kind: keyof typeof TARGETS): void {
  const { pattern, rule } = TARGETS[kind];
  if (ids.length === 0) { throw new Error(`${method}: ${parameter} must not be empty`); }
  for (const id of ids) {
    if (!isKnownLater(id) && !(typeof id === 'string' && pattern.test(id))) {
      throw new Error(`${method}: each of ${parameter} must be ${rule}; got ${describe(id)}`);
    }
  }
  refuseTwice(ids, id => `${method}: ${parameter} must name each target once; got ${id} twice`);
}

/**
 * Checks that no target has two overrides, because nothing would show which of them counts.
 *
 * @throws Error
 */
export function refuseTwice(targets: readonly string[], message: (target: string) => string): void {
  const seen = new Set<string>();
  for (const target of targets) {
    if (seen.has(target)) { throw new Error(message(Token.isUnresolved(target) ? 'the same token' : target)); }
    seen.add(target);
  }
}

/**
 * Checks the values of contacts as `AlternateContact` does, and that Step Functions takes none of them for an expression.
 *
 * @throws Error that names where, the property, the rule and the value
 */
export function validateSet(where: string, contacts: ContactSet): void {
  contactsOf(contacts).forEach((details, i) => {
    if (!details) { return; }
    const alternateContactType = CONTACT_TYPES[i];
    const values = detailsOf(details);
    validateContact(`${where}, ${alternateContactType.toLowerCase()}`, { ...values, alternateContactType });
    for (const [property, value] of Object.entries(values)) {
      // This passes tokens, but not the literal ends of a value that contains one.
      if (/^\{%|%\}$/.test(value)) {
        throw new Error(`${where}, ${alternateContactType.toLowerCase()}: ${property} must not begin with {% or end with %}, `
          + `which mark an expression of Step Functions; got ${describe(value)}`);
      }
    }
  });
}
