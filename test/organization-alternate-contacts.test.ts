import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Stage, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SfnStateMachine, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { contact, EVERYONE } from './contacts';
import { attachedStatementsOf } from './policies';
import { AlternateContactOverride, OrganizationAlternateContacts, OrganizationAlternateContactsProps, SweepMode } from '../src';
import { declare, definitionOf, ENV, SOC, stackIn, templateOf, UNIT } from './private/sweep/fixtures';
import { DATA, OrganizationHarness } from './private/sweep/harness';

describe('the resources', () => {
  test('are a state machine with its role and logs, a schedule, and rules for deployments and accounts', () => {
    const template = templateOf();
    expect(Object.values(template.toJSON().Resources as { [id: string]: { Type: string } }).map(({ Type }) => Type).sort()).toEqual([
      ...Array<string>(6).fill('AWS::Events::Rule'),
      ...Array<string>(4).fill('AWS::IAM::Policy'),
      ...Array<string>(3).fill('AWS::IAM::Role'),
      'AWS::Logs::LogGroup', 'AWS::Scheduler::Schedule', 'AWS::StepFunctions::StateMachine',
    ]);
  });

  test('log only the end of failed executions, without their data', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'FATAL', IncludeExecutionData: false, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: Match.anyValue() } }] },
    });
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Delete' });
  });

  test('of a Service Catalog product name the account and region of its deployment, not those of the stage', () => {
    class Product extends ProductStack {
      constructor(scope: Construct) {
        super(scope, 'Product');
        new OrganizationAlternateContacts(this, 'Contacts', SOC);
      }
    }
    const stage = new Stage(new App(), 'Stage', { env: ENV });
    const product = new Product(new Stack(stage, 'Portfolio'));
    const template = readFileSync(join(stage.synth().directory, product.templateFile), 'utf8');
    expect(template).toContain('AWS::StepFunctions::StateMachine');
    expect(template).not.toContain(ENV.account);
  });

  test('use a given schedule, role, log group and retention', () => {
    const stack = stackIn(ENV);
    const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const logGroup = new LogGroup(stack, 'Logs', { retention: RetentionDays.ONE_DAY });
    const schedule = ScheduleExpression.cron({ minute: '30', hour: '3', timeZone: TimeZone.EUROPE_BERLIN });
    const { contacts } = declare({ ...SOC, role, logGroup, schedule }, stack);
    expect([contacts.role, contacts.logGroup]).toEqual([role, logGroup]);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(30 3 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' });
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'Arn'] } });
    templateOf({ ...SOC, logRetention: RetentionDays.ONE_YEAR }).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('name the partition of the deployment', () => {
    expect(definitionOf(templateOf())).toContain('"arn:<AWS::Partition>:states:::aws-sdk:account:putAlternateContact"');
  });
});

describe('the construct', () => {
  test('has metrics of the machine', () => {
    const { contacts } = declare();
    const metrics = [contacts.metricFailed(), contacts.metricSucceeded(), contacts.metricSuperseded({ period: Duration.days(1) })];
    expect(metrics.map(({ metricName }) => metricName)).toEqual(['ExecutionsFailed', 'ExecutionsSucceeded', 'ExecutionsAborted']);
    expect(contacts.metricFailed().dimensions).toEqual({ StateMachineArn: contacts.stateMachine.stateMachineArn });
    expect(contacts.metricFailed().statistic).toBe('Sum');
  });

  test('defines rules for sweeps that have ended', () => {
    const { stack, contacts } = declare();
    contacts.onSweepCompleted('Done', { target: new SfnStateMachine(contacts.stateMachine), description: 'Reports a sweep' });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Description: 'Reports a sweep',
      EventPattern: {
        'source': ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        'detail': {
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('StateMachine') }],
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT'],
          input: [{ 'anything-but': { prefix: '{"afterSeconds"' } }],
        },
      },
      Targets: [Match.anyValue()],
    });
  });

  test('allows a principal to start sweeps, and nothing else', () => {
    const { stack, contacts } = declare();
    contacts.grantStartSweep(new Role(stack, 'Vending', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(attachedStatementsOf(Template.fromStack(stack), /^Vending/)).toEqual([{ Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: expect.any(String) } }]);
  });

  test.each<[string, OrganizationAlternateContactsProps, string]>([
    ['a value that breaks a rule', { security: { ...contact('soc'), phoneNumber: 'none' } }, 'Stack/Contacts, security: phoneNumber must be 1 to 25 digits'],
    // Values from the context have the type any.
    ['an unknown mode', { mode: 'report_only' as SweepMode }, 'Stack/Contacts: mode must be ENFORCE or REPORT_ONLY; got "report_only"'],
    ['followAccountEvents as a string', { followAccountEvents: 'false' as unknown as boolean }, 'Stack/Contacts: followAccountEvents must be true or false; got "false"'],
    ['a quota share of 0', { quotaShare: 0 }, 'Stack/Contacts: quotaShare must be a number from 0.1 to 1; got 0'],
    ['a quota share below 0.1', { quotaShare: 0.099 }, 'Stack/Contacts: quotaShare must be a number from 0.1 to 1; got 0.099'],
    ['a quota share above 1', { quotaShare: 1.01 }, 'Stack/Contacts: quotaShare must be a number from 0.1 to 1; got 1.01'],
    ['a quota share that is not a number', { quotaShare: NaN }, 'Stack/Contacts: quotaShare must be a number from 0.1 to 1; got NaN'],
  ])('refuses %s', (_, props, message) => {
    expect(() => declare({ ...SOC, ...props })).toThrow(message);
  });

  test.each([[undefined, 8, 4], [0.1, 1, 0.5], [1, 10, 5]])('with the quota share %j makes %d gets and %d puts per second', (quotaShare, gets, puts) => {
    expect(definitionOf(templateOf({ ...SOC, quotaShare }))).toContain(`{'gets':${gets},'puts':${puts}}`);
  });

  test('is refused without contacts, but only at synthesis, because overrides can be added until then', () => {
    expect(() => declare({})).not.toThrow();
    expect(() => templateOf({})).toThrow('at least one of billing, operations and security must be given, here or in an override; got none');
    expect(() => templateOf({ overrides: [AlternateContactOverride.exclude([UNIT])] })).toThrow('got none');
    expect(() => templateOf({ overrides: [AlternateContactOverride.forOrganizationalUnits([UNIT], SOC)] })).not.toThrow();
  });
});

describe('the rule for completed sweeps', () => {
  let organization: OrganizationHarness;
  afterEach(() => organization?.sandbox.close());

  /** The events that reach the target of the rule, from a deployment, its sweeps and a run that fails. */
  const matchedEvents = async (propsOf: (stack: Stack) => Partial<OrganizationAlternateContactsProps> = () => ({})) => {
    organization = await OrganizationHarness.start();
    await organization.deploy(EVERYONE, undefined, stack => ({ ...EVERYONE, ...propsOf(stack) }), (contacts, stack) =>
      contacts.onSweepCompleted('Completed', { target: new SnsTopic(new Topic(stack, 'Topic')) }));
    organization.sandbox.faults.add({
      api: '*', kind: 'error', status: 403, name: 'AccessDeniedException', times: Infinity, match: call => call.accountId === DATA,
    });
    await organization.run({ accountIds: [DATA] });
    await organization.settle();
    return organization.sandbox.deliveries.filter(({ outcome }) => outcome === 'not modelled')
      .map(({ input }) => (input as { detail: { status: string; input?: string; output?: string } }).detail);
  };

  test('matches sweeps, but not executions that wait for a deployment', async () => {
    const events = await matchedEvents();
    expect(events.map(({ status, input }) => [status, input])).toEqual([['SUCCEEDED', '{}'], ['FAILED', `{"accountIds":["${DATA}"]}`]]);
    expect(JSON.parse(events[0].output ?? '')).toMatchObject({ accounts: 5 });
  });

  test('matches sweeps with an encryption key too, although their events have no input and no result', async () => {
    const key = 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000';
    const events = await matchedEvents(stack => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', key) }));
    expect(events.map(({ status }) => status)).toEqual(expect.arrayContaining(['SUCCEEDED', 'FAILED']));
    expect(events.every(event => !('input' in event) && !('output' in event))).toBe(true);
  });
});
