import { Token } from 'aws-cdk-lib';
import { EVERY_ACCOUNT, LEFT_ALONE, NOT_NAMED, TYPES } from './machine/tuning';
import type { AlternateContactDetails } from '../../alternate-contact';
import type { AlternateContactSet } from '../../alternate-contact-set';

/** A contact as the service has it. */
export interface DeclaredContact {
  readonly EmailAddress: string;
  readonly Name: string;
  readonly PhoneNumber: string;
  readonly Title: string;
  readonly [value: string]: string;
}

/** What is declared for one target: an account, an organizational unit, a root, or every account. */
export interface DeclaredTarget {
  readonly target: string;
  /** Undefined for a target that is left alone. */
  readonly contacts?: AlternateContactSet;
}

/** What the machine is told of a declaration. */
export interface Declaration {
  /** Each contact once. */
  readonly contacts: readonly DeclaredContact[];
  /** One per target, such as `ou-ab12-11111111 -.3.-`: the numbers of its contacts, by type. */
  readonly rules: readonly string[];
  /** Whether a rule names an organizational unit or a root. One that is a token may. */
  readonly needsPaths: boolean;
  /** The types that are declared for any target. */
  readonly alternateContactTypes: readonly string[];
}

/** The contacts of a set, in the order of `TYPES`. */
export function contactsOf({ billing, operations, security }: AlternateContactSet): readonly (AlternateContactDetails | undefined)[] {
  return [billing, operations, security];
}

/** Writes a declaration down: each contact once, and for each target the numbers of its contacts. */
export function declare(everyAccount: AlternateContactSet, targets: readonly DeclaredTarget[]): Declaration {
  const numbers = new Map<string, number>();
  const contacts: DeclaredContact[] = [];
  const types = new Set<string>();

  const numberOf = (details: AlternateContactDetails | undefined, type: string): string => {
    if (!details) { return NOT_NAMED; }
    types.add(type);
    const values = { EmailAddress: details.emailAddress, Name: details.name, PhoneNumber: details.phoneNumber, Title: details.title };
    const key = JSON.stringify(values);
    const number = numbers.get(key) ?? contacts.push(values) - 1;
    numbers.set(key, number);
    return String(number);
  };
  const ruleOf = ({ target, contacts: declared }: DeclaredTarget) => {
    const fields = declared ? contactsOf(declared).map((details, i) => numberOf(details, TYPES[i])) : TYPES.map(() => LEFT_ALONE);
    return `${target} ${fields.join('.')}`;
  };
  const rules = [{ target: EVERY_ACCOUNT, contacts: everyAccount }, ...targets].map(ruleOf);
  return {
    contacts,
    rules,
    needsPaths: targets.some(({ target }) => Token.isUnresolved(target) || !/^\d{12}$/.test(target)),
    alternateContactTypes: TYPES.filter(type => types.has(type)),
  };
}
