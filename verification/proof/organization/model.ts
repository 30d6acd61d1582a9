import { CONTACT_TYPES, ContactType, StoredContact } from '../../../sandbox';

/** Contacts by type, or an exclusion. */
export type Level = { readonly [type in ContactType]?: StoredContact } | 'excluded';

/** A declaration: for every account (`default`), and for accounts, units and the root by their ids. */
export type Levels = Readonly<Record<string, Level>>;

/** The contacts that an account should have: for each type the nearest declaration, unless an exclusion is nearer. */
export function declaredFor(declaration: Levels, account: string, ancestors: readonly string[]): { [type in ContactType]?: StoredContact } {
  const nearestFirst = [account, ...[...ancestors].reverse(), 'default'].filter(level => level in declaration).map(level => declaration[level]);
  return Object.fromEntries(CONTACT_TYPES.flatMap(type => {
    const nearest = nearestFirst.find(level => level === 'excluded' || level[type]);
    return nearest === undefined || nearest === 'excluded' ? [] : [[type, nearest[type]]];
  }));
}
