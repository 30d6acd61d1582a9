import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, IResolvable, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, determineLatestNodeRuntime, Function, IFunction, LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { DeclaredContact, shortHash, wasRemoved } from './private/declarations';
import { Permissions } from './private/permissions';
import { policiesOf } from './private/role-policies';
import { rootOf } from './private/tree';

/** Where the provider of a stack stands in its tree. It must never change: the contacts' resources keep to their function. */
const DEFAULT_ID = 'Custom::AlternateContactProvider';

/** What CloudFormation waits for an answer beyond the function's timeout: Lambda's queue, and its two retries after a crash. */
const ANSWER_MARGIN = Duration.minutes(5);

/** The resources of a stack that CloudFormation lists at once. */
const RESOURCES_PER_PAGE = 100;

/**
 * Properties of an `AlternateContactProvider`.
 */
export interface AlternateContactProviderProps {
  /**
   * The role that the function runs as. It must be in the account of the stack, and trust `lambda.amazonaws.com`. It is granted what the
   * contacts need. A `Role` of the same stack sorts its statements into policies by itself. To any other role, imported or of another stack,
   * managed policies of 6,144 characters are attached, each for about 60 to 140 contacts. IAM allows 10 managed policies per role by default,
   * those included that the role has already, which synthesis can't know. An immutable role is granted nothing: a warning says what it needs.
   *
   * @default - a new role with exactly the permissions that the contacts need
   */
  readonly role?: IRole;

  /**
   * The log group that the function writes to. Nothing personal is written to it.
   *
   * @default - a new log group, deleted with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the logs are kept. Not to be given together with `logGroup`.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * How long a contact may take, in whole seconds: 1 to 15 minutes. The service takes 5 contacts a second from a whole organization (1 in
   * China) and deletes 1, so hundreds of contacts need the default.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * The memory of the function, in MiB: 128 to 10,240.
   *
   * @default 256
   */
  readonly memorySize?: number;
}

/**
 * Defines the function that sets alternate contacts, with its role and its log group.
 *
 * Contacts share one a stack, made when the first needs it. Make one explicitly to choose its role, logs, timeout or memory, and pass it to
 * the contacts of the same stack.
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
export class AlternateContactProvider extends Construct {
  /**
   * Returns the provider that the contacts of a stack share, and makes it if there is none.
   *
   * @param scope any construct of the stack
   */
  public static getOrCreate(scope: Construct): AlternateContactProvider {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(DEFAULT_ID) as AlternateContactProvider | undefined ?? new AlternateContactProvider(stack, DEFAULT_ID);
  }

  /** The function, for alarms and metrics. */
  public readonly lambdaFunction: IFunction;
  /** The role that the function runs as. */
  public readonly role: IRole;
  /** The log group that the function writes to. */
  public readonly logGroup: ILogGroup;

  /**
   * What tells the resources of this provider's contacts from those of another's.
   * @internal
   */
  public readonly _logicalIdSuffix: string;

  private readonly handler: Function;
  private readonly serviceToken: IResolvable;
  private readonly serviceTimeout: number;
  private readonly permissions: Permissions;
  /** The contacts that the function may not set yet: until synthesis they can be removed from the app. */
  private pending: DeclaredContact[] = [];
  private isSynthesizing = false;
  private contactCount = 0;

  /**
   * @throws Error if `timeout` or `memorySize` is outside its limits, or if both `logGroup` and `logRetention` are given.
   */
  constructor(scope: Construct, id: string, props: AlternateContactProviderProps = {}) {
    super(scope, id);
    const timeout = props.timeout ?? Duration.minutes(15);
    validateProvider(this.node.path, props, timeout);
    this.serviceTimeout = timeout.plus(ANSWER_MARGIN).toSeconds();

    this.logGroup = props.logGroup ?? new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stack = Stack.of(this);
    const policies = policiesOf(this, props.role);
    this.role = policies.role;
    this.permissions = new Permissions(stack, policies, this.logGroup.logGroupArn);

    this.handler = new Function(this, 'Function', {
      description: 'Sets the alternate contacts of AWS accounts (cdk-alternate-contact)',
      code: Code.fromInline(readFileSync(join(__dirname, '..', 'assets', 'handler.js'), 'utf8')),
      handler: 'index.handler',
      runtime: determineLatestNodeRuntime(this),
      role: this.role,
      timeout,
      memorySize: props.memorySize ?? 256,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: stack.nested ? { ROOT_STACK_ID: rootOf(stack).stackId } : undefined,
    });
    this.handler.node.addDependency(policies.dependencies);
    this.lambdaFunction = this.handler;
    policies.beforeSynthesis(() => this.complete());
    // All contacts have it, so it is resolved once.
    this.serviceToken = Lazy.any({ produce: () => stack.resolve(this.handler.functionArn) as unknown });

    const isDefault = this.node.scope === stack && id === DEFAULT_ID;
    this._logicalIdSuffix = isDefault ? '' : `Provider${shortHash(stack.resolve((this.handler.node.defaultChild as CfnFunction).logicalId))}`;
  }

  /**
   * Takes charge of a contact.
   *
   * @returns the properties that tie the contact's resource to the function
   * @throws Error if the contact is in another stack
   * @internal
   */
  public _register(contact: DeclaredContact): { ServiceToken: IResolvable; ServiceTimeout: number } {
    if (Stack.of(contact.construct) !== Stack.of(this)) {
      throw new Error(`${contact.construct.node.path}: provider must be in the same stack, because the function asks its own stack before it deletes `
        + `a contact; got ${this.node.path}`);
    }
    this.pending.push(contact);
    // An aspect may declare a contact when the others have been allowed already.
    if (this.isSynthesizing) this.complete();
    return { ServiceToken: this.serviceToken, ServiceTimeout: this.serviceTimeout };
  }

  /** Allows the function to set the contacts that are still in the app. */
  private complete(): void {
    const contacts = this.pending.filter(({ construct }) => !wasRemoved(construct));
    this.pending = [];
    this.isSynthesizing = true;
    for (const { account, alternateContactType } of contacts) this.permissions.allowPut(account, alternateContactType);
    // One page of resources tells the function the size of the batch; beyond that it is told, in steps, so that it seldom changes.
    this.contactCount += contacts.length;
    if (this.contactCount > RESOURCES_PER_PAGE) this.handler.addEnvironment('CONTACTS', String(Math.ceil(this.contactCount / 50) * 50));
  }
}

function validateProvider(path: string, props: AlternateContactProviderProps, timeout: Duration): void {
  const { memorySize } = props;
  if (timeout.toSeconds({ integral: false }) < 60 || timeout.toMinutes({ integral: false }) > 15) {
    throw new Error(`${path}: timeout must be 1 to 15 minutes; got ${timeout.toHumanString()}`);
  }
  if (memorySize !== undefined && !Token.isUnresolved(memorySize) && !(Number.isInteger(memorySize) && memorySize >= 128 && memorySize <= 10_240)) {
    throw new Error(`${path}: memorySize must be a whole number from 128 to 10240; got ${memorySize}`);
  }
  if (props.logGroup && props.logRetention !== undefined) {
    throw new Error(`${path}: logRetention must not be given together with logGroup, which has its own; got ${props.logRetention}`);
  }
}
