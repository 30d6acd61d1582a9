import { Duration, Lazy, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { OnEventOptions, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Grant, IGrantable, IRole, Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { CustomerManagedEncryptionConfiguration, DefinitionBody, IStateMachine, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { AlternateContactOverride } from './alternate-contact-override';
import { AlternateContactSet } from './alternate-contact-set';
import { ACCOUNT_EVENTS, deploymentsOf } from './private/organization/account-events';
import { contactsWithTwoMasters } from './private/organization/covered-contacts';
import { contactsOf, Declaration, declare, DeclaredTarget } from './private/organization/declaration';
import { organizationSweep } from './private/organization/definition';
import { allowLogEncryption } from './private/organization/encryption';
import { tooLarge } from './private/organization/limits';
import { accountStatements, machineStatements } from './private/organization/permissions';
import { brokenSchedule } from './private/organization/schedule';
import { refuseTwice, validateSet } from './private/organization/validation';
import { SECONDS_AFTER_DEPLOYMENT } from './private/organization/vocabulary';

/**
 * What a sweep does about contacts that differ from the declaration.
 */
export enum SweepMode {
  /** Sets the contacts that differ. */
  ENFORCE = 'ENFORCE',
  /** Changes nothing, and reports which contacts differ, by account and type. */
  REPORT_ONLY = 'REPORT_ONLY',
}

/**
 * Properties of `OrganizationAlternateContacts`. At least one contact is required, here or in an override.
 */
export interface OrganizationAlternateContactsProps extends AlternateContactSet {
  /**
   * Contacts that differ for some accounts, and accounts to exclude. Add more with `addOverride()`.
   *
   * @default - all accounts have the same contacts
   */
  readonly overrides?: AlternateContactOverride[];

  /**
   * Whether a sweep sets contacts or only compares them.
   *
   * @default SweepMode.ENFORCE
   */
  readonly mode?: SweepMode;

  /**
   * When to sweep all accounts, in addition to the sweep after each deployment: `rate()` or `cron()`, at most once an hour. Leave more time
   * between two sweeps than one takes, because a new sweep stops an older one. The documentation has a table of times.
   *
   * @default ScheduleExpression.rate(Duration.days(1))
   */
  readonly schedule?: ScheduleExpression;

  /**
   * The share of the organization's request quotas for alternate contacts that a sweep uses, from 0.1 to 1. The rest is left to
   * other callers.
   *
   * @default 0.8
   */
  readonly quotaShare?: number;

  /**
   * Whether an account gets its contacts as soon as it is created, joins, is moved to another organizational unit, or is enrolled by Control
   * Tower. The events of Organizations arrive in us-east-1 of the management account only: see `OrganizationEventForwarder`.
   *
   * @default true
   */
  readonly followAccountEvents?: boolean;

  /**
   * The role that the state machine assumes. It must be in the same stack or imported, and must trust `states.amazonaws.com`. It is granted
   * the permissions that it needs, unless it is immutable.
   *
   * @default - a new role with exactly the permissions that are needed
   */
  readonly role?: IRole;

  /**
   * The log group for failed executions. No personal data is written to it.
   *
   * @default - a new log group, deleted with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long to keep the logs. Cannot be combined with `logGroup`.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * The key that encrypts the log group and the state machine, whose definition contains the contacts.
   *
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: IKey;
}

/**
 * Keeps the alternate contacts of all accounts of an organization as declared, those of new accounts included. Contacts that were edited by
 * hand are set back.
 *
 * A state machine sweeps the accounts after each deployment or rollback of the stack, on a schedule, and when an account is created, joins or
 * moves. It changes only contacts that differ, and never deletes one. Deploy it to the management account, or to the delegated administrator
 * for Account Management.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html
 * @example
 * new OrganizationAlternateContacts(this, 'Contacts', {
 *   security: { name: 'Security Operations', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' },
 *   overrides: [AlternateContactOverride.exclude(['ou-ab12-99999999'])],
 * });
 */
export class OrganizationAlternateContacts extends Construct {
  /** The state machine. Start it with `{}` to sweep all accounts, or with `{"accountIds": ["222222222222"]}` to sweep these. */
  public readonly stateMachine: IStateMachine;
  /** The role that the state machine assumes. */
  public readonly role: IRole;
  /** The log group for failed executions. */
  public readonly logGroup: ILogGroup;

  private readonly everyAccount: AlternateContactSet;
  private readonly targets: DeclaredTarget[] = [];

  /**
   * @throws Error if a value breaks a rule of the service, if two overrides have the same target, or if a property is out of range. Synthesis
   * fails if no contact is declared, if there are too many overrides, or if an `AlternateContact` of the app sets a contact that the sweep sets
   * too.
   */
  constructor(scope: Construct, id: string, props: OrganizationAlternateContactsProps) {
    super(scope, id);
    const { billing, operations, security } = props;
    this.everyAccount = { billing, operations, security };
    validateSet(this.node.path, this.everyAccount);
    this.validateOptions(props);
    for (const override of props.overrides ?? []) this.addOverride(override);

    const enforce = props.mode !== SweepMode.REPORT_ONLY;
    const stack = Stack.of(this);
    const declaration = () => declare(this.everyAccount, this.targets);
    const definition = () => stack.toJsonString(organizationSweep(declaration(), {
      partition: stack.partition, enforce, quotaShare: props.quotaShare ?? 0.8,
    }));

    this.logGroup = props.logGroup ?? new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey: props.encryptionKey,
    });
    if (props.encryptionKey && !props.logGroup) allowLogEncryption(this, props.encryptionKey);

    this.role = props.role ?? new Role(this, 'Role', {
      description: 'Keeps the alternate contacts of the organization as declared',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    for (const statement of accountStatements(this, enforce, () => declaration().alternateContactTypes)) this.role.addToPrincipalPolicy(statement);

    const stateMachine = new StateMachine(this, 'StateMachine', {
      // The role may use the key for the machine alone, and has to be there first: so the machine needs a name that is known before.
      stateMachineName: props.encryptionKey && Names.uniqueResourceName(this, { maxLength: 80, separator: '-' }),
      definitionBody: DefinitionBody.fromString(Lazy.uncachedString({ produce: definition })),
      role: this.role,
      // Only the end of an execution that fails is logged: what the machine writes there itself, and no data.
      logs: { destination: this.logGroup, level: LogLevel.FATAL, includeExecutionData: false },
      encryptionConfiguration: props.encryptionKey && new CustomerManagedEncryptionConfiguration(props.encryptionKey),
    });
    this.stateMachine = stateMachine;
    // A policy of its own, because the machine needs the other one first, and this one names the machine.
    const ownPolicy = new Policy(this, 'StateMachinePolicy', {
      statements: machineStatements(this, stateMachine.stateMachineArn, stateMachine.stateMachineName),
    });
    this.role.attachInlinePolicy(ownPolicy);

    const triggers = [
      this.sweepOnSchedule(props.schedule ?? ScheduleExpression.rate(Duration.days(1))),
      this.sweepAfterDeployments(),
      ...(props.followAccountEvents === false ? [] : this.sweepOnAccountEvents()),
    ];
    for (const trigger of triggers) trigger.node.addDependency(ownPolicy);
    this.node.addValidation({ validate: () => this.validateDeclaration(declaration()) });
  }

  /**
   * Adds an override.
   *
   * @throws Error if one of its targets has an override already
   */
  public addOverride(override: AlternateContactOverride): void {
    refuseTwice([...this.targets, ...override._targets].map(({ target }) => target),
      target => `${this.node.path}: a target must have one override, because one of two would not count; got two for ${target}`);
    for (const { contacts } of override._targets) if (contacts) validateSet(this.node.path, contacts);
    this.targets.push(...override._targets);
  }

  /**
   * Allows a principal to start sweeps, for example with
   * `aws stepfunctions start-execution --state-machine-arn <arn> --input '{"accountIds": ["222222222222"]}'`.
   */
  public grantStartSweep(grantee: IGrantable): Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * The number of sweeps that failed, because an account refused for half an hour or because the set-up is wrong.
   *
   * @default - the sum over five minutes
   */
  public metricFailed(props?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(props);
  }

  /**
   * The number of executions that succeeded. Set an alarm on its absence to notice that sweeps no longer start.
   *
   * @default - the sum over five minutes
   */
  public metricSucceeded(props?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(props);
  }

  /**
   * The number of sweeps that a newer sweep stopped.
   *
   * @default - the sum over five minutes
   */
  public metricSuperseded(props?: MetricOptions): Metric {
    return this.stateMachine.metricAborted(props);
  }

  /**
   * Defines a rule that runs when a sweep succeeds or fails. The event has the result of the sweep in `detail.output`.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
   */
  public onSweepCompleted(id: string, options: OnEventOptions = {}): Rule {
    const rule = new Rule(this, id, options);
    rule.addEventPattern({
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [this.stateMachine.stateMachineArn],
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT'],
        // Not the executions that only wait for a deployment to be in force.
        input: [{ 'anything-but': { prefix: '{"afterSeconds"' } }],
      },
    });
    if (options.target) rule.addTarget(options.target);
    return rule;
  }

  private sweepOnSchedule(schedule: ScheduleExpression): IConstruct {
    return new Schedule(this, 'Schedule', {
      description: 'Sweeps the alternate contacts of the organization',
      schedule,
      target: new StepFunctionsStartExecution(this.stateMachine, { input: ScheduleTargetInput.fromObject({}) }),
    });
  }

  private sweepAfterDeployments(): IConstruct {
    return new Rule(this, 'Deployed', {
      description: 'Sweeps the alternate contacts of the organization after a deployment of this stack, or a rollback',
      eventPattern: deploymentsOf(Stack.of(this).stackId),
      targets: [new SfnStateMachine(this.stateMachine, { input: RuleTargetInput.fromObject({ afterSeconds: SECONDS_AFTER_DEPLOYMENT }) })],
    });
  }

  private sweepOnAccountEvents(): IConstruct[] {
    return ACCOUNT_EVENTS.map(({ id, description, pattern, input }) =>
      new Rule(this, id, { description, eventPattern: pattern, targets: [new SfnStateMachine(this.stateMachine, { input })] }));
  }

  private validateOptions({ quotaShare, schedule, logGroup, logRetention }: OrganizationAlternateContactsProps): void {
    const { path } = this.node;
    if (quotaShare !== undefined && (Token.isUnresolved(quotaShare) || !(quotaShare >= 0.1 && quotaShare <= 1))) {
      throw new Error(`${path}: quotaShare must be a number from 0.1 to 1; got ${Token.isUnresolved(quotaShare) ? 'a token' : quotaShare}`);
    }
    const broken = schedule && brokenSchedule(schedule.expressionString);
    if (broken) throw new Error(`${path}: schedule must ${broken}; got ${schedule.expressionString}`);
    if (logGroup && logRetention !== undefined) {
      throw new Error(`${path}: logRetention must not be given together with logGroup, which has its own; got ${logRetention}`);
    }
  }

  private validateDeclaration(declaration: Declaration): string[] {
    const isDeclared = (contacts: AlternateContactSet) => contactsOf(contacts).some(details => details);
    if (!isDeclared(this.everyAccount) && !this.targets.some(({ contacts }) => contacts && isDeclared(contacts))) {
      return ['at least one of billing, operations and security must be given, here or in an override; got none'];
    }
    return [...tooLarge(declaration), ...contactsWithTwoMasters(this, this.everyAccount, this.targets)];
  }
}
