import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, IResolvable, Lazy, Stack, Token } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, determineLatestNodeRuntime, Function, IFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct, IConstruct } from 'constructs';
import { shortHash } from './private/contact/account';
import { circularAccounts } from './private/contact/circles';
import { DeclaredContact, wasRemoved } from './private/contact/declarations';
import { Permissions } from './private/contact/permissions';
import { requireSameProps, SharedProvider } from './private/contact/shared-provider';
import { DEFAULT_RETENTION, logGroupOf, validateLogs } from './private/log-group';
import { isImmutable, policiesOf, refuseForeignRole } from './private/role-policies';
import { environmentOf, rootOf } from './private/tree';
import { validateRevision } from './private/validation';

/** The id of the provider that the contacts of a stack share. It must never change: CloudFormation refuses to give a resource another function. */
const DEFAULT_ID = 'Custom::AlternateContactProvider';

/** CloudFormation waits this much longer than the function's timeout: events may wait in Lambda's queue, and Lambda retries twice after a crash. */
const RESPONSE_MARGIN = Duration.minutes(5);

/** CloudFormation lists this many resources of a stack in one page. */
const RESOURCES_PER_PAGE = 100;

/**
 * Properties of an `AlternateContactProvider`.
 */
export interface AlternateContactProviderProps {
  /**
   * The role that the function assumes. It must be in the account of the stack and trust `lambda.amazonaws.com`.
   *
   * The stack attaches managed policies to the role, one for each 60 to 140 contacts. By default, IAM allows 10 managed policies per role. The
   * policies that the role already has count too, but synthesis cannot know them. An immutable role gets no permissions, and a warning prints
   * those that it needs.
   *
   * @default - a new role with exactly the permissions that the contacts need
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  readonly role?: IRole;

  /**
   * The log group that the function writes to. The function logs no personal data.
   *
   * @default - a new log group, which is deleted with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the logs of the function are kept. It cannot be combined with `logGroup`, which has its own retention.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * How long the function may work on one contact, in whole seconds: 1 to 15 minutes.
   *
   * The contacts wait for the quotas of the service during this time. The account of the stack can set 5 contacts per second (1 in China) and delete
   * 1 per second, whichever accounts they belong to, so a stack with hundreds of contacts needs the default.
   *
   * @default Duration.minutes(15)
   * @see https://docs.aws.amazon.com/accounts/latest/reference/quotas.html
   */
  readonly timeout?: Duration;

  /**
   * The memory of the function, in MiB: a whole number from 128 to 10,240.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Has all contacts of the provider set again when it changes: 1 to 64 characters, such as a date.
   *
   * CloudFormation updates only what changed in the template, so it does not see that somebody edited or deleted a contact by hand. To repair that,
   * change the revision and deploy. With a revision that differs each time, such as `new Date().toISOString()`, every deployment sets all contacts.
   *
   * @default - a contact is set only when it changes in the template
   */
  readonly revision?: string;

  /**
   * The VPC that the function is connected to.
   *
   * From there it must reach Account Management, CloudFormation, and the S3 buckets to which CloudFormation wants its responses: through a NAT
   * gateway, or through endpoints as docs/permissions.md lists them.
   *
   * @default - the function is not connected to a VPC
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of the VPC. Public subnets are refused, because a function in one reaches no service of AWS.
   *
   * @default - all private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the function in the VPC. They must allow outbound HTTPS.
   *
   * @default - a new security group that allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];
}

/**
 * Defines the function that sets alternate contacts, its role and its log group.
 *
 * All contacts of a stack share one provider, which is created with the first of them. To choose the role, the logs, the timeout, the memory
 * or the network, call `AlternateContactProvider.getOrCreate()` with properties before the first contact. To have several providers in a stack, create them
 * yourself and pass them to contacts of the same stack: a contact that gets another provider gets a new resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
 * @example
 * const provider = new AlternateContactProvider(this, 'Provider', { logRetention: RetentionDays.ONE_YEAR, timeout: Duration.minutes(5) });
 * new AlternateContact(this, 'BillingContact', {
 *   alternateContactType: AlternateContactType.BILLING,
 *   name: 'Accounts Payable',
 *   title: 'Finance',
 *   emailAddress: 'invoices@example.com',
 *   phoneNumber: '+1 555 0101',
 *   provider,
 * });
 */
@propertyInjectable
export class AlternateContactProvider extends Construct {
  /** The id for which `PropertyInjectors` find this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-alternate-contact.AlternateContactProvider';

  /**
   * Returns the provider that all contacts of a stack share, and creates it if there is none.
   *
   * To configure it, call this with properties before the first contact of the stack. Unlike a provider of your own, it keeps its logical ids and
   * those of the contacts, so a stack that is deployed already can be configured too: its contacts keep their resources.
   *
   * @param scope the stack, or any construct in it
   * @param props the properties of the provider. If it is there already, it must have those that are given.
   * @throws Error if the provider is there already with other properties, or if the constructor refuses a property.
   * @example
   * AlternateContactProvider.getOrCreate(this, { logRetention: RetentionDays.ONE_YEAR, timeout: Duration.minutes(5) });
   */
  public static getOrCreate(scope: Construct, props: AlternateContactProviderProps = {}): AlternateContactProvider {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(DEFAULT_ID) as AlternateContactProvider | undefined;
    if (existing) {
      requireSameProps(scope, existing.shared, props);
      return existing;
    }
    const created = new AlternateContactProvider(stack, DEFAULT_ID, props);
    created.shared = { ...created.shared, createdFor: scope.node.path, given: props };
    return created;
  }

  /** The function that sets the contacts, for metrics and alarms. */
  public readonly lambdaFunction: IFunction;
  /** The role that the function assumes. */
  public readonly role: IRole;
  /** The log group that the function writes to. */
  public readonly logGroup: ILogGroup;

  /**
   * The suffix of the logical ids of the provider's contacts: empty for the provider that a stack shares.
   * @internal
   */
  public readonly _logicalIdSuffix: string;

  private shared: SharedProvider;
  private readonly handler: Function;
  private readonly serviceToken: IResolvable;
  private readonly serviceTimeout: number;
  private readonly revision?: string;
  private readonly permissions: Permissions;
  /** The contacts without permissions so far: until synthesis they can be removed from the app. */
  private pending: DeclaredContact[] = [];
  private isSynthesizing = false;
  private readonly allowed: DeclaredContact[] = [];

  /**
   * @throws Error if `timeout` or `memorySize` is outside its limits, if `timeout` is a token, if both `logGroup` and `logRetention` are set,
   * if the role is in another account, if subnets or security groups are given without a VPC, or if a subnet is public.
   */
  constructor(scope: Construct, id: string, props: AlternateContactProviderProps = {}) {
    super(scope, id);
    const { timeout = Duration.minutes(15), memorySize = 256 } = props;
    validateProvider(this.node.path, props, timeout);
    refuseForeignRole(this, props.role);
    this.revision = props.revision;
    this.serviceTimeout = timeout.plus(RESPONSE_MARGIN).toSeconds();

    this.logGroup = logGroupOf(this, { logGroup: props.logGroup, logRetention: props.logRetention });
    const stack = Stack.of(this);
    const policies = policiesOf(this, props.role);
    this.role = policies.role;
    this.permissions = new Permissions(stack, policies, this.logGroup.logGroupArn, props.vpc !== undefined);

    this.handler = new Function(this, 'Function', {
      description: 'Sets the alternate contacts of AWS accounts (cdk-alternate-contact)',
      code: Code.fromInline(readFileSync(join(__dirname, '..', 'assets', 'handler.js'), 'utf8')),
      handler: 'index.handler',
      runtime: runtimeFor(this),
      role: this.role,
      timeout,
      memorySize,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      environment: stack.nested ? { ROOT_STACK_ID: rootOf(stack).stackId } : undefined,
    });
    this.handler.node.addDependency(policies.dependencies);
    this.lambdaFunction = this.handler;
    policies.beforeSynthesis(() => this.complete());
    // An immutable role is granted nothing, so it needs no account.
    if (!isImmutable(this.role)) { this.node.addValidation({ validate: () => circularAccounts(this.allowed, this.handler) }); }
    // All contacts refer to it, so it is resolved once.
    this.serviceToken = Lazy.any({ produce: () => stack.resolve(this.handler.functionArn) as unknown });

    const logRetention = props.logGroup ? undefined : props.logRetention ?? DEFAULT_RETENTION;
    const effective = { ...props, role: this.role, logGroup: this.logGroup, logRetention, timeout, memorySize };
    this.shared = { createdFor: this.node.path, given: props, effective };
    const isDefault = this.node.scope === stack && id === DEFAULT_ID;
    this._logicalIdSuffix = isDefault ? '' : `Provider${shortHash(stack.resolve((this.handler.node.defaultChild as CfnFunction).logicalId))}`;
  }

  /**
   * Checks that a contact is in the provider's stack.
   *
   * @throws Error if it is in another one
   * @internal
   */
  public _requireSameStack(contact: IConstruct): void {
    if (Stack.of(contact) !== Stack.of(this)) {
      throw new Error(`${contact.node.path}: provider must be in the same stack as the contact, because the function checks its own `
        + `stack before it deletes a contact; got ${this.node.path}`);
    }
  }

  /**
   * Registers a contact of the provider's stack.
   *
   * @returns the properties that send the events of the contact's resource to the function
   * @internal
   */
  public _register(contact: DeclaredContact): { ServiceToken: IResolvable; ServiceTimeout: number; Revision?: string } {
    this.pending.push(contact);
    // An aspect may declare a contact after the others were allowed.
    if (this.isSynthesizing) { this.complete(); }
    return { ServiceToken: this.serviceToken, ServiceTimeout: this.serviceTimeout, Revision: this.revision };
  }

  /** Allows the function to set the contacts that are still in the app. */
  private complete(): void {
    const contacts = this.pending.filter(({ construct }) => !wasRemoved(construct));
    this.pending = [];
    this.isSynthesizing = true;
    for (const { account, alternateContactType } of contacts) { this.permissions.allowPut(account, alternateContactType); }
    // Up to one page of resources, the function counts the contacts itself. Beyond that it gets the number, in steps, so that it seldom changes.
    this.allowed.push(...contacts);
    const { length } = this.allowed;
    if (length > RESOURCES_PER_PAGE) { this.handler.addEnvironment('CONTACTS', String(Math.floor(length / 50) * 50)); }
  }
}

/** The newest runtime of Node.js that the CDK has by name: its oldest version that is supported here has no NODEJS_24_X. */
const { NODEJS_24_X: NEWEST_RUNTIME = Runtime.NODEJS_22_X } = Runtime as { readonly NODEJS_24_X?: Runtime };

/**
 * Returns the newest runtime that the CDK knows in the region. If any region is possible, the CDK would write a map of the regions that it knows,
 * and for some isolated ones it falls back to Node.js 18, with which Lambda no longer creates functions.
 */
function runtimeFor(scope: Construct): Runtime {
  if (Token.isUnresolved(environmentOf(Stack.of(scope)).region)) { return NEWEST_RUNTIME; }
  const latest = determineLatestNodeRuntime(scope);
  return latest.name === 'nodejs18.x' ? NEWEST_RUNTIME : latest;
}

function validateProvider(path: string, props: AlternateContactProviderProps, timeout: Duration): void {
  const { memorySize, revision } = props;
  if (timeout.isUnresolved()) {
    throw new Error(`${path}: timeout must be known at synthesis, because the ServiceTimeout of each contact follows from it; got a token`);
  }
  if (timeout.toSeconds({ integral: false }) < 60 || timeout.toMinutes({ integral: false }) > 15) {
    throw new Error(`${path}: timeout must be 1 to 15 minutes; got ${timeout.toHumanString()}`);
  }
  if (memorySize !== undefined && !Token.isUnresolved(memorySize) && !(Number.isInteger(memorySize) && memorySize >= 128 && memorySize <= 10_240)) {
    throw new Error(`${path}: memorySize must be a whole number from 128 to 10240; got ${memorySize}`);
  }
  if (!props.vpc && (props.vpcSubnets || props.securityGroups)) {
    throw new Error(`${path}: vpcSubnets and securityGroups must not be given without vpc, because they belong to it; got no vpc`);
  }
  validateRevision(path, revision);
  validateLogs(path, props);
}
