import { CfnResource, IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AlternateContactProvider } from './alternate-contact-provider';
import { ContactProperties, RESOURCE_TYPE } from './private/contract';
import { accountOf, declareContact, DeclaredContact, logicalIdPartOf } from './private/declarations';
import { environmentOf } from './private/tree';
import { validateContact } from './private/validation';

/**
 * What an alternate contact is written to about.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
 */
export enum AlternateContactType {
  /** Invoices, payments and other billing notices. */
  BILLING = 'BILLING',
  /** The availability of services: retired hosts, planned maintenance, incidents. */
  OPERATIONS = 'OPERATIONS',
  /** Abuse reports, leaked keys and other security notices. */
  SECURITY = 'SECURITY',
}

/**
 * Who is written to. All values are personal data: prefer a team's mailbox, phone and name to a person's.
 *
 * A value has no control characters and no invisible ones, such as a zero-width space or a mark that turns the direction of the text. The
 * joiners U+200C and U+200D are allowed inside a word of the name and the title: some scripts and emoji need them.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
 */
export interface AlternateContactDetails {
  /** The contact's name: 1 to 64 characters, not blank. */
  readonly name: string;

  /** The contact's title or role: 1 to 50 characters, not blank. */
  readonly title: string;

  /** The contact's e-mail address: 1 to 254 characters. Before the `@` stand letters, digits and `_+=.#|!&-`. Spaces may stand around it. */
  readonly emailAddress: string;

  /** The contact's phone number: 1 to 25 digits, spaces and the characters `()+-`. */
  readonly phoneNumber: string;
}

/**
 * How contacts are managed, whoever they are.
 */
export interface AlternateContactOptions {
  /**
   * The account whose contact it is: 12 digits, as a string. It may be a token, such as the id of an account that this stack or another one
   * creates. A lazy value must be set before the contact is constructed, because the account identifies the contact.
   *
   * Only the management account of an organization, or its delegated administrator for Account Management, can name another account.
   * The account that the stack is deployed to may always be named, or left out, which is the same.
   *
   * @default - the account that the stack is deployed to
   */
  readonly accountId?: string;

  /**
   * What happens to the contact when it leaves the app, or when its type or account changes: `DESTROY` deletes it, `RETAIN` leaves it
   * in place, and `RETAIN_ON_UPDATE_OR_DELETE` leaves it in place unless the deployment that created it fails.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether a contact that the account has already is taken over. With `false` the deployment fails, and changes nothing, where the account
   * has a different contact of that type. It is asked when the contact is created, not when one that the stack manages is updated.
   *
   * @default true
   */
  readonly overwriteExisting?: boolean;

  /**
   * The function that sets the contact. It must be in the same stack.
   *
   * @default - one for all contacts of the stack, see `AlternateContactProvider.getOrCreate()`
   */
  readonly provider?: AlternateContactProvider;
}

/**
 * Properties of an `AlternateContact`.
 */
export interface AlternateContactProps extends AlternateContactDetails, AlternateContactOptions {
  /** What the contact is written to about. An account has at most one contact of each type. */
  readonly alternateContactType: AlternateContactType;
}

/**
 * An alternate contact of an AWS account.
 */
export interface IAlternateContact extends IResource {
  /**
   * The account whose contact it is.
   * @attribute
   */
  readonly accountId: string;

  /**
   * What the contact is written to about.
   * @attribute
   */
  readonly alternateContactType: AlternateContactType;
}

/**
 * Defines an alternate contact of an AWS account.
 *
 * The contact is identified by its account and its type, not by the construct's place in the tree: constructs can be renamed and moved, and
 * types swapped, without the account losing a contact.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
 * @resource Custom::AlternateContact
 * @example
 * new AlternateContact(this, 'SecurityContact', {
 *   alternateContactType: AlternateContactType.SECURITY,
 *   name: 'Security Operations',
 *   title: 'On-call engineer',
 *   emailAddress: 'security@example.com',
 *   phoneNumber: '+1 555 0100',
 * });
 */
export class AlternateContact extends Resource implements IAlternateContact {
  public readonly accountId: string;
  public readonly alternateContactType: AlternateContactType;

  /**
   * The declared values, to compare them with those of an organization's sweep.
   * @internal
   */
  public readonly _details: AlternateContactDetails;

  /**
   * @throws Error if a value breaks a rule of the service, if the stack declares a contact of this account and type already, if the
   * provider is in another stack, or if the removal policy is `SNAPSHOT`.
   */
  constructor(scope: Construct, id: string, props: AlternateContactProps) {
    super(scope, id);
    validateContact(this.node.path, props);
    if (props.removalPolicy === RemovalPolicy.SNAPSHOT) {
      throw new Error(`${this.node.path}: removalPolicy must not be SNAPSHOT, because a contact has none; got "${props.removalPolicy}"`);
    }
    const { alternateContactType } = props;
    const account = accountOf(this, props.accountId);
    const contact: DeclaredContact = { construct: this, account, alternateContactType };
    declareContact(contact);

    this.accountId = props.accountId ?? environmentOf(Stack.of(this)).account;
    this.alternateContactType = alternateContactType;
    this._details = props;

    const provider = props.provider ?? AlternateContactProvider.getOrCreate(this);
    const properties: ContactProperties = {
      AccountId: account.kind === 'own' ? undefined : account.accountId,
      AlternateContactType: alternateContactType,
      Name: props.name,
      Title: props.title,
      EmailAddress: props.emailAddress,
      PhoneNumber: props.phoneNumber,
      OverwriteExisting: props.overwriteExisting === false ? false : undefined,
    };
    const resource = new CfnResource(this, 'Resource', { type: RESOURCE_TYPE, properties: { ...provider._register(contact), ...properties } });
    // CloudFormation sees a resource as the same one by its logical id. This one follows from the identity of the contact, so that a
    // rename is no change at all and a swap is two updates. It also follows from the provider, because CloudFormation refuses to
    // update a resource's ServiceToken.
    const type = alternateContactType.charAt(0) + alternateContactType.slice(1).toLowerCase();
    resource.overrideLogicalId(`AlternateContact${type}${logicalIdPartOf(account)}${provider._logicalIdSuffix}`);

    // To delete is CloudFormation's own default: hundreds of contacts need not say it.
    if (props.removalPolicy !== undefined && props.removalPolicy !== RemovalPolicy.DESTROY) {
      resource.applyRemovalPolicy(props.removalPolicy);
    }
  }
}
