import { IConstruct } from 'constructs';
import type { ContactSet } from './contact-set';
import type { ContactDetails, ContactType } from './contract';
import { warn } from './warnings';

/*
 * What the contacts and sweeps of an app declare, so that each finds those that it may conflict with. A monorepo can load two copies of this library
 * into one app, and each has classes and variables that the other one does not see. So the registry is a property of the app, under a symbol that all
 * copies share. It has a version and holds plain data only, because the copies may be of different versions.
 */

/** The property of an app that holds its registries, one per version. */
const REGISTRIES = Symbol.for('cdk-alternate-contact.Registries');
/** The property of a construct that holds its entry. A construct that was removed may have a successor in the same place. */
const ENTRY = Symbol.for('cdk-alternate-contact.Entry');

/** To be raised with each change that a copy of an older version would misread. */
const VERSION = 1;

interface Entry {
  /** The ids of the construct and of those around it, from the app down. */
  readonly ids: readonly string[];
}

/** A contact, as all copies of the library know it. */
export interface RegisteredContact {
  /** The id of the account: a literal or a token. */
  readonly accountId: string;
  readonly alternateContactType: ContactType;
  readonly details: ContactDetails;
}

/** A sweep, as all copies of the library know it. */
export interface RegisteredSweep {
  /** Whether it sets contacts. A sweep that only compares them conflicts with nothing. */
  readonly enforces: boolean;
  readonly everyAccount: ContactSet;
  /** The accounts, organizational units and roots that have contacts of their own, or none. */
  readonly targets: readonly { readonly target: string; readonly contacts?: ContactSet }[];
}

interface Registry {
  readonly version: number;
  readonly contacts: (RegisteredContact & Entry)[];
  readonly sweeps: (RegisteredSweep & Entry)[];
  /** The construct that was the first to claim a key. */
  readonly claims: { [key: string]: Entry };
}

type Marked = { readonly [ENTRY]?: Entry };
type WithRegistries = { [REGISTRIES]?: Registry[] };

/** Adds a contact to the registry. */
export function registerContact(construct: IConstruct, { accountId, alternateContactType, details }: RegisteredContact): void {
  registryOf(construct).contacts.push({ ...entryOf(construct), accountId, alternateContactType, details });
}

/** Adds a sweep to the registry. Targets that are added to its list later count too. */
export function registerSweep(construct: IConstruct, { enforces, everyAccount, targets }: RegisteredSweep): void {
  registryOf(construct).sweeps.push({ ...entryOf(construct), enforces, everyAccount, targets });
}

/** Returns the contacts of an app that are still there. */
export function contactsIn(app: IConstruct): (RegisteredContact & { readonly construct: IConstruct })[] {
  return present(app, registryOf(app).contacts);
}

/** Returns the sweeps of an app that are still there. */
export function sweepsIn(app: IConstruct): (RegisteredSweep & { readonly construct: IConstruct })[] {
  return present(app, registryOf(app).sweeps);
}

/** Claims a key for a construct, unless another one has claimed it and is still there: then it returns that one. */
export function claim(construct: IConstruct, key: string): IConstruct | undefined {
  const other = claimantOf(construct, key);
  if (!other) { registryOf(construct).claims[key] = entryOf(construct); }
  return other;
}

/** Returns the construct that has claimed a key, if it is still there. */
export function claimantOf(construct: IConstruct, key: string): IConstruct | undefined {
  const entry = registryOf(construct).claims[key];
  return entry && constructOf(construct.node.root, entry);
}

function present<T extends Entry>(app: IConstruct, entries: readonly T[]): (T & { readonly construct: IConstruct })[] {
  return entries.flatMap(entry => {
    const construct = constructOf(app, entry);
    return construct ? [{ ...entry, construct }] : [];
  });
}

/** Returns the entry of a construct, and marks the construct with it. */
function entryOf(construct: IConstruct): Entry {
  const marked = construct as Marked;
  if (!marked[ENTRY]) { Object.defineProperty(construct, ENTRY, { value: { ids: construct.node.scopes.slice(1).map(({ node }) => node.id) } }); }
  return marked[ENTRY]!;
}

function constructOf(app: IConstruct, { ids }: Entry): IConstruct | undefined {
  const construct = ids.reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), app);
  return (construct as Marked | undefined)?.[ENTRY]?.ids === ids ? construct : undefined;
}

/** Returns the registry of the app of a construct. The first construct that needs it warns of others that this copy cannot read. */
function registryOf(construct: IConstruct): Registry {
  const app = construct.node.root as WithRegistries;
  if (!app[REGISTRIES]) { Object.defineProperty(app, REGISTRIES, { value: [] }); }
  const registries = app[REGISTRIES]!;
  const existing = registries.find(({ version }) => version === VERSION);
  if (existing) { return existing; }
  if (registries.length > 0) {
    warn(construct, 'otherVersion', 'Another version of cdk-alternate-contact declares contacts in this app, and this one cannot read what it declares: if '
      + 'both declare the same contact, nothing says so. Use one version in the app.');
  }
  const created: Registry = { version: VERSION, contacts: [], sweeps: [], claims: {} };
  registries.push(created);
  return created;
}
