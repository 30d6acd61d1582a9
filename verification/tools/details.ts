import type { AlternateContactDetails } from '../../src';
import { CONTACT_VALUES } from '../../src/private/contract';

/** Names the values of a contact as the constructs do. */
export function detailsFrom(values: { readonly [member: string]: string }): AlternateContactDetails {
  return Object.fromEntries(Object.entries(CONTACT_VALUES).map(([name, { member }]) => [name, values[member]])) as unknown as AlternateContactDetails;
}
