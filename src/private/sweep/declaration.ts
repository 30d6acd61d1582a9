import { Token } from 'aws-cdk-lib';
import { contactsOf, type ContactSet } from '../contact-set';
import { CONTACT_TYPES, type ContactDetails, type ContactType, type ContactValues, VALUE_MEMBERS, valuesOf } from '../contract';
import { EVERY_ACCOUNT, ruleFor } from './machine/notation';

/** What is declared for one target: an account, an organizational unit, a root, or every account. */
export interface DeclaredTarget {
  readonly target: string;
  /** Undefined for a target that is left alone. */
  readonly contacts?: ContactSet;
}

/** A declaration as the state machine stores it. */
export interface Declaration {
  /** Each contact once. */
  readonly contacts: readonly ContactValues[];
  /** One per target, such as `ou-ab12-11111111 -.3.-`: the numbers of its contacts, by type. */
  readonly rules: readonly string[];
  /** Whether a rule names an organizational unit or a root. One that is a token may. */
  readonly needsPaths: boolean;
  /** The types that are declared for any target. */
  readonly alternateContactTypes: readonly ContactType[];
}

/** Writes a declaration down: each contact once, and for each target the numbers of its contacts. */
export function declare(everyAccount: ContactSet, targets: readonly DeclaredTarget[]): Declaration {
  const numbers = new Map<string, number>();
  const contacts: ContactValues[] = [];
  const types = new Set<ContactType>();

  const numberOf = (details: ContactDetails | undefined, type: ContactType): number | undefined => {
    if (!details) { return undefined; }
    types.add(type);
    const named = valuesOf(details);
    const values = Object.fromEntries(VALUE_MEMBERS.map(member => [member, named[member]])) as ContactValues;
    const key = JSON.stringify(values);
    const number = numbers.get(key) ?? contacts.push(values) - 1;
    numbers.set(key, number);
    return number;
  };
  const rules = [{ target: EVERY_ACCOUNT, contacts: everyAccount }, ...targets].map(({ target, contacts: declared }: DeclaredTarget) =>
    ruleFor(target, declared && contactsOf(declared).map((details, i) => numberOf(details, CONTACT_TYPES[i]))));
  return {
    contacts,
    rules,
    needsPaths: targets.some(({ target }) => Token.isUnresolved(target) || !/^\d{12}$/.test(target)),
    alternateContactTypes: CONTACT_TYPES.filter(type => types.has(type)),
  };
}
