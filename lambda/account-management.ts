import {
  AccountClient, AlternateContactType, DeleteAlternateContactCommand, GetAlternateContactCommand, PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import type { Deadline } from './deadline';
import { ENABLE_TRUSTED_ACCESS, failureOf, nameOf } from './failure';
import { watchHost } from './host';
import { longestDeletePause, pause } from './pauses';
import { type CallError, type RetryOptions, withRetries } from './retry';
import type { SdkError } from './sdk-error';
import { type ContactKey, type ContactValues, isSame, VALUE_MEMBERS } from '../src/private/contract';

// One attempt per call: withRetries() knows how long each error is worth waiting for, the SDK does not.
const client = new AccountClient({ maxAttempts: 1 });
const host = watchHost(client);

/** How far reads may lag behind the writes, and the longest pause until the next look, in milliseconds. */
const READ_LAG = 90_000;
const LONGEST_LOOK_PAUSE = 3_000;

interface CallOptions extends Pick<RetryOptions, 'longestPause'> {
  readonly deadline?: Deadline;
  /** The personal values that an error must not repeat. */
  readonly values?: ContactValues;
}

/** The alternate contacts as the Account Management API has them. The only place that knows its client. */
export class AccountManagement {
  private readonly start = Date.now();

  /**
   * @param ownAccount the stack's account
   * @param patienceForNew for how many more milliseconds a denial about another account may only mean that the account is new
   */
  constructor(
    public readonly ownAccount: string, private readonly deadline: Deadline, private readonly patienceForNew: (accountId: string) => Promise<number>,
  ) {}

  /**
   * Reads a contact. Reads are eventually consistent: they may be seconds behind the writes.
   *
   * @returns undefined if the account has none
   * @throws FailedCall
   */
  public get(contact: ContactKey, deadline = this.deadline): Promise<ContactValues | undefined> {
    return this.call('read', 'GetAlternateContact', contact, { deadline }, abortSignal =>
      client.send(new GetAlternateContactCommand(this.key(contact)), { abortSignal })
        .then(output => output.AlternateContact as ContactValues | undefined, ignoreMissing));
  }

  /**
   * Looks again, after a put, for what the account had before it. The read before the put may have lagged behind. Later reads show the older writes
   * one after the other, and at last the put. If they never show the put, that is not a failure.
   *
   * @param known what the read before the put returned. A contact that it showed did exist, even if a later read of another replica shows none
   * @returns what the account had before the put, undefined for nothing
   */
  public async getPrevious(contact: ContactKey, put: ContactValues, known: ContactValues | undefined): Promise<ContactValues | undefined> {
    if (isSame(known, put)) { return known; }
    const deadline = this.deadline.within(READ_LAG);
    for (;;) {
      const read = await this.get(contact, deadline).catch(() => put);
      if (isSame(read, put)) { return known; }
      if (!isSame(read, known) || deadline.forCalls <= 0) { return read ?? known; }
      await pause(LONGEST_LOOK_PAUSE);
    }
  }

  /**
   * Sets a contact, whether the account has one or not.
   *
   * @throws FailedCall
   */
  public async put(contact: ContactKey, properties: ContactValues): Promise<void> {
    const values = Object.fromEntries(VALUE_MEMBERS.map(member => [member, properties[member]])) as ContactValues;
    await this.call('set', 'PutAlternateContact', contact, { values }, abortSignal =>
      client.send(new PutAlternateContactCommand({ ...this.key(contact), ...values }), { abortSignal }));
  }

  /**
   * Deletes a contact. A missing one is fine.
   *
   * @param batch how many contacts are being deleted now, this one included
   * @param sentAt when CloudFormation sent the event
   * @throws FailedCall
   */
  public async delete(contact: ContactKey, batch: number, sentAt: number): Promise<void> {
    const longestPause = () => longestDeletePause(batch, this.start - sentAt, Date.now() - sentAt);
    await this.call('delete', 'DeleteAlternateContact', contact, { longestPause }, abortSignal =>
      client.send(new DeleteAlternateContactCommand(this.key(contact)), { abortSignal }).then(() => undefined, ignoreMissing));
  }

  /** Leaves AccountId out for the stack's account: there, the service refuses it to members and to the management account, and nobody needs it. */
  private key(contact: ContactKey): { AccountId?: string; AlternateContactType: AlternateContactType } {
    return {
      AlternateContactType: contact.alternateContactType as AlternateContactType,
      ...(this.owns(contact) ? {} : { AccountId: contact.accountId }),
    };
  }

  private owns({ accountId }: ContactKey): boolean {
    return accountId === this.ownAccount;
  }

  private call<T>(
    verb: string, api: string, contact: ContactKey,
    { deadline = this.deadline, longestPause, values }: CallOptions,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const action = `account:${api}`;
    const morePatience = this.owns(contact) ? undefined : () => this.patienceForNew(contact.accountId);
    return withRetries(deadline, send, { longestPause, morePatience }).catch((error: CallError) => {
      throw failureOf(error, {
        what: `${verb} ${nameOf(contact)}`,
        action,
        host: host(),
        whenDenied: this.owns(contact) ? adviceOnRole(action) : adviceForOtherAccount(verb),
        whenNotAllowed: adviceOnRole(action),
        values: values && Object.values(values),
      });
    });
  }
}

function adviceOnRole(action: string): string {
  return `Check that the function's role allows ${action}, and that no service control policy forbids it. A new role may need more time: deploy again`;
}

function adviceForOtherAccount(verb: string): string {
  const whoMay = 'Only the management account, or the delegated administrator for account.amazonaws.com, can name another account. That account '
    + `must be an active member of the organization, which needs all features and trusted access (${ENABLE_TRUSTED_ACCESS}). `;
  const ifGone = 'If the account is closed, suspended or has left the organization, ';
  return whoMay + (verb === 'delete'
    ? `${ifGone}its contact can't be deleted: give it RemovalPolicy.RETAIN before you remove it, or delete the stack with --retain-resources <logical ids>`
    : `Deploy from there, or leave accountId out in a stack of the account itself. ${ifGone}leave the contact's values as they were deployed, give it `
      + 'RemovalPolicy.RETAIN, deploy, then remove it. If a rollback fails: aws cloudformation continue-update-rollback --resources-to-skip <logical ids>');
}

function ignoreMissing(error: SdkError): undefined {
  if (error.name !== 'ResourceNotFoundException') { throw error; }
}
