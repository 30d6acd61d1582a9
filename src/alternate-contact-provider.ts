import { readFileSync } from 'fs';
import { join } from 'path';
import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Effect, IRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, determineLatestNodeRuntime, Function, IFunction, LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AlternateContact } from './alternate-contact';
import { DeclaredAccount, shortHash } from './private/declarations';

/** Where the provider of a stack stands in its tree. It must never change: the contacts' resources keep to their function. */
const DEFAULT_ID = 'Custom::AlternateContactProvider';

/** What CloudFormation waits for an answer beyond the function's timeout: Lambda's queue, and its two retries after a crash. */
const ANSWER_MARGIN = Duration.minutes(5);

/*
 * IAM's limits, in characters without white space. The partition is taken for the longest that has the service, an account id for 12 digits.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const INLINE_POLICY_LIMIT = 10_240;
const MANAGED_POLICY_LIMIT = 6_144;
/** What is kept free in each policy for its frame, and in the first one for the statements that do not grow. */
const POLICY_FRAME = 100;
const FIXED_STATEMENTS = 1_200;
const STATEMENT_FRAME = 220;
const STANDALONE_ARN = '"arn:aws-cn:account::111122223333:account",'.length;
const MEMBER_ARN = '"arn:aws-cn:account::*:*/111122223333",'.length;

/**
 * Properties of an `AlternateContactProvider`.
 */
export interface AlternateContactProviderProps {
  /**
   * The role that the function runs as. It must be in the same stack, or imported, and Lambda must be trusted to assume it. It is granted
   * what the contacts need, unless it is immutable: the README lists the permissions.
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

  private readonly serviceTimeout: number;
  /** The policy that statements are added to; undefined where the role was given, which sorts them into policies by itself. */
  private policy?: PolicyDocument;
  private policySpace: number;
  private readonly putStatements = new Map<string, PolicyStatement>();

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
    this.policySpace = (props.role ? MANAGED_POLICY_LIMIT : INLINE_POLICY_LIMIT - FIXED_STATEMENTS) - POLICY_FRAME;
    this.role = props.role ?? this.createRole();
    this.grantFixed();

    const lambdaFunction = new Function(this, 'Function', {
      description: 'Sets the alternate contacts of AWS accounts (cdk-alternate-contact)',
      code: Code.fromInline(readFileSync(join(__dirname, '..', 'assets', 'handler.js'), 'utf8')),
      handler: 'index.handler',
      runtime: determineLatestNodeRuntime(this),
      role: this.role,
      timeout,
      memorySize: props.memorySize ?? 256,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    this.lambdaFunction = lambdaFunction;

    const stack = Stack.of(this);
    const isDefault = this.node.scope === stack && id === DEFAULT_ID;
    this._logicalIdSuffix = isDefault ? '' : `Provider${shortHash(stack.resolve((lambdaFunction.node.defaultChild as CfnFunction).logicalId))}`;
  }

  /**
   * Allows the function to set a contact.
   *
   * @returns the properties that tie the contact's resource to the function
   * @throws Error if the contact is in another stack
   * @internal
   */
  public _register(contact: AlternateContact, account: DeclaredAccount, accountId?: string): { ServiceToken: string; ServiceTimeout: number } {
    if (Stack.of(contact) !== Stack.of(this)) {
      throw new Error(`${contact.node.path}: provider must be in the same stack, because the function asks its own stack before it deletes `
        + `a contact; got ${this.node.path}`);
    }
    const { partition, account: ownAccount } = Stack.of(this);
    const standalone = account.relation === 'other' ? [] : [`arn:${partition}:account::${accountId ?? ownAccount}:account`];
    const member = account.relation === 'own' ? [] : [`arn:${partition}:account::*:*/${accountId}`];
    this.allowPut(contact.alternateContactType, [...standalone, ...member], standalone.length * STANDALONE_ARN + member.length * MEMBER_ARN);
    return { ServiceToken: this.lambdaFunction.functionArn, ServiceTimeout: this.serviceTimeout };
  }

  /** The policies are part of the role or attached by it, so that they are there before the function and go after it. */
  private createRole(): Role {
    this.policy = new PolicyDocument();
    return new Role(this, 'Role', {
      description: 'Sets the alternate contacts that this stack declares',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { AlternateContacts: this.policy },
    });
  }

  /** What the function may do whatever contacts are declared. */
  private grantFixed(): void {
    const stack = Stack.of(this);
    this.addStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] });
    // Deleting is not limited to the declared contacts: CloudFormation shrinks the role before it has a contact that left the app deleted.
    this.addStatement({
      actions: ['account:DeleteAlternateContact'],
      resources: [`arn:${stack.partition}:account::${stack.account}:account`, `arn:${stack.partition}:account::*:account/o-*/*`],
    });
    // Before it deletes, the function asks whether the stack rolls back and whether another resource holds the same contact.
    this.addStatement({ actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], resources: [stack.stackId] });
  }

  /** Allows contacts of one type to be set. IAM limits the size of a policy, so when one is full the next is begun. */
  private allowPut(alternateContactType: string, resources: string[], size: number): void {
    const open = this.putStatements.get(alternateContactType);
    if (open && size <= this.policySpace) {
      open.addResources(...resources);
      this.policySpace -= size;
      return;
    }
    if (size + STATEMENT_FRAME > this.policySpace) this.beginPolicy();
    this.policySpace -= size + STATEMENT_FRAME;
    this.putStatements.set(alternateContactType, this.addStatement({
      // Get comes with Put: before it creates a contact, the function looks whether it takes one over.
      actions: ['account:PutAlternateContact', 'account:GetAlternateContact'],
      resources,
      conditions: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': alternateContactType } },
    }));
  }

  private beginPolicy(): void {
    this.putStatements.clear();
    this.policySpace = MANAGED_POLICY_LIMIT - POLICY_FRAME;
    if (!this.policy) return;
    this.policy = new PolicyDocument();
    let number = 1;
    while (this.node.tryFindChild(`Policy${number}`)) number += 1;
    this.role.addManagedPolicy(new ManagedPolicy(this, `Policy${number}`, { document: this.policy }));
  }

  private addStatement(props: { actions: string[]; resources: string[]; conditions?: { [operator: string]: unknown } }): PolicyStatement {
    const statement = new PolicyStatement({ effect: Effect.ALLOW, ...props });
    if (this.policy) {
      this.policy.addStatements(statement);
    } else {
      this.role.addToPrincipalPolicy(statement);
    }
    return statement;
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
