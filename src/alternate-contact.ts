import { CfnResource, IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { AlternateContactProvider } from './alternate-contact-provider';
import { accountOf, logicalIdPartOf } from './private/contact/account';
import { declareContact, DeclaredContact } from './private/contact/declarations';
import { ContactProperties, detailsOf, RESOURCE_TYPE, valuesOf } from './private/contract';
import { environmentOf } from './private/tree';
import { validateBoolean, validateContact } from './private/validation';

/**
 * The kind of AWS notices that an alternate contact receives.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
 */
export enum AlternateContactType {
  /** Notices about billing, such as invoices and failed payments. */
  BILLING = 'BILLING',
  /** Notices about the availability of services, such as planned maintenance, retired hosts and incidents. */
  OPERATIONS = 'OPERATIONS',
  /** Notices about security, such as abuse reports and leaked access keys. */
  SECURITY = 'SECURITY',
}

/**
 * The person or team to notify.
 *
 * All values are personal data, so prefer the name, mailbox and phone number of a team. They appear in the template, but at deployment
 * in no log, error, physical id or output. An error at synthesis prints the value that it refuses.
 *
 * Control characters and invisible characters, such as a zero-width space, are refused. The joiners U+200C and U+200D are accepted inside a
 * word of the name or title, because some scripts and emoji need them. The values of tokens and of dynamic references to plain
 * parameters (`{{resolve:ssm:...}}`) are checked at deployment.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
 */
export interface AlternateContactDetails {
  /** The name of the contact: 1 to 64 characters, not blank. */
  readonly name: string;

  /** The title or role of the contact: 1 to 50 characters, not blank. */
  readonly title: string;

  /**
   * The e-mail address of the contact: 1 to 254 characters.
   *
   * The part before the `@` consists of letters, digits and the characters `_+=.#|!&-`. The domain contains a dot. Spaces before and after
   * the address are accepted.
   */
  readonly emailAddress: string;

  /** The phone number of the contact: 1 to 25 digits, spaces and the characters `()+-`, not blank. */
  readonly phoneNumber: string;
}

/**
 * Options for alternate contacts: their account, and how they are managed.
 */
export interface AlternateContactOptions {
  /**
   * The account that the contact belongs to, as a string of 12 digits.
   *
   * It can be a token, such as the id of an account that this stack or another one creates, or a dynamic reference. A lazy value must be set
   * before the contact is constructed, because the account identifies the contact.
   *
   * To name another account, deploy the stack to the management account of the organization, or to its delegated administrator for Account
   * Management. Naming the account that the stack is deployed to has the same effect as omitting it. The contacts of the management account can
   * be set only by a stack in that account.
   *
   * A value of `undefined`, such as that of an environment variable that is not set, means the account that the stack is deployed to. An empty
   * string is refused.
   *
   * @default - the account that the stack is deployed to
   * @see https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html
   */
  readonly accountId?: string;

  /**
   * What happens to the contact when you remove it from the app, change its type or account, or delete the stack.
   *
   * `DESTROY` deletes the contact from the account. `RETAIN` leaves it there. `RETAIN_ON_UPDATE_OR_DELETE` leaves it there too, unless the
   * deployment that creates it fails. `SNAPSHOT` is refused. If you leave it out, `MissingRemovalPolicies` may decide for the whole app.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether to replace a contact of the same type that the account already has.
   *
   * If this is `false` and the account has a contact with other values, the deployment fails and the contact stays as it is. The check takes
   * place when the resource is created, and when the value of its account token changes. All other updates set the declared values. The
   * rollback also undoes the contacts that the same deployment created with `overwriteExisting: false`, unless you deploy with `--no-rollback`.
   *
   * @default true
   */
  readonly overwriteExisting?: boolean;

  /**
   * The provider of the function that sets the contact. It must be in the same stack as the contact.
   *
   * A contact that gets another provider gets a new resource with another logical id, and keeps its values.
   *
   * @default - the provider that all contacts of the stack share, see `AlternateContactProvider.getOrCreate()`
   */
  readonly provider?: AlternateContactProvider;
}

/**
 * Properties of an `AlternateContact`.
 */
export interface AlternateContactProps extends AlternateContactDetails, AlternateContactOptions {
  /** The kind of AWS notices that the contact receives. An account has at most one contact of each type. */
  readonly alternateContactType: AlternateContactType;
}

/**
 * An alternate contact of an AWS account.
 */
export interface IAlternateContact extends IResource {
  /**
   * The account that the contact belongs to.
   * @attribute
   */
  readonly accountId: string;

  /**
   * The kind of AWS notices that the contact receives.
   * @attribute
   */
  readonly alternateContactType: AlternateContactType;
}

/**
 * Defines an alternate contact of an AWS account.
 *
 * The account and the type identify the contact; the id and the place of the construct do not. You can rename the construct, move it between
 * a stack and its nested stacks, or swap the types of two contacts, and the account keeps its contacts.
 *
 * If you move the construct to any other stack, the stack that it leaves deletes the contact. To keep the contact, set `removalPolicy` to
 * `RemovalPolicy.RETAIN` and deploy before you move the construct.
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
@propertyInjectable
export class AlternateContact extends Resource implements IAlternateContact {
  /** The id for which `PropertyInjectors` find this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-alternate-contact.AlternateContact';

  public readonly accountId: string;
  public readonly alternateContactType: AlternateContactType;

  /**
   * @throws Error if the service would refuse a value, if the stack or one of its nested stacks already declares a contact of this account and
   * type, if the account id is a lazy value that is not set yet, if the provider is in another stack, or if the removal policy is `SNAPSHOT`.
   */
  constructor(scope: Construct, id: string, props: AlternateContactProps) {
    super(scope, id);
    validateContact(this.node.path, props, value => Stack.of(this).resolve(value) as unknown);
    validateBoolean(this.node.path, 'overwriteExisting', props.overwriteExisting);
    this.refuseSnapshot(props.removalPolicy);
    // Everything that may be refused is checked before the declaration is recorded.
    props.provider?._requireSameStack(this);
    const { alternateContactType } = props;
    const account = accountOf(this, props.accountId);
    this.accountId = props.accountId ?? environmentOf(Stack.of(this)).account;
    this.alternateContactType = alternateContactType;
    const contact: DeclaredContact = { construct: this, account, accountId: this.accountId, alternateContactType, details: detailsOf(props) };
    declareContact(contact);

    const provider = props.provider ?? AlternateContactProvider.getOrCreate(this);
    const properties: ContactProperties = {
      AccountId: account.kind === 'own' ? undefined : account.accountId,
      AlternateContactType: alternateContactType,
      ...valuesOf(props),
      OverwriteExisting: props.overwriteExisting === false ? false : undefined,
    };
    const resource = new CfnResource(this, 'Resource', { type: RESOURCE_TYPE, properties: { ...provider._register(contact), ...properties } });
    // CloudFormation recognizes a resource by its logical id. This one is made from the identity of the contact, so that a rename changes
    // nothing and a swap is two updates; and from the provider, because CloudFormation refuses to update the ServiceToken of a resource.
    const type = alternateContactType.charAt(0) + alternateContactType.slice(1).toLowerCase();
    resource.overrideLogicalId(`AlternateContact${type}${logicalIdPartOf(account)}${provider._logicalIdSuffix}`);

    // DESTROY is CloudFormation's default, but MissingRemovalPolicies takes a contact that does not say so for one without a policy.
    if (props.removalPolicy !== undefined) { resource.applyRemovalPolicy(props.removalPolicy); }
  }

  /**
   * Decides what happens to the contact when you remove it from the app, change its type or account, or delete the stack.
   *
   * @param policy as the property `removalPolicy`
   * @throws Error if the policy is `SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.refuseSnapshot(policy);
    super.applyRemovalPolicy(policy);
  }

  private refuseSnapshot(removalPolicy?: RemovalPolicy): void {
    if (removalPolicy === RemovalPolicy.SNAPSHOT) {
      throw new Error(`${this.node.path}: removalPolicy must not be SNAPSHOT, because contacts have no snapshots; got "${removalPolicy}"`);
    }
  }
}
