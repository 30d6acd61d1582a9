import {
  AccountClient, AlternateContactType, DeleteAlternateContactCommand, GetAlternateContactCommand, PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import { failureOf, nameOf } from './failure';
import { longestDeletePause } from './pauses';
import { Deadline, pause, SdkError, withRetries } from './retry';
import { ContactKey, CONTACT_VALUES, ContactProperties } from '../src/private/contract';

// One attempt a call: withRetries() knows how long each error is worth waiting for, the SDK does not.
const client = new AccountClient({ maxAttempts: 1 });

/** For how long a read may be behind the writes, and the longest pause until the next look, in milliseconds. */
const READ_LAG = 90_000;
const LONGEST_LOOK_PAUSE = 3_000;

/** The values of a contact: what the service stores beside its account and type. */
export type ContactValues = Pick<ContactProperties, typeof CONTACT_VALUES[number]>;

interface CallOptions {
  readonly deadline?: Deadline;
  /** The longest pause before the call is tried again, in milliseconds. */
  readonly longestPause?: () => number;
  /** The personal values that an error must not repeat. */
  readonly values?: ContactValues;
}

/** The alternate contacts as the Account Management API has them. The only place that knows its client. */
export class AccountManagement {
  private readonly start = Date.now();

  constructor(private readonly ownAccount: string, private readonly deadline: Deadline) {}

  /**
   * Reads a contact. Reads are eventually consistent: they may be behind the writes by seconds.
   *
   * @returns undefined if the account has none
   * @throws Failure
   */
  public get(contact: ContactKey, deadline = this.deadline): Promise<ContactValues | undefined> {
    return this.call('read', 'GetAlternateContact', contact, { deadline }, abortSignal =>
      client.send(new GetAlternateContactCommand(this.key(contact)), { abortSignal })
        .then(output => output.AlternateContact as ContactValues | undefined, ignoreMissing));
  }

  /**
   * Looks again, after a put, for what the account had before it. The read before the put may have been behind; those after it show the older
   * writes one after the other, until they show the put. It is no failure if they never do.
   *
   * @param known what the read before the put returned. It was there, even if a later read shows nothing: another replica may have answered
   * @returns what the account had before the put, undefined for nothing
   */
  public async getPrevious(contact: ContactKey, put: ContactValues, known: ContactValues | undefined): Promise<ContactValues | undefined> {
    if (isSame(known, put)) return known;
    const deadline = this.deadline.within(READ_LAG);
    for (;;) {
      const read = await this.get(contact, deadline).catch(() => put);
      if (isSame(read, put)) return known;
      if (!isSame(read, known) || deadline.forCalls <= 0) return read ?? known;
      await pause(LONGEST_LOOK_PAUSE);
    }
  }

  /**
   * Sets a contact, whether the account has one or not.
   *
   * @throws Failure
   */
  public async put(contact: ContactKey, { EmailAddress, Name, PhoneNumber, Title }: ContactValues): Promise<void> {
    const values = { EmailAddress, Name, PhoneNumber, Title };
    await this.call('set', 'PutAlternateContact', contact, { values }, abortSignal =>
      client.send(new PutAlternateContactCommand({ ...this.key(contact), ...values }), { abortSignal }));
  }

  /**
   * Deletes a contact. It is fine if the account has none.
   *
   * @param batch how many contacts are being deleted at this moment, this one included
   * @param sentAt when CloudFormation asked for it
   * @throws Failure
   */
  public async delete(contact: ContactKey, batch: number, sentAt: number): Promise<void> {
    const longestPause = () => longestDeletePause(batch, this.start - sentAt, Date.now() - sentAt);
    await this.call('delete', 'DeleteAlternateContact', contact, { longestPause }, abortSignal =>
      client.send(new DeleteAlternateContactCommand(this.key(contact)), { abortSignal }).then(() => undefined, ignoreMissing));
  }

  /** AccountId is left out for the own account: the service refuses it to members and to the management account, and needs it of nobody. */
  private key({ accountId, alternateContactType }: ContactKey): { AccountId?: string; AlternateContactType: AlternateContactType } {
    return {
      AlternateContactType: alternateContactType as AlternateContactType,
      ...(accountId === this.ownAccount ? {} : { AccountId: accountId }),
    };
  }

  private call<T>(
    verb: string, api: string, contact: ContactKey,
    { deadline = this.deadline, longestPause, values }: CallOptions,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return withRetries(deadline, send, longestPause).catch((error: SdkError) => {
      throw failureOf(error, {
        what: `${verb} ${nameOf(contact)}`,
        action: `account:${api}`,
        target: contact.accountId === this.ownAccount ? 'own account' : 'other account',
        values: values && Object.values(values),
      });
    });
  }
}

/** Whether both are missing, or have the same values but for white space around them, which the service may drop. */
export function isSame(one: ContactValues | undefined, other: ContactValues | undefined): boolean {
  return CONTACT_VALUES.every(value => one?.[value]?.trim() === other?.[value]?.trim());
}

function ignoreMissing(error: SdkError): undefined {
  if (error.name !== 'ResourceNotFoundException') throw error;
}
