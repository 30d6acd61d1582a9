import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { AlternateContact, AlternateContactDetails, AlternateContactOptions, AlternateContactType } from './alternate-contact';
import { missingContact } from './private/contact-set';
import { detailsOf } from './private/contract';

/**
 * Up to three alternate contacts, one per type. A type that you leave out is not declared.
 */
export interface AlternateContactSet {
  /**
   * The contact for notices about billing, such as invoices and failed payments.
   *
   * @default - the billing contact is not declared
   */
  readonly billing?: AlternateContactDetails;

  /**
   * The contact for notices about the availability of services, such as planned maintenance, retired hosts and incidents.
   *
   * @default - the operations contact is not declared
   */
  readonly operations?: AlternateContactDetails;

  /**
   * The contact for notices about security, such as abuse reports and leaked access keys.
   *
   * @default - the security contact is not declared
   */
  readonly security?: AlternateContactDetails;
}

/**
 * Properties of `AlternateContacts`. At least one of the three contacts is required.
 */
export interface AlternateContactsProps extends AlternateContactSet, AlternateContactOptions {}

/**
 * Defines up to three alternate contacts of one AWS account.
 *
 * A contact that you omit is not managed: the account keeps what it has. If you declared the contact before, `removalPolicy` decides whether it
 * is deleted.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
 * @example
 * new AlternateContacts(this, 'ShopContacts', {
 *   accountId: '222222222222',
 *   billing: { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' },
 *   operations: { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' },
 * });
 */
@propertyInjectable
export class AlternateContacts extends Construct {
  /** The id for which `PropertyInjectors` find this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-alternate-contact.AlternateContacts';

  /** The billing contact, if it is declared. */
  public readonly billing?: AlternateContact;
  /** The operations contact, if it is declared. */
  public readonly operations?: AlternateContact;
  /** The security contact, if it is declared. */
  public readonly security?: AlternateContact;

  /**
   * @throws Error if no contact is declared, or if `AlternateContact` refuses one of them.
   */
  constructor(scope: Construct, id: string, props: AlternateContactsProps) {
    super(scope, id);
    const { billing, operations, security, ...options } = props;
    const missing = missingContact([props]);
    if (missing) { throw new Error(`${this.node.path}: ${missing}`); }
    // Only the values are taken: a details object that also holds an accountId must not name another account.
    const define = (contactId: string, alternateContactType: AlternateContactType, details?: AlternateContactDetails) =>
      details && new AlternateContact(this, contactId, { ...options, ...detailsOf(details), alternateContactType });

    this.billing = define('Billing', AlternateContactType.BILLING, billing);
    this.operations = define('Operations', AlternateContactType.OPERATIONS, operations);
    this.security = define('Security', AlternateContactType.SECURITY, security);
  }
}
