import { CONTACT_TYPES } from '../../contract';

/*
 * The texts in which rules and accounts travel, and everything that writes or reads them. They are short, because a state may assign and return
 * 256 KiB. All have the same form: a key, a space, and the rest.
 *
 * | text                                       | meaning                                                                                    |
 * |--------------------------------------------|--------------------------------------------------------------------------------------------|
 * | ou-ab12-11111111 -.3.-                     | a rule: a target and the numbers of its contacts, one per type                             |
 * | 222222222222 0.3.-                         | an account to set, and the numbers of its contacts                                         |
 * | 222222222222 0.3.- 11111111                | the same with the end of its parent's id, if a rule names an organizational unit or a root |
 * | 222222222222 Account.AccessDeniedException | an account that failed, and the name of the error                                          |
 * | 222222222222 BILLING,SECURITY              | an account, and the types that were set or differ                                          |
 * | set 222222222222 0.3.-                     | a decision: its kind, and one of the above or an id                                        |
 */

/** The target of the default. */
export const EVERY_ACCOUNT = '*';
/** Stands for a type that a target does not name. */
export const NOT_NAMED = '-';
/** Stands for each type of a target that is left alone. */
export const LEFT_ALONE = 'x';
/** How much is kept of a parent's id: its end, which is random and tells the parents apart. */
const PARENT_CHARACTERS = 8;

/** Writes a rule from the numbers of the contacts, one per type. Without them, the target is left alone. */
export function ruleFor(target: string, numbers: readonly (number | undefined)[] | undefined): string {
  const fields = CONTACT_TYPES.map((_, type) => numbers ? numbers[type] ?? NOT_NAMED : LEFT_ALONE);
  return `${target} ${fields.join('.')}`;
}

/** Reads a rule. */
export function partsOfRule(rule: string): { readonly target: string; readonly numbers: string } {
  const end = rule.lastIndexOf(' ');
  return { target: rule.slice(0, end), numbers: rule.slice(end + 1) };
}

/* The rest are expressions, and take expressions. */

/** The key of a text: an account, a target, or the kind of a decision. */
export const keyOf = (text: string) => `$substringBefore(${text}, ' ')`;

/** The rest of a text: what it says about its key. */
export const restOf = (text: string) => `$substringAfter(${text}, ' ')`;

/** Writes a text. */
export const entry = (key: string, rest: string) => `${key} & ' ' & ${rest}`;

/** Writes a text whose rest is one word. */
export const entryWith = (key: string, word: string) => `${key} & ' ${word}'`;

/** Writes a decision about an account. */
export const decision = (kind: string, account: string) => `'${kind} ' & ${account}`;

/** The accounts of decisions by kind. Groups a copy, because grouping an empty list modifies that list. */
export const byKind = (decisions: string) => `[${decisions}]{${keyOf('$')}: [$.${restOf('$')}]}`;

/** The numbers of rules by target. A target with two rules gets a list: `$.` makes it, and without it `$substringAfter()` would fail. */
export const numbersByTarget = (rules: string) => `${rules}{${keyOf('$')}: $.${restOf('$')}}`;

/** The number of a rule's contact of one type. */
export const numberIn = (numbers: string, type: string) => `$split(${numbers}, '.')[${type}]`;

/** The organizational units and the root on a path, from the nearest up. */
export const unitsAbove = (path: string) => `$reverse([$split(${path}, '/')[$contains($, /^(ou|r)-/)]])`;

/** What is kept of the id of an account's parent, from the units above the account. */
export const parentIn = (units: string) => `$substring(${units}[0], -${PARENT_CHARACTERS})`;

/** Writes an account to set. Its parent is left out unless the units above it are given. */
export const accountToSet = (id: string, numbers: string, units?: string) =>
  `${entry(id, `$replace($join(${numbers}, '.'), '${LEFT_ALONE}', '${NOT_NAMED}')`)}${units ? ` & ' ' & ${parentIn(units)}` : ''}`;

/** Reads accounts to set: gives one object per contact. */
export const contactsIn = (accounts: string) => `[${accounts}.(
  $parts := $split($, ' ');
  $numbers := $split($parts[1], '.');
  [0..${CONTACT_TYPES.length - 1}].(
    $i := $;
    $numbers[$i] != '${NOT_NAMED}' ? {
      'id': $parts[0], 'parent': $parts[2], 'type': ['${CONTACT_TYPES.join("', '")}'][$i], 'contact': $number($numbers[$i])
    }
  )
)]`;
