import {
  AccountClient, AlternateContact, AlternateContactType, DeleteAlternateContactCommand, GetAlternateContactCommand, PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import { failureOf, nameOf } from './failure';
import { Deadline, SdkError, withRetries } from './retry';
import { Contact, CONTACT_VALUES, ContactProperties } from '../src/private/contract';

// One attempt a call: withRetries() knows how long each error is worth waiting for, the SDK does not.
const client = new AccountClient({ maxAttempts: 1 });

/** The alternate contacts as the Account Management API has them. The only place that knows its client. */
export class AccountManagement {
  constructor(private readonly ownAccount: string, private readonly deadline: Deadline) {}

  /**
   * Reads a contact.
   *
   * @returns undefined if the account has none
   * @throws Failure
   */
  public get(contact: Contact): Promise<AlternateContact | undefined> {
    return this.call('read', contact, abortSignal => client.send(new GetAlternateContactCommand(this.key(contact)), { abortSignal })
      .then(output => output.AlternateContact, ignoreMissing));
  }

  /**
   * Sets a contact, whether the account has one or not.
   *
   * @throws Failure
   */
  public async put(contact: Contact, properties: ContactProperties): Promise<void> {
    const { EmailAddress, Name, PhoneNumber, Title } = properties;
    const values = { EmailAddress, Name, PhoneNumber, Title };
    await this.call('set', contact, abortSignal =>
      client.send(new PutAlternateContactCommand({ ...this.key(contact), ...values }), { abortSignal }), CONTACT_VALUES.map(value => values[value]));
  }

  /**
   * Deletes a contact. That the account has none is fine.
   *
   * @throws Failure
   */
  public async delete(contact: Contact): Promise<void> {
    await this.call('delete', contact, abortSignal =>
      client.send(new DeleteAlternateContactCommand(this.key(contact)), { abortSignal }).then(() => undefined, ignoreMissing));
  }

  /** AccountId is left out for the own account: the service refuses it to members and to the management account, and needs it of nobody. */
  private key({ accountId, alternateContactType }: Contact): { AccountId?: string; AlternateContactType: AlternateContactType } {
    return {
      AlternateContactType: alternateContactType as AlternateContactType,
      ...(accountId === this.ownAccount ? {} : { AccountId: accountId }),
    };
  }

  private call<T>(verb: string, contact: Contact, send: (signal: AbortSignal) => Promise<T>, values?: string[]): Promise<T> {
    return withRetries(this.deadline, send).catch((error: SdkError) => {
      throw failureOf(error, `${verb} ${nameOf(contact)}`, contact.accountId === this.ownAccount, values);
    });
  }
}

function ignoreMissing(error: SdkError): undefined {
  if (error.name !== 'ResourceNotFoundException') throw error;
}
