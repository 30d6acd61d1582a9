import type { AlternateContactDetails } from '../../../src';
import { OWN_ACCOUNT } from '../workbench';

/*
 * The organization that every engine sweeps, the declarations of its app, and the contacts that it must have afterwards, written by hand.
 */

export const STACK_NAME = 'organization';
export const REGION = 'eu-west-1';

const person = (name: string): AlternateContactDetails =>
  ({ name, title: 'On call', emailAddress: `${name}@example.com`, phoneNumber: '+1 555 0100' });

/** The contacts that the app declares. */
export const PEOPLE = {
  finance: person('finance'),
  platform: person('platform'),
  soc: person('soc'),
  shop: person('shop'),
  guard: person('guard'),
  night: person('night'),
  lab: person('lab'),
};

const { finance, platform, soc, shop, guard, night, lab } = PEOPLE;
/** A contact that the app does not declare. */
export const SOMEBODY = person('somebody');

export const UNITS = { workloads: 'ou-sb01-workloads', shop: 'ou-sb01-shop0000', playground: 'ou-sb01-playground' };

/** The contacts for billing, operations and security. */
export type Held = readonly [billing?: AlternateContactDetails, operations?: AlternateContactDetails, security?: AlternateContactDetails];

export interface Account {
  readonly id: string;
  /** @default - the root */
  readonly unit?: string;
  readonly isSuspended?: boolean;
  /** Set by hand before the first sweep. */
  readonly before?: Held;
  /** The contacts that it has when everything is as declared. */
  readonly declared: Held;
}

/** An organization, as it is before its first sweep. */
export interface OrganizationSetup {
  /** The first is the management account. */
  readonly accounts: readonly Account[];
  /** The units with their parents, in the order in which they can be created. */
  readonly units: readonly (readonly [unit: string, parent?: string])[];
  /** Created later. */
  readonly newAccount: Account;
}

/** It refuses every call until it is asked to stop. */
export const REFUSING = '210000000010';
/** Edited by hand after the first sweep. */
export const EDITED = '210000000003';
/** Created after the first sweep. */
export const NEW: Account = { id: '210000000099', unit: UNITS.shop, declared: [finance, shop, night] };
/** Overridden or excluded by the app. */
export const SPECIAL = { inShop: '210000000004', inPlayground: '210000000006', excluded: '210000000007' };

/** The last fourteen only fill a second page of ListAccounts. */
export const ACCOUNTS: readonly Account[] = [
  { id: OWN_ACCOUNT, declared: [finance, platform, soc] },
  { id: '210000000001', declared: [finance, platform, soc] },
  { id: '210000000002', unit: UNITS.workloads, before: [SOMEBODY], declared: [finance, shop, guard] },
  { id: EDITED, unit: UNITS.shop, declared: [finance, shop, night] },
  { id: SPECIAL.inShop, unit: UNITS.shop, before: [finance, lab, night], declared: [finance, lab, night] },
  { id: '210000000005', unit: UNITS.playground, before: [undefined, undefined, SOMEBODY], declared: [undefined, undefined, SOMEBODY] },
  { id: SPECIAL.inPlayground, unit: UNITS.playground, before: [SOMEBODY], declared: [SOMEBODY, undefined, lab] },
  { id: SPECIAL.excluded, unit: UNITS.workloads, before: [undefined, SOMEBODY], declared: [undefined, SOMEBODY] },
  { id: '210000000008', unit: UNITS.workloads, isSuspended: true, declared: [] },
  { id: REFUSING, unit: UNITS.workloads, declared: [finance, shop, guard] },
  ...Array.from({ length: 14 }, (_, index): Account => ({ id: String(210000000020 + index), declared: [finance, platform, soc] })),
];

export function idsOf(accounts: readonly Account[]): string[] {
  return accounts.map(({ id }) => id);
}

export const ORGANIZATION: OrganizationSetup = {
  accounts: ACCOUNTS,
  units: [[UNITS.workloads], [UNITS.shop, UNITS.workloads], [UNITS.playground]],
  newAccount: NEW,
};
