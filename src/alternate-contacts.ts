import { Construct } from 'constructs';
import { AlternateContact, AlternateContactDetails, AlternateContactOptions, AlternateContactType } from './alternate-contact';

/**
 * Properties of `AlternateContacts`. At least one of the contacts is required.
 */
export interface AlternateContactsProps extends AlternateContactOptions {
  /**
   * Who is written to about invoices and payments.
   * @default - the billing contact is not managed
   */
  readonly billing?: AlternateContactDetails;

  /**
   * Who is written to about the availability of services.
   * @default - the operations contact is not managed
   */
  readonly operations?: AlternateContactDetails;

  /**
   * Who is written to about abuse, leaked keys and other security matters.
   * @default - the security contact is not managed
   */
  readonly security?: AlternateContactDetails;
}

/**
 * Defines the alternate contacts of one AWS account.
 *
 * A contact that is not given is left alone, whether the account has one or not.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
 * @example
 * new AlternateContacts(this, 'ShopContacts', {
 *   accountId: '222222222222',
 *   billing: { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' },
 *   operations: { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' },
 * });
 */
export class AlternateContacts extends Construct {
  /** The billing contact, if it was given. */
  public readonly billing?: AlternateContact;
  /** The operations contact, if it was given. */
  public readonly operations?: AlternateContact;
  /** The security contact, if it was given. */
  public readonly security?: AlternateContact;

  /**
   * @throws Error if no contact is given, and whatever `AlternateContact` throws.
   */
  constructor(scope: Construct, id: string, props: AlternateContactsProps) {
    super(scope, id);
    const { billing, operations, security, ...options } = props;
    if (!billing && !operations && !security) {
      throw new Error(`${this.node.path}: at least one of billing, operations and security must be given; got none`);
    }
    const define = (contactId: string, alternateContactType: AlternateContactType, details?: AlternateContactDetails) => {
      if (!details) return undefined;
      // Only what belongs to the contact: an object that holds more, such as an accountId, must not name another account.
      const { name, title, emailAddress, phoneNumber } = details;
      return new AlternateContact(this, contactId, { ...options, name, title, emailAddress, phoneNumber, alternateContactType });
    };

    this.billing = define('Billing', AlternateContactType.BILLING, billing);
    this.operations = define('Operations', AlternateContactType.OPERATIONS, operations);
    this.security = define('Security', AlternateContactType.SECURITY, security);
  }
}
