import type { Clock } from '../core/clock';

export const CONTACT_TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;
export type ContactType = typeof CONTACT_TYPES[number];

/** The values of a contact. */
export const VALUES = ['EmailAddress', 'Name', 'PhoneNumber', 'Title'] as const;

export type StoredContact = { readonly AlternateContactType: ContactType } & { readonly [value in typeof VALUES[number]]: string };

export interface ContactOptions {
  /** How long a Get may miss a write, in seconds. A function decides for each write. A read never sees a write without the earlier ones. @default 0 */
  readonly readDelaySeconds?: number | (() => number);
  /**
   * Chooses the replica that answers a Get, by its share of the delay: 0 sees every write at once, 1 after the whole delay. A read from one replica
   * may then show an older value than an earlier read from another.
   * @default - one replica with the whole delay: no read shows an older value than the read before it
   */
  readonly readReplica?: () => number;
}

/** The value that was stored at a moment. Without a contact, it is a deletion. */
interface Version {
  readonly writtenAt: number;
  /** When every replica shows it. */
  readonly visibleAt: number;
  readonly contact?: StoredContact;
}

/** A change of a stored contact. Without a contact, it is a deletion. */
interface ContactChange {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly account: string;
  readonly type: ContactType;
  readonly contact?: StoredContact;
}

/** The stored contacts. A read over the API may miss the latest writes. A read by hand never does. */
export class ContactStore {
  /** Every change so far, by hand or over the API, so that a test sees each moment without a contact. */
  readonly changes: ContactChange[] = [];
  private readonly versions = new Map<string, Version[]>();

  constructor(
    private readonly clock: Clock, private readonly readDelaySeconds: number | (() => number), private readonly readReplica: () => number = () => 1,
  ) {}

  /** Returns the contact that is really stored. */
  get(account: string, type: ContactType): StoredContact | undefined {
    return this.versions.get(`${account}/${type}`)?.at(-1)?.contact;
  }

  /** Returns the contact that a read over the API sees now. */
  read(account: string, type: ContactType): StoredContact | undefined {
    const now = this.clock.now();
    const share = this.readReplica();
    return this.versions.get(`${account}/${type}`)?.filter(({ writtenAt, visibleAt }) => writtenAt + share * (visibleAt - writtenAt) <= now).at(-1)?.contact;
  }

  /** Returns the contacts of an account that are really stored. */
  list(account: string): StoredContact[] {
    return CONTACT_TYPES.map(type => this.get(account, type)).filter(contact => contact !== undefined);
  }

  /** Stores a contact. If it is set by hand, which is the default, every read sees it at once. */
  put(account: string, contact: StoredContact, by: 'hand' | 'api' = 'hand'): void {
    this.write(account, contact.AlternateContactType, { ...contact }, by);
  }

  /** Deletes a contact. Returns whether there was one. */
  delete(account: string, type: ContactType, by: 'hand' | 'api' = 'hand'): boolean {
    const existed = this.get(account, type) !== undefined;
    this.write(account, type, undefined, by);
    return existed;
  }

  private write(account: string, type: ContactType, contact: StoredContact | undefined, by: 'hand' | 'api'): void {
    const key = `${account}/${type}`;
    const now = this.clock.now();
    this.changes.push({ at: now, account, type, contact });
    if (by === 'hand') {
      this.versions.set(key, [{ writtenAt: now, visibleAt: now, contact }]);
      return;
    }
    const known = this.versions.get(key) ?? [];
    const seen = known.filter(version => version.visibleAt <= now).length; // every replica shows these, so only the last of them can still be read
    const delay = typeof this.readDelaySeconds === 'number' ? this.readDelaySeconds : this.readDelaySeconds();
    const visibleAt = Math.max(now + delay * 1000, known.at(-1)?.visibleAt ?? 0);
    this.versions.set(key, [...known.slice(Math.max(seen - 1, 0)), { writtenAt: now, visibleAt, contact }]);
  }
}
