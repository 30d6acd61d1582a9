import type { Clock } from '../core/clock';

export const CONTACT_TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;
export type ContactType = typeof CONTACT_TYPES[number];

/** The values of a contact. */
export const VALUES = ['EmailAddress', 'Name', 'PhoneNumber', 'Title'] as const;

export type StoredContact = { readonly AlternateContactType: ContactType } & { readonly [value in typeof VALUES[number]]: string };

export interface ContactOptions {
  /** Get sees a write only after these seconds; a function gives each write its own. A read never sees a write without those before it. @default 0 */
  readonly readDelaySeconds?: number | (() => number);
  /**
   * Chooses the replica that answers a Get, by its share of the delay: 0 has every write at once, 1 has it after the whole delay. A read from one
   * replica may then show an older value than an earlier read from another.
   * @default - one replica, with the whole delay: no read shows an older value than the read before it
   */
  readonly readReplica?: () => number;
}

/** What was stored from a moment on; without a contact, it was deleted. */
interface Version {
  readonly writtenAt: number;
  /** When every replica has it. */
  readonly visibleAt: number;
  readonly contact?: StoredContact;
}

/** The stored contacts. Reads over the API may lag behind the writes; reads by hand never do. */
export class ContactStore {
  private readonly versions = new Map<string, Version[]>();

  constructor(
    private readonly clock: Clock, private readonly readDelaySeconds: number | (() => number), private readonly readReplica: () => number = () => 1,
  ) {}

  /** What is really stored. */
  get(account: string, type: ContactType): StoredContact | undefined {
    return this.versions.get(`${account}/${type}`)?.at(-1)?.contact;
  }

  /** What a read over the API would see now. */
  read(account: string, type: ContactType): StoredContact | undefined {
    const now = this.clock.now();
    const share = this.readReplica();
    return this.versions.get(`${account}/${type}`)?.filter(({ writtenAt, visibleAt }) => writtenAt + share * (visibleAt - writtenAt) <= now).at(-1)?.contact;
  }

  /** Every contact of an account that is really stored. */
  list(account: string): StoredContact[] {
    return CONTACT_TYPES.map(type => this.get(account, type)).filter(contact => contact !== undefined);
  }

  /** Stores a contact; by hand (the default) it is visible at once. */
  put(account: string, contact: StoredContact, by: 'hand' | 'api' = 'hand'): void {
    this.write(account, contact.AlternateContactType, { ...contact }, by);
  }

  /** Deletes a contact and says whether there was one. */
  delete(account: string, type: ContactType, by: 'hand' | 'api' = 'hand'): boolean {
    const existed = this.get(account, type) !== undefined;
    this.write(account, type, undefined, by);
    return existed;
  }

  private write(account: string, type: ContactType, contact: StoredContact | undefined, by: 'hand' | 'api'): void {
    const key = `${account}/${type}`;
    const now = this.clock.now();
    if (by === 'hand') {
      this.versions.set(key, [{ writtenAt: now, visibleAt: now, contact }]);
      return;
    }
    const known = this.versions.get(key) ?? [];
    const seen = known.filter(version => version.visibleAt <= now).length; // every replica has these: only the last of them can still be read
    const delay = typeof this.readDelaySeconds === 'number' ? this.readDelaySeconds : this.readDelaySeconds();
    const visibleAt = Math.max(now + delay * 1000, known.at(-1)?.visibleAt ?? 0);
    this.versions.set(key, [...known.slice(Math.max(seen - 1, 0)), { writtenAt: now, visibleAt, contact }]);
  }
}
