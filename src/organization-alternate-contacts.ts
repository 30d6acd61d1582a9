import { Duration, Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Grant, IGrantable, IRole, Policy, PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { CustomerManagedEncryptionConfiguration, DefinitionBody, IStateMachine, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlternateContactOverride } from './alternate-contact-override';
import { AlternateContactSet } from './alternate-contacts';
import { missingContact } from './private/contact-set';
import { logGroupOf, validateLogs } from './private/log-group';
import { registerSweep } from './private/registry';
import { isImmutable, refuseForeignRole, warnOfMissingGrants } from './private/role-policies';
import { contactConflicts, Sweep, sweepConflicts } from './private/sweep/conflicts';
import { Declaration, declare, DeclaredTarget } from './private/sweep/declaration';
import { allowLogEncryption } from './private/sweep/encryption';
import { organizationSweep } from './private/sweep/machine/definition';
import { refuseTwice, validateSet } from './private/sweep/overrides';
import { brokenSchedule } from './private/sweep/schedule';
import { tooLarge } from './private/sweep/size';
import { accountStatements, machineStatements, serviceStatements } from './private/sweep/sweep-permissions';
import { sweepAfterDeployments, sweepOnAccountEvents, sweepOnSchedule } from './private/sweep/triggers';
import { environmentOf } from './private/tree';
import { validateBoolean } from './private/validation';

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
   * When to sweep all accounts, in addition to the sweep after each deployment: `rate()` or `cron()`, at most once an hour. The first sweep
   * starts when the stack is created, also with `cron()`. Leave more time between two sweeps than one takes, because a new sweep stops an older
   * one: see the [table of times](https://github.com/cdk-alternate-contact/cdk-alternate-contact/blob/main/docs/organization.md#time-and-costs).
   *
   * @default ScheduleExpression.rate(Duration.days(1))
   */
  readonly schedule?: ScheduleExpression;

  /**
   * The share of the account's request quotas for alternate contacts that a sweep uses, from 0.1 to 1. The rest is left to
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
   * the permissions that it needs. If it is immutable, a warning at synthesis lists them.
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
   * The key that encrypts the log group and the state machine, whose definition contains the contacts. The policy of an imported key must
   * already allow `logs.<region>.amazonaws.com` to use it for the log group, unless you pass a `logGroup`, and `delivery.logs.amazonaws.com` to
   * decrypt with it.
   *
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: IKey;
}

/**
 * Keeps the alternate contacts of all accounts of an organization as declared, those of new accounts included. Contacts that were edited by
 * hand are set back.
 *
 * A state machine sweeps the accounts after each deployment or rollback of the stack and on a schedule, and sets the contacts of an account when
 * it is created, joins or moves. It changes only contacts that differ, and never deletes one. Deploy it to the management account, or to the
 * delegated administrator for Account Management.
 *
 * After `cdk deploy --no-rollback` ends in `UPDATE_FAILED`, no sweep starts. The next one starts with the next deployment, rollback or schedule.
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
  private readonly enforces: boolean;
  private readonly isEncrypted: boolean;
  private readonly sweep: Sweep;

  /**
   * @throws Error if a value breaks a rule of the service, if two overrides have the same target, or if a property is out of range. Synthesis
   * fails if no contact is declared, if there are too many overrides, or if an `AlternateContact` or another `OrganizationAlternateContacts` of
   * the app sets a contact that the sweep sets too. It warns where only the deployment knows whether one does.
   */
  constructor(scope: Construct, id: string, props: OrganizationAlternateContactsProps) {
    super(scope, id);
    const { billing, operations, security } = props;
    this.everyAccount = { billing, operations, security };
    this.enforces = props.mode !== SweepMode.REPORT_ONLY;
    this.isEncrypted = props.encryptionKey !== undefined;
    validateSet(this.node.path, this.everyAccount);
    this.validateOptions(props);
    refuseForeignRole(this, props.role);
    for (const override of props.overrides ?? []) { this.addOverride(override); }
    this.sweep = { construct: this, enforces: this.enforces, everyAccount: this.everyAccount, targets: this.targets };
    registerSweep(this, this.sweep);

    const stack = Stack.of(this);
    const declaration = () => declare(this.everyAccount, this.targets);
    const definition = () => stack.toJsonString(organizationSweep(declaration(), {
      partition: environmentOf(stack).partition, enforce: this.enforces, quotaShare: props.quotaShare ?? 0.8,
    }));

    this.logGroup = logGroupOf(this, props);
    if (props.encryptionKey) { allowLogEncryption(this, props.encryptionKey, { ownsLogGroup: !props.logGroup }); }

    this.role = props.role ?? new Role(this, 'Role', {
      description: 'Keeps the alternate contacts of the organization as declared',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    const statements = accountStatements(this, this.enforces, () => declaration().alternateContactTypes);
    for (const statement of statements) { this.role.addToPrincipalPolicy(statement); }

    const stateMachine = new StateMachine(this, 'StateMachine', {
      // The key's grant names the state machine and must exist first, so the machine needs a fixed name.
      stateMachineName: props.encryptionKey && Names.uniqueResourceName(this, { maxLength: 80, separator: '-' }),
      definitionBody: DefinitionBody.fromString(Lazy.uncachedString({ produce: definition })),
      role: this.role,
      // Logs only the end of a failed execution, with the cause that the machine wrote, and no data.
      logs: { destination: this.logGroup, level: LogLevel.FATAL, includeExecutionData: false },
      encryptionConfiguration: props.encryptionKey && new CustomerManagedEncryptionConfiguration(props.encryptionKey),
    });
    this.stateMachine = stateMachine;
    // A separate policy: it names the machine, which depends on the role's default policy.
    const ownStatements = machineStatements(this, stateMachine.stateMachineArn, stateMachine.stateMachineName);
    const ownPolicy = new Policy(this, 'StateMachinePolicy', { statements: ownStatements });
    this.role.attachInlinePolicy(ownPolicy);
    if (isImmutable(this.role)) {
      const document = new PolicyDocument({ statements: [...statements, ...ownStatements, ...serviceStatements(props.encryptionKey)] });
      warnOfMissingGrants(this, 'The state machine', document);
    }

    const triggers = [
      ...sweepOnSchedule(this, stateMachine, props.schedule ?? ScheduleExpression.rate(Duration.days(1))),
      sweepAfterDeployments(this, stateMachine),
      ...(props.followAccountEvents === false ? [] : sweepOnAccountEvents(this, stateMachine)),
    ];
    for (const trigger of triggers) { trigger.node.addDependency(ownPolicy); }
    this.node.addValidation({ validate: () => this.validateDeclaration(declaration()) });
  }

  /**
   * Adds an override.
   *
   * @throws Error if one of its targets has an override already
   */
  public addOverride(override: AlternateContactOverride): void {
    refuseTwice([...this.targets, ...override._targets].map(({ target }) => target),
      target => `${this.node.path}: each target can have only one override; got two for ${target}`);
    for (const { contacts } of override._targets) { if (contacts) { validateSet(this.node.path, contacts); } }
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
   * The number of executions that failed, for example because an account could not be set for half an hour, or because the set-up is wrong.
   *
   * @default - the sum over five minutes
   */
  public metricFailed(props?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(props);
  }

  /**
   * The number of executions that succeeded: sweeps of all accounts, runs for named accounts, and those that wait after a deployment to start a
   * sweep. An alarm on too few of them shows that sweeps no longer start or succeed. Runs for named accounts can hide that, because they
   * count too.
   *
   * @default - the sum over five minutes
   */
  public metricSucceeded(props?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(props);
  }

  /**
   * The number of executions that were stopped: sweeps that a newer sweep replaced, and executions that somebody stopped by hand.
   *
   * @default - the sum over five minutes
   */
  public metricSuperseded(props?: MetricOptions): Metric {
    return this.stateMachine.metricAborted(props);
  }

  /**
   * Defines a rule that runs when a sweep succeeds or fails. The event has the result of the sweep in `detail.output`.
   *
   * With an `encryptionKey` Step Functions leaves the input, the result and the cause out of its events: read them with `DescribeExecution` and
   * `detail.executionArn`. The rule then runs too for the execution that waits after a deployment to start a sweep.
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
        // Leaves out executions that only wait until a deployment is in force. With a customer managed key, events have no input to recognize them.
        ...this.isEncrypted ? {} : { input: [{ 'anything-but': { prefix: '{"afterSeconds"' } }] },
      },
    });
    if (options.target) { rule.addTarget(options.target); }
    return rule;
  }

  private validateOptions({ mode, quotaShare, schedule, followAccountEvents, logGroup, logRetention }: OrganizationAlternateContactsProps): void {
    const { path } = this.node;
    if (mode !== undefined && !Object.values(SweepMode).includes(mode)) {
      throw new Error(`${path}: mode must be ${Object.values(SweepMode).join(' or ')}; got ${JSON.stringify(mode)}`);
    }
    validateBoolean(path, 'followAccountEvents', followAccountEvents);
    if (quotaShare !== undefined && (Token.isUnresolved(quotaShare) || !(quotaShare >= 0.1 && quotaShare <= 1))) {
      throw new Error(`${path}: quotaShare must be a number from 0.1 to 1; got ${Token.isUnresolved(quotaShare) ? 'a token' : quotaShare}`);
    }
    const broken = schedule && brokenSchedule(schedule.expressionString);
    if (broken) { throw new Error(`${path}: schedule must ${broken}; got ${schedule.expressionString}`); }
    validateLogs(path, { logGroup, logRetention });
  }

  private validateDeclaration(declaration: Declaration): string[] {
    const missing = missingContact([this.everyAccount, ...this.targets.flatMap(({ contacts }) => contacts ?? [])], ', here or in an override');
    if (missing) { return [missing]; }
    return [...tooLarge(declaration), ...this.enforces ? this.findConflicts() : []];
  }

  private findConflicts(): string[] {
    return [...sweepConflicts(this.sweep), ...contactConflicts(this.sweep)];
  }
}
