import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, CfnParameter, Duration, Stack, Stage, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  AlternateContact, AlternateContactOverride, AlternateContacts, AlternateContactType, OrganizationAlternateContacts,
  OrganizationAlternateContactsProps, OrganizationEventForwarder, SweepMode,
} from '../src';

const contact = (name: string) => ({ name, title: 'On call', emailAddress: `${name}@example.com`, phoneNumber: '+1 555 0100' });
const SOC = { security: contact('soc') };
const ENV = { account: '111111111111', region: 'us-east-1' };
const UNIT = 'ou-ab12-11111111';

const stackIn = (env?: { account: string; region: string }, app = new App(), id = 'Stack') => new Stack(app, id, { env });
const declare = (props: OrganizationAlternateContactsProps = SOC, stack = stackIn(ENV)) =>
  ({ stack, contacts: new OrganizationAlternateContacts(stack, 'Contacts', props) });
const templateOf = (props: OrganizationAlternateContactsProps = SOC, stack = stackIn(ENV)) => Template.fromStack(declare(props, stack).stack);

interface Statement { Action: string | string[]; Resource: unknown; Condition?: unknown }
interface Policy { Properties: { PolicyDocument: { Statement: Statement[] } } }
interface InputTransformer { InputTemplate: string; InputPathsMap: { [name: string]: string } }
interface AccountRule { Properties: { EventPattern: { detail: { eventName?: string[] } }; Targets: { InputTransformer?: InputTransformer }[] } }
const statementsOf = (template: Template, name: RegExp): Statement[] => Object.entries(template.findResources('AWS::IAM::Policy'))
  .filter(([id]) => name.test(id)).flatMap(([, policy]) => (policy as Policy).Properties.PolicyDocument.Statement);

/** The definition as text, with what only the deployment knows as `<...>`. */
function definitionOf(template: Template): string {
  const [{ Properties }] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { DefinitionString: unknown } }[];
  const text = Properties.DefinitionString as string | { 'Fn::Join': [string, (string | object)[]] };
  return typeof text === 'string' ? text : text['Fn::Join'][1].map(part => typeof part === 'string' ? part : `<${Object.values(part).flat().join('.')}>`).join('');
}

describe('the resources', () => {
  test('are one machine with its role and logs, a schedule, and rules for deployments and accounts', () => {
    const template = templateOf();
    expect(Object.values(template.toJSON().Resources as { [id: string]: { Type: string } }).map(({ Type }) => Type).sort()).toEqual([
      ...Array<string>(6).fill('AWS::Events::Rule'),
      ...Array<string>(4).fill('AWS::IAM::Policy'),
      ...Array<string>(3).fill('AWS::IAM::Role'),
      'AWS::Logs::LogGroup', 'AWS::Scheduler::Schedule', 'AWS::StepFunctions::StateMachine',
    ]);
    expect(template.toJSON()).not.toHaveProperty('Resources.AWS::Lambda::Function');
  });

  test('log the end of failed executions, without data', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'FATAL', IncludeExecutionData: false, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: Match.anyValue() } }] },
    });
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Delete' });
  });

  test('start sweeps at once and every day, after deployments and rollbacks, and only when the machine may work', () => {
    const template = templateOf();
    template.hasResource('AWS::Scheduler::Schedule', {
      Properties: { ScheduleExpression: 'rate(1 day)', StartDate: Match.absent(), Target: { Input: '{}', Arn: { Ref: Match.stringLikeRegexp('StateMachine') } } },
      // A rate starts at once: the role must be allowed to start the machine, and the machine must be allowed to work.
      DependsOn: ['ScheduleRoleDefaultPolicy', 'StateMachinePolicy'].map(id => Match.stringLikeRegexp(id)),
    });
    template.hasResource('AWS::Events::Rule', {
      Properties: {
        EventPattern: {
          'source': ['aws.cloudformation'],
          'detail-type': ['CloudFormation Stack Status Change'],
          'detail': { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
        },
        Targets: [Match.objectLike({ Input: '{"afterSeconds":60}' })],
      },
      DependsOn: [Match.stringLikeRegexp('StateMachinePolicy')],
    });
  });

  test('name the account and region that a Service Catalog product is deployed to, not those of the stage', () => {
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

  test.each<[boolean, string]>([
    [false, 'to call kms:Decrypt, and logs\\.<region>\\.amazonaws\\.com to encrypt'],
    [true, 'to call kms:Decrypt\\. '],
  ])('warn what the policy of an imported key must allow (with a log group of the user: %j)', (hasLogGroup, text) => {
    const stack = stackIn(ENV);
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1');
    declare({ ...SOC, encryptionKey, logGroup: hasLogGroup ? new LogGroup(stack, 'Logs') : undefined }, stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Contacts', Match.stringLikeRegexp(`It must allow delivery\\.logs\\.amazonaws\\.com ${text}`));
    const own = stackIn(ENV);
    declare({ ...SOC, encryptionKey: new Key(own, 'Key') }, own);
    Annotations.fromStack(own).hasNoWarning('*', Match.stringLikeRegexp('imported key'));
  });

  test('follow accounts by their ids alone', () => {
    const rules = Object.values(templateOf().findResources('AWS::Events::Rule')) as AccountRule[];
    const inputs = rules.flatMap(({ Properties: { EventPattern, Targets } }) => Targets.flatMap(({ InputTransformer: input }) => input
      ? [[EventPattern.detail.eventName?.[0], input.InputTemplate.replace(/<[^>]+>/g, '<>'), Object.values(input.InputPathsMap)]] : []));
    const details = '$.detail.serviceEventDetails';
    expect(inputs).toEqual([
      ['CreateAccountResult', '{"accountIds":[<>]}', [`${details}.createAccountStatus.accountId`]],
      ['AccountJoinedOrganization', '{"joined":"<> <> <> <> <> <> <>"}', expect.any(Array)],
      ['MoveAccount', '{"accountIds":[<>]}', ['$.detail.requestParameters.accountId']],
      ['CreateManagedAccount', '{"accountIds":[<>]}', [`${details}.createManagedAccountStatus.account.accountId`]],
      ['UpdateManagedAccount', '{"accountIds":[<>]}', [`${details}.updateManagedAccountStatus.account.accountId`]],
    ]);
    expect(inputs.flatMap(([, , paths]) => paths as string[]).filter(path => !/\.(accountId|joinedMethod)$/.test(path))).toEqual([]);
  });

  test('leave accounts that were created to the event about that', () => {
    const pattern = { joinedMethod: [{ 'anything-but': ['Created', 'CREATED'] }, { exists: false }] };
    templateOf().hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { eventName: ['AccountJoinedOrganization'], serviceEventDetails: pattern, requestParameters: pattern, responseElements: pattern } },
    });
  });

  test('start a sweep when the stack is created, also where the schedule is cron', () => {
    const expressionsOf = (props: Partial<OrganizationAlternateContactsProps>) =>
      (Object.values(templateOf({ ...SOC, ...props }).findResources('AWS::Scheduler::Schedule')) as { Properties: { ScheduleExpression: string } }[])
        .map(({ Properties }) => Properties.ScheduleExpression);
    expect(expressionsOf({})).toEqual(['rate(1 day)']);
    expect(expressionsOf({ schedule: ScheduleExpression.cron({ minute: '0', hour: '3' }) })).toEqual(['cron(0 3 * * ? *)', 'rate(365 days)']);
  });

  test('do not follow accounts if they are not to', () => {
    templateOf({ ...SOC, followAccountEvents: false }).resourceCountIs('AWS::Events::Rule', 1);
  });

  test('take a schedule, a role, a log group and a retention', () => {
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

  test('are encrypted with a key that is given, which the role may use for this machine', () => {
    const stack = stackIn(ENV);
    const template = templateOf({ ...SOC, encryptionKey: new Key(stack, 'Key') }, stack);
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { StateMachineName: string } }[];
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: Match.anyValue() } });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
    const [use] = statementsOf(template, /RoleDefaultPolicy/).filter(({ Action }) => [Action].flat().includes('kms:Decrypt'));
    expect(machine.Properties.StateMachineName).toMatch(/^Stack-Contacts-?[0-9A-F]{8}$/);
    expect(JSON.stringify(use.Condition)).toContain(`:states:us-east-1:111111111111:stateMachine:${machine.Properties.StateMachineName}"`);
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).toContain('logs.us-east-1.');
  });
});

describe('the permissions', () => {
  test('are to list accounts, to read and set the contacts that are declared, and nothing else', () => {
    const P = { Ref: 'AWS::Partition' };
    const resource = (...parts: unknown[]) => ({ 'Fn::Join': ['', ['arn:', P, ...parts]] });
    expect(statementsOf(templateOf(), /ContactsRoleDefaultPolicy/).map(({ Action, Resource, Condition }) => ({ Action, Resource, Condition }))).toEqual([
      { Action: 'organizations:ListAccounts', Resource: '*' },
      { Action: 'organizations:DescribeAccount', Resource: resource(':organizations::*:account/o-*/*') },
      {
        Action: ['account:GetAlternateContact', 'account:PutAlternateContact'],
        Resource: [resource(':account::111111111111:account'), resource(':account::*:account/o-*/*')],
        Condition: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': ['SECURITY'] } },
      },
      // What Step Functions needs to write logs takes no resource.
      { Action: expect.arrayContaining(['logs:CreateLogDelivery']), Resource: '*' },
    ]);
  });

  test('over the machine are over itself alone', () => {
    const name = { 'Fn::GetAtt': [expect.stringMatching(/StateMachine/), 'Name'] };
    const executions = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states:us-east-1:111111111111:execution:', name, ':*']] };
    expect(statementsOf(templateOf(), /StateMachinePolicy/)).toEqual([
      { Effect: 'Allow', Action: ['states:StartExecution', 'states:ListExecutions'], Resource: { Ref: expect.stringMatching(/StateMachine/) } },
      { Effect: 'Allow', Action: ['states:DescribeExecution', 'states:StopExecution'], Resource: executions },
    ]);
  });

  test('name the types that overrides declare too, also those added later', () => {
    const { stack, contacts } = declare();
    contacts.addOverride(AlternateContactOverride.forAccounts(['222222222222'], { billing: contact('lab') }));
    const [, , { Condition }] = statementsOf(Template.fromStack(stack), /ContactsRoleDefaultPolicy/);
    expect(Condition).toEqual({ 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': ['BILLING', 'SECURITY'] } });
  });

  test('are to read alone where nothing is enforced', () => {
    const template = templateOf({ ...SOC, mode: SweepMode.REPORT_ONLY });
    expect(JSON.stringify(template.toJSON())).not.toContain('PutAlternateContact');
    expect(definitionOf(template)).not.toContain('putAlternateContact');
  });

  test('never are to delete a contact', () => {
    expect(JSON.stringify(templateOf().toJSON())).not.toMatch(/DeleteAlternateContact/i);
  });

  test('are given to a role that is given, without a warning', () => {
    const stack = stackIn(ENV);
    const template = templateOf({ ...SOC, role: new Role(stack, 'Own', { assumedBy: new ServicePrincipal('states.amazonaws.com') }) }, stack);
    expect(JSON.stringify(statementsOf(template, /^OwnDefaultPolicy/))).toContain('account:GetAlternateContact');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('are listed in a warning for an immutable role, and not given to it', () => {
    const stack = stackIn(ENV);
    const immutable = Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/own', { mutable: false });
    const template = templateOf({ ...SOC, role: immutable, encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1') }, stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Contacts/Permissions', Match.stringLikeRegexp(
      'The role is immutable, so nothing is granted to it. The state machine needs: .*organizations:ListAccounts.*"account:AlternateContactTypes":\\["SECURITY"\\]'
      + '.*states:StartExecution.*logs:CreateLogDelivery.*kms:Decrypt'));
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('account:GetAlternateContact');
  });

  test('to start sweeps can be granted', () => {
    const { stack, contacts } = declare();
    contacts.grantStartSweep(new Role(stack, 'Vending', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(statementsOf(Template.fromStack(stack), /^Vending/)).toEqual([{ Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: expect.any(String) } }]);
  });
});

describe('the definition', () => {
  test('has the declaration of when the app is synthesized', () => {
    const { stack, contacts } = declare();
    contacts.addOverride(AlternateContactOverride.forOrganizationalUnits([UNIT], { operations: contact('shop') }));
    const definition = JSON.parse(definitionOf(Template.fromStack(stack))) as object;
    expect(JSON.stringify(definition)).toContain('"* -.-.0","ou-ab12-11111111 -.1.-"');
    expect(JSON.stringify(definition)).toContain('shop@example.com');
  });

  test('names the partition that it is deployed to', () => {
    expect(definitionOf(templateOf())).toContain('"arn:<AWS::Partition>:states:::aws-sdk:account:putAlternateContact"');
  });

  test('takes tokens for accounts, units and values', () => {
    const stack = stackIn();
    const account = new CfnAccount(stack, 'Shop', { accountName: 'shop', email: 'aws+shop@example.com' });
    const mailbox = new CfnParameter(stack, 'Mailbox').valueAsString;
    const unit = new CfnParameter(stack, 'Unit').valueAsString;
    const template = templateOf({
      security: { ...contact('soc'), emailAddress: mailbox },
      overrides: [
        AlternateContactOverride.forAccounts([account.attrAccountId], { security: contact('lab') }),
        AlternateContactOverride.forOrganizationalUnits([unit], { security: contact('lab') }),
        AlternateContactOverride.exclude([Aws.ACCOUNT_ID]),
      ],
    }, stack);
    const definition = definitionOf(template);
    expect(definition).toContain('"EmailAddress":"<Mailbox>"');
    expect(definition).toContain('["* -.-.0","<Shop.AccountId> -.-.1","<Unit> -.-.1","<AWS::AccountId> x.x.x"]');
  });
});

describe('the members', () => {
  test('are metrics of the machine', () => {
    const { contacts } = declare();
    const metrics = [contacts.metricFailed(), contacts.metricSucceeded(), contacts.metricSuperseded({ period: Duration.days(1) })];
    expect(metrics.map(({ metricName }) => metricName)).toEqual(['ExecutionsFailed', 'ExecutionsSucceeded', 'ExecutionsAborted']);
    expect(contacts.metricFailed().dimensions).toEqual({ StateMachineArn: contacts.stateMachine.stateMachineArn });
    expect(contacts.metricFailed().statistic).toBe('Sum');
  });

  test('are rules for sweeps that have ended', () => {
    const { stack, contacts } = declare();
    contacts.onSweepCompleted('Done', { target: new SfnStateMachine(contacts.stateMachine), description: 'told' });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Description: 'told',
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
});

describe('a declaration', () => {
  const invalid = (props: OrganizationAlternateContactsProps) => () => declare(props);

  test.each<[string, () => unknown, string]>([
    ['a value that breaks a rule', invalid({ security: { ...contact('soc'), phoneNumber: 'none' } }), 'Stack/Contacts, security: phoneNumber must be 1 to 25 digits'],
    ['a value that Step Functions would evaluate', invalid({ billing: { ...contact('x'), name: '{% $x %}' } }), 'Stack/Contacts, billing: name must not begin with {% or end with %}'],
    ['a value that ends as an expression', invalid({ billing: { ...contact('x'), name: 'x %}' } }), 'name must not begin with {% or end with %}, which mark an expression of Step Functions; got "x %}"'],
    // What comes from the context of the command line has the type any.
    ['a mode that is none', invalid({ ...SOC, mode: 'report_only' as SweepMode }), 'Stack/Contacts: mode must be ENFORCE or REPORT_ONLY; got "report_only"'],
    ['a schedule of one year', invalid({ ...SOC, schedule: ScheduleExpression.expression('cron(0 0 1 1 ? 2027)') }), 'schedule must recur every year; got cron(0 0 1 1 ? 2027)'],
    ['followAccountEvents as a string', invalid({ ...SOC, followAccountEvents: 'false' as unknown as boolean }), 'Stack/Contacts: followAccountEvents must be true or false; got "false"'],
    ['a quota share of 0', invalid({ ...SOC, quotaShare: 0 }), 'Stack/Contacts: quotaShare must be a number from 0.1 to 1; got 0'],
    ['a quota share above 1', invalid({ ...SOC, quotaShare: 1.01 }), 'quotaShare must be a number from 0.1 to 1; got 1.01'],
    ['a quota share that is no number', invalid({ ...SOC, quotaShare: NaN }), 'quotaShare must be a number from 0.1 to 1; got NaN'],
    ['a schedule below an hour', invalid({ ...SOC, schedule: ScheduleExpression.rate(Duration.minutes(59)) }), 'schedule must run at most once an hour; got rate(59 minutes)'],
    ['a schedule each minute', invalid({ ...SOC, schedule: ScheduleExpression.cron({}) }), 'schedule must run at most once an hour, at a single minute; got cron(* * * * ? *)'],
    ['a schedule for one time', invalid({ ...SOC, schedule: ScheduleExpression.at(new Date(0)) }), 'schedule must recur: rate() or cron(); got at(1970-01-01T00:00:00)'],
    ['a retention with a log group', () => {
      const stack = stackIn(ENV);
      declare({ ...SOC, logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_DAY }, stack);
    }, 'logRetention must not be combined with logGroup'],
    ['a short account id', () => AlternateContactOverride.forAccounts(['22222222222'], SOC), 'AlternateContactOverride.forAccounts: each of accountIds must be an account id, a string of 12 digits; got "22222222222"'],
    ['a unit as an account', () => AlternateContactOverride.forAccounts([UNIT], SOC), 'got "ou-ab12-11111111"'],
    ['an account as a unit', () => AlternateContactOverride.forOrganizationalUnits(['222222222222'], SOC), 'each of organizationalUnitIds must be the id of an organizational unit, such as ou-ab12-11111111'],
    ['a unit id in upper case', () => AlternateContactOverride.exclude(['OU-ab12-11111111']), 'each of targetIds must be an account id of 12 digits, or the id of an organizational unit'],
    ['a short unit id', () => AlternateContactOverride.exclude(['ou-ab1-11111111']), 'got "ou-ab1-11111111"'],
    ['no target', () => AlternateContactOverride.exclude([]), 'AlternateContactOverride.exclude: targetIds must not be empty'],
    ['a target twice', () => AlternateContactOverride.exclude([UNIT, UNIT]), 'targetIds must name each target once; got ou-ab12-11111111 twice'],
    // As from a table without the id: it must not turn into an exclusion.
    ['an override whose contacts are undefined', () => AlternateContactOverride.forOrganizationalUnits([UNIT], ({} as Record<string, typeof SOC>)[UNIT]), 'AlternateContactOverride.forOrganizationalUnits: at least one of billing, operations and security must be given for ou-ab12-11111111; got none'],
    ['an override without contacts', () => AlternateContactOverride.forAccounts(['222222222222'], {}), 'at least one of billing, operations and security must be given for 222222222222; got none'],
    ['a wrong value in an override', () => AlternateContactOverride.forAccounts(['222222222222'], { billing: { ...contact('x'), title: '' } }), 'AlternateContactOverride.forAccounts, billing: title must be'],
    ['an expression in an override', () => AlternateContactOverride.forAccounts(['222222222222'], { billing: { ...contact('x'), title: '{%' } }), 'AlternateContactOverride.forAccounts, billing: title must not begin with {%'],
    ['the end of an expression in an override', () => AlternateContactOverride.forAccounts(['222222222222'], { billing: { ...contact('x'), title: '50 %}' } }), 'AlternateContactOverride.forAccounts, billing: title must not begin with {% or end with %}'],
    ['two overrides for one target', invalid({ ...SOC, overrides: [AlternateContactOverride.exclude([UNIT]), AlternateContactOverride.forOrganizationalUnits([UNIT], SOC)] }), 'Stack/Contacts: each target can have only one override; got two for ou-ab12-11111111'],
  ])('with %s is refused', (_, define, message) => {
    expect(define).toThrow(message);
  });

  test.each(['r-ab12', 'ou-ab12-11111111', `ou-${'a'.repeat(32)}-${'1'.repeat(32)}`, '222222222222'])('may leave out %s', target => {
    expect(() => AlternateContactOverride.exclude([target])).not.toThrow();
  });

  test('that is added later is refused as early', () => {
    const { contacts } = declare({ ...SOC, overrides: [AlternateContactOverride.exclude([UNIT])] });
    expect(() => contacts.addOverride(AlternateContactOverride.exclude([UNIT]))).toThrow('got two for ou-ab12-11111111');
  });

  test('without contacts is refused at synthesis, because overrides can be added until then', () => {
    expect(() => templateOf({})).toThrow('at least one of billing, operations and security must be given, here or in an override; got none');
    expect(() => templateOf({ overrides: [AlternateContactOverride.exclude([UNIT])] })).toThrow('got none');
    expect(() => templateOf({ overrides: [AlternateContactOverride.forOrganizationalUnits([UNIT], SOC)] })).not.toThrow();
  });

  const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(200000000000 + i));

  test('with more overrides than a variable holds is refused, and told how many fit', () => {
    expect(() => templateOf({ ...SOC, overrides: [AlternateContactOverride.forAccounts(accounts(20_000), SOC)] }))
      .toThrow(/too many overrides: 20001 take \d+ bytes, and Step Functions holds 258048, which is about 1\d{4} of them\. Declare fewer/);
    expect(() => templateOf({ ...SOC, overrides: [AlternateContactOverride.forAccounts(accounts(10_000), SOC)] })).not.toThrow();
  });

  test('with more different contacts than a variable holds is refused, and told how many fit', () => {
    const overrides = (count: number) => accounts(count).map(id => AlternateContactOverride.forAccounts([id], { security: contact(`on-call-${id}`) }));
    expect(() => templateOf({ ...SOC, overrides: overrides(2_500) })).toThrow(/too many different contacts: 2501 take \d+ bytes, .* about \d{4} of them/);
    expect(() => templateOf({ ...SOC, overrides: overrides(1_500) })).not.toThrow();
  });
});

describe('an AlternateContact in the same app', () => {
  const app = (more: (stack: Stack) => void, overrides: AlternateContactOverride[] = [], isAgnostic = false) => {
    const root = new App();
    const env = isAgnostic ? undefined : ENV;
    declare({ ...SOC, overrides }, stackIn(env, root, 'Organization'));
    more(stackIn(env, root, 'Other'));
    return () => root.synth();
  };
  const security = (accountId?: string, name = 'soc') => (stack: Stack) =>
    new AlternateContact(stack, 'Contact', { accountId, alternateContactType: AlternateContactType.SECURITY, ...contact(name) });

  test('is an error where the sweep sets the contact too', () => {
    expect(app(security('222222222222'))).toThrow('the SECURITY contact of 222222222222 is declared by this sweep and by Other/Contact: it may change with each sweep and each deployment. '
      + 'Remove one of the two, or leave the account to the other by AlternateContactOverride.exclude() with its id');
    expect(app(security())).toThrow('the SECURITY contact of 111111111111 is declared by this sweep and by');
    expect(app(security(), [], true)).toThrow('the SECURITY contact of its account is declared by this sweep and by');
    expect(app(stack => new AlternateContacts(stack, 'Shop', { accountId: '222222222222', security: contact('soc') }))).toThrow('Other/Shop/Security');
  });

  test('is a warning in another stage, which may be for another organization', () => {
    const root = new App();
    const { stack } = declare(SOC, stackIn(ENV, root));
    security('222222222222')(new Stack(new Stage(root, 'Stage'), 'Other'));
    root.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Contacts', Match.stringLikeRegexp(
      'also sets the SECURITY contact of 222222222222, which Stage/Other/Contact declares, if the account is in the same organization'));
  });

  test('is fine beside a sweep that only compares', () => {
    const beside = (mode: SweepMode) => {
      const root = new App();
      declare({ ...SOC, mode }, stackIn(ENV, root, 'Organization'));
      security('222222222222')(stackIn(ENV, root, 'Other'));
      return () => root.synth();
    };
    expect(beside(SweepMode.REPORT_ONLY)).not.toThrow();
    expect(beside(SweepMode.ENFORCE)).toThrow('is declared by this sweep and by Other/Contact');
  });

  test('is fine for another type', () => {
    expect(app(stack => new AlternateContact(stack, 'Contact', { alternateContactType: AlternateContactType.BILLING, ...contact('x') }))).not.toThrow();
  });

  test('is fine for an account that is excluded, however it is named', () => {
    expect(app(security('222222222222'), [AlternateContactOverride.exclude(['222222222222'])])).not.toThrow();
    expect(app(security(), [AlternateContactOverride.exclude(['111111111111'])])).not.toThrow();
    expect(app(security(), [AlternateContactOverride.exclude([Aws.ACCOUNT_ID])], true)).not.toThrow();
    expect(app(security('222222222222'), [AlternateContactOverride.exclude(['333333333333'])])).toThrow('is declared by this sweep and by');
  });

  test('of an account that only the deployment knows is taken for one of the sweep\'s own account', () => {
    const root = new App();
    declare({ ...SOC, overrides: [AlternateContactOverride.exclude([ENV.account])] }, stackIn(ENV, root, 'Organization'));
    security()(stackIn(undefined, root, 'Other'));
    expect(() => root.synth()).not.toThrow();
  });

  test('is fine where an override for the account has the same values, and an error where they differ', () => {
    const overrides = [AlternateContactOverride.forAccounts(['222222222222'], { security: contact('lab') })];
    expect(app(security('222222222222', 'lab'), overrides)).not.toThrow();
    expect(app(security('222222222222', 'soc'), overrides)).toThrow('is declared by this sweep and by');
  });

  test('is told to go into the override where the account has one, because a target can have no other', () => {
    const overrides = [AlternateContactOverride.forAccounts(['222222222222'], { billing: contact('lab') })];
    expect(app(security('222222222222'), overrides)).toThrow('Remove one of the two, or declare the same values in the override for the account');
  });

  test('is not looked at while a lookup is pending, which an error would keep from being done', () => {
    const lookUp = (stack: Stack) => StringParameter.valueFromLookup(stack, '/account');
    expect(app(stack => security(lookUp(stack))(stack))).not.toThrow();
    const root = new App();
    const stack = stackIn(ENV, root);
    declare({ ...SOC, overrides: [AlternateContactOverride.exclude([lookUp(stack)])] }, stack);
    declare({ overrides: [AlternateContactOverride.forAccounts(['222222222222'], SOC)] }, stackIn(ENV, root, 'Other'));
    expect(() => root.synth()).not.toThrow();
  });

  describe('for an account that the app creates', () => {
    /** A stack that creates an account, and one that sweeps and excludes one. */
    const vending = (excludeSame: boolean) => {
      const root = new App();
      const [one, two] = ['One', 'Two'].map(name => {
        const stack = stackIn(ENV, root, name);
        return { stack, account: new CfnAccount(stack, 'Shop', { accountName: 'Shop', email: 'shop@example.com' }) };
      });
      const sweep = stackIn(ENV, root, 'Organization');
      declare({ ...SOC, overrides: [AlternateContactOverride.exclude([(excludeSame ? one : two).account.attrAccountId])] }, sweep);
      security(one.account.attrAccountId)(one.stack);
      return () => root.synth();
    };

    test('is fine if the sweep in another stack excludes it', () => {
      expect(vending(true)).not.toThrow();
    });

    test('is an error if the sweep excludes one that another stack creates under the same id', () => {
      expect(vending(false)).toThrow('the SECURITY contact of its account is declared by this sweep and by One/Contact');
    });
  });

  test('is a warning where only an organizational unit is overridden, in which the account may be', () => {
    const root = new App();
    const unit = AlternateContactOverride.forOrganizationalUnits([UNIT], SOC);
    declare({ billing: contact('finance'), overrides: [unit] }, stackIn(ENV, root, 'Organization'));
    const other = stackIn(ENV, root, 'Other');
    security('222222222222')(other);
    root.synth();
    Annotations.fromStack(other).hasWarning('/Other/Contact', Match.stringLikeRegexp('Organization/Contacts also sets the SECURITY contact of 222222222222, which Other/Contact declares, if the account is in an organizational unit that it overrides'));
  });
});

describe('another OrganizationAlternateContacts in the same app', () => {
  const { exclude, forAccounts, forOrganizationalUnits } = AlternateContactOverride;
  const two = (one: OrganizationAlternateContactsProps, other: OrganizationAlternateContactsProps, env = ENV, stage = false) => {
    const root = new App();
    new OrganizationAlternateContacts(stackIn(ENV, root, 'One'), 'Contacts', one);
    new OrganizationAlternateContacts(new Stack(stage ? new Stage(root, 'Stage') : root, 'Other', { env }), 'Contacts', other);
    return () => root.synth();
  };
  const BILLING = { billing: contact('finance') };

  test.each<[string, OrganizationAlternateContactsProps, OrganizationAlternateContactsProps]>([
    ['every account', SOC, SOC],
    ['every account and a unit', SOC, { overrides: [forOrganizationalUnits([UNIT], SOC)] }],
    ['every account and an account whose other types are overridden', { ...SOC, overrides: [forAccounts(['222222222222'], BILLING)] }, { overrides: [forAccounts(['222222222222'], SOC)] }],
    ['the same unit', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forOrganizationalUnits([UNIT, 'ou-ab12-22222222'], SOC)] }],
  ])('is an error where both set a type for %s', (_, one, other) => {
    for (const synth of [two(one, other), two(other, one), two(one, other, { ...ENV, region: 'eu-west-1' })]) {
      expect(synth).toThrow(/the SECURITY contacts of some accounts are declared by this sweep and by \w+\/Contacts: they would change with each sweep of either/);
    }
  });

  test.each<[string, OrganizationAlternateContactsProps, OrganizationAlternateContactsProps]>([
    ['other types', SOC, BILLING],
    ['a unit that the other excludes', { ...SOC, overrides: [exclude([UNIT])] }, { overrides: [forOrganizationalUnits([UNIT], SOC)] }],
    ['other units', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forOrganizationalUnits(['ou-ab12-22222222'], SOC)] }],
  ])('is fine for %s', (_, one, other) => {
    expect(two(one, other)).not.toThrow();
    expect(two(other, one)).not.toThrow();
  });

  test.each<[string, OrganizationAlternateContactsProps, OrganizationAlternateContactsProps, boolean]>([
    ['an account and a unit, in which it may be,', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forAccounts(['222222222222'], SOC)] }, true],
    ['two units, of which one may contain the other,', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forOrganizationalUnits(['ou-ab12-22222222'], SOC)] }, true],
    ['two accounts', { overrides: [forAccounts(['222222222222'], SOC)] }, { overrides: [forAccounts(['333333333333'], SOC)] }, false],
    ['a unit and an account that it excludes', { overrides: [forOrganizationalUnits([UNIT], SOC), exclude(['222222222222'])] }, { overrides: [forAccounts(['222222222222'], SOC)] }, false],
    ['a unit and an account, for other types', { overrides: [forOrganizationalUnits([UNIT], SOC)] }, { overrides: [forAccounts(['222222222222'], BILLING)] }, false],
  ])('that overrides %s warns: %s', (_, one, other, isWarned) => {
    for (const [first, second] of [[one, other], [other, one]]) {
      const root = new App();
      const stacks = ['One', 'Other'].map(name => stackIn(ENV, root, name));
      new OrganizationAlternateContacts(stacks[0], 'Contacts', first);
      new OrganizationAlternateContacts(stacks[1], 'Contacts', second);
      root.synth();
      for (const [stack, another] of [['One', 'Other'], ['Other', 'One']]) {
        const warnings = Annotations.fromStack(root.node.findChild(stack) as Stack).findWarning('*', Match.stringLikeRegexp(
          `the SECURITY contacts of some accounts may be declared by this sweep and by ${another}/Contacts: an account may be in an organizational unit`));
        expect(warnings).toHaveLength(isWarned ? 1 : 0);
      }
    }
  });

  test('is fine if one of the two only compares', () => {
    const compares = { ...SOC, mode: SweepMode.REPORT_ONLY };
    expect(two(SOC, compares)).not.toThrow();
    expect(two(compares, SOC)).not.toThrow();
  });

  test('is fine in another stage or account, which may be those of another organization', () => {
    expect(two(SOC, SOC, ENV, true)).not.toThrow();
    expect(two(SOC, SOC, { ...ENV, account: '999999999999' })).not.toThrow();
  });
});

describe('the forwarder', () => {
  test('forwards the events about accounts to the default bus of another region', () => {
    const stack = stackIn(ENV);
    new OrganizationEventForwarder(stack, 'Forwarder', { targetRegion: 'eu-west-1' });
    const template = Template.fromStack(stack);
    const bus = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:eu-west-1:111111111111:event-bus/default']] };
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.organizations'],
        'detail-type': ['AWS Service Event via CloudTrail', 'AWS API Call via CloudTrail'],
        'detail': { eventSource: ['organizations.amazonaws.com'], eventName: ['CreateAccountResult', 'AccountJoinedOrganization', 'MoveAccount'] },
      },
      Targets: [{ Arn: bus, Id: 'Target0', RoleArn: Match.anyValue() }],
    });
    expect(statementsOf(template, /./)).toEqual([{ Effect: 'Allow', Action: 'events:PutEvents', Resource: bus }]);
  });

  test('forwards them to another account', () => {
    const stack = stackIn(ENV);
    const forwarder = new OrganizationEventForwarder(stack, 'Forwarder', { targetRegion: 'us-east-1', targetAccountId: '222222222222' });
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain(':events:us-east-1:222222222222:event-bus/default');
    expect(forwarder.rule.node.path).toBe('Stack/Forwarder/Rule');
  });

  test.each<[string, string, string | undefined, string]>([
    ['eu-west-1', 'eu-central-1', undefined, 'the stack must be in us-east-1 (cn-northwest-1 in China, us-gov-west-1 in GovCloud), because Organizations sends its events only there; got eu-west-1'],
    ['us-east-1', 'us-east-1', undefined, 'targetRegion must be another region, because the events are in this one already; got us-east-1'],
    ['us-east-1', 'us-east-1', '111111111111', 'targetRegion must be another region'],
    ['us-east-1', 'cn-north-1', undefined, 'targetRegion must be in the partition of the stack, aws; got cn-north-1, which is in aws-cn'],
    ['us-east-1', 'Ireland', undefined, 'targetRegion must be a region, such as eu-west-1; got "Ireland"'],
    ['us-east-1', 'eu-west-1', '2222', 'targetAccountId must be a string of 12 digits; got "2222"'],
  ])('from %s to %s (%s) is refused', (region, targetRegion, targetAccountId, message) => {
    expect(() => new OrganizationEventForwarder(stackIn({ ...ENV, region }), 'Forwarder', { targetRegion, targetAccountId })).toThrow(`Stack/Forwarder: ${message}`);
  });
});
