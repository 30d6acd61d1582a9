import { CONTACT_TYPES, type ContactDetails, type ContactType } from './contract';

/** Up to three contacts, one per type, as a construct takes them. */
export type ContactSet = { readonly [type in Lowercase<ContactType>]?: ContactDetails };

/** Returns the contacts of a set, in the order of `CONTACT_TYPES`. */
export function contactsOf(set: ContactSet): readonly (ContactDetails | undefined)[] {
  return CONTACT_TYPES.map(type => set[type.toLowerCase() as Lowercase<ContactType>]);
}

/** Says that none of the sets declares a contact, or returns undefined if one does. */
export function missingContact(sets: readonly ContactSet[], where = ''): string | undefined {
  if (sets.some(set => contactsOf(set).some(details => details))) { return undefined; }
  return `at least one of billing, operations and security must be given${where}; got none`;
}
