import { Sandbox, SandboxOptions, Template, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

const ACCOUNT = '111111111111';
const MEMBER = '222222222222';
const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

type Resources = NonNullable<Template['Resources']>;

describe('rules and schedules', () => {
  const role = (actions: string | string[], ...service: string[]) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] },
      Policies: [{ PolicyName: 'Inline', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } }],
    },
  });
  const SERVICES = ['events.amazonaws.com', 'scheduler.amazonaws.com'];
  const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const MACHINE: Resources = {
    MachineRole: role('account:*', 'states.amazonaws.com'),
    StartRole: role(['states:StartExecution', 'events:PutEvents'], ...SERVICES),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: {
          'Fn::Join': ['', [
            '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"input":"{% $states.input %}","own":"',
            { Ref: 'AWS::AccountId' },
            '"},"End":true}}}',
          ]],
        },
        RoleArn: arn('MachineRole'),
      },
    },
  };
  const rule = (pattern: object, target: object = {}, more: object = {}) => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: pattern, Targets: [{ Id: 'Target', Arn: { Ref: 'Machine' }, RoleArn: arn('StartRole'), ...target }], ...more },
  });
  const schedule = (expression: string, more: object = {}) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression: expression, FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: { Ref: 'Machine' }, RoleArn: arn('StartRole'), Input: '{"by":"schedule"}' }, ...more },
  });
  const ORGANIZATIONS = { source: ['aws.organizations'] };

  let sandbox: Sandbox;
  let clock: VirtualClock;

  const open = async (options: Partial<SandboxOptions> = {}) => {
    clock = new VirtualClock();
    sandbox = await openSandbox({ clock, managementAccount: ACCOUNT, memberAccounts: [MEMBER], ...options });
  };
  const deploy = (resources: Resources, more: Partial<Parameters<Sandbox['deploy']>[0]> = {}) =>
    clock.until(sandbox.deploy({ stackName: 'Stack', account: ACCOUNT, template: { Resources: { ...MACHINE, ...resources } }, ...more }));
  const inputs = () => sandbox.stepFunctions.executions.map(({ input }) => input);

  afterEach(() => sandbox.close());

  test('a state machine is deployed, runs, is updated and deleted', async () => {
    await open();
    const { status } = await deploy({});
    const machineArn = sandbox.stacks.find('Stack', ACCOUNT, 'us-east-1')?.resources.get('Machine')?.physicalId ?? '';
    const execution = sandbox.stepFunctions.start(machineArn, { a: 1 });
    await clock.until(execution.ended);
    expect([status, execution.outcome.output]).toEqual(['CREATE_COMPLETE', { input: { a: 1 }, own: ACCOUNT }]);
    await clock.until(sandbox.destroy({ stackName: 'Stack', account: ACCOUNT }));
    expect(() => sandbox.stepFunctions.start(machineArn, {})).toThrow(/Does Not Exist/);
  });

  test.each([
    ['a definition that is not valid', { ...MACHINE.Machine.Properties, DefinitionString: '{}' }, /must be an object/],
    ['an EXPRESS machine', { ...MACHINE.Machine.Properties, StateMachineType: 'EXPRESS' }, /STANDARD state machines only/],
    ['a definition in a bucket', { ...MACHINE.Machine.Properties, DefinitionS3Location: {} }, /does not model the property DefinitionS3Location/],
  ])('%s fails the stack', async (_, properties, reason) => {
    await open();
    const result = await deploy({ Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: properties } });
    expect([result.status, result.reason]).toEqual(['ROLLBACK_COMPLETE', expect.stringMatching(reason)]);
  });

  test('a rule gets the event that its own stack is complete or rolled back', async () => {
    await open();
    const own = rule({
      'source': ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      'detail': { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
    }, { InputPath: '$.detail.status-details.status' });
    await deploy({ Own: own });
    await clock.advance(10);
    await deploy({ Own: own, Unlucky: { Type: 'AWS::SNS::Topic' } }, { fail: { Unlucky: 'Create' } });
    await clock.until(sandbox.deploy({ stackName: 'Other', account: ACCOUNT, template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } }));
    await clock.advance(10);
    expect(inputs()).toEqual(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
  });

  test('a rule gets no event before it has taken effect', async () => {
    await open({ eventBridge: { ruleDelaySeconds: 60 } });
    await deploy({ Rule: rule(ORGANIZATIONS) });
    sandbox.tree.createAccount();
    await clock.advance(61);
    expect(inputs()).toEqual([]);
    sandbox.tree.createAccount();
    await clock.advance(1);
    expect(inputs()).toHaveLength(2); // two events tell of a new account
  });

  test('an input transformer puts the account into the input', async () => {
    await open();
    const target = {
      InputTransformer: { InputPathsMap: { id: '$.detail.serviceEventDetails.createAccountStatus.accountId' }, InputTemplate: '{"accountIds":[<id>],"text":"is \\"<id>\\""}' },
    };
    await deploy({ Rule: rule({ ...ORGANIZATIONS, detail: { serviceEventDetails: { createAccountStatus: { state: ['SUCCEEDED'] } } } }, target) });
    const account = sandbox.tree.createAccount();
    await clock.advance(1);
    expect(inputs()).toEqual([{ accountIds: [account], text: `is "${account}"` }]);
  });

  test.each([
    ['accountId', '["999999999999"]', '999999999999 Invited'],
    ['account.accountId', '[]', '999999999999 Invited'],
    ['additionalEventData', '[]', '999999999999 Invited'],
    ['method only', '[]', ' Invited'],
    ['nowhere', '[]', ' '],
  ] as const)(
    'the account that joined may be at %s; a value that an event lacks is left out', async (joinedAccountAt, list, text) => {
      await open({ standaloneAccounts: ['999999999999'], organizations: { joinedAccountAt } });
      const paths = {
        one: '$.detail.serviceEventDetails.accountId',
        two: '$.detail.serviceEventDetails.account.accountId',
        three: '$.detail.additionalEventData.accountId',
        how: '$.detail.serviceEventDetails.joinedMethod',
        how3: '$.detail.additionalEventData.joinedMethod',
      };
      await deploy({ Rule: rule(ORGANIZATIONS, { InputTransformer: { InputPathsMap: paths, InputTemplate: '{"list":[<one>],"text":"<one><two><three> <how><how3>"}' } }) });
      sandbox.tree.join('999999999999');
      await clock.advance(1);
      expect(inputs()).toEqual([{ list: JSON.parse(list), text }]);
    });

  test('a disabled rule, a deleted rule and a rule of another region start nothing', async () => {
    await open();
    await deploy({ Rule: rule(ORGANIZATIONS, {}, { State: 'DISABLED' }) });
    sandbox.tree.createAccount();
    await deploy({ Rule: rule(ORGANIZATIONS) });
    await deploy({});
    sandbox.tree.createAccount();
    await deploy({ Rule: rule(ORGANIZATIONS) }, { stackName: 'Elsewhere', region: 'eu-west-1' });
    sandbox.tree.createAccount();
    await clock.advance(10);
    expect(inputs()).toEqual([]);
  });

  test("organizations' events go to us-east-1 of the management account; a rule there forwards them", async () => {
    await open();
    await deploy({ Rule: rule(ORGANIZATIONS, { InputPath: '$.region' }) }, { region: 'eu-west-1' });
    await deploy({ Forward: rule(ORGANIZATIONS, { Arn: `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default` }) }, { stackName: 'Forwarder' });
    sandbox.tree.moveAccount(MEMBER, sandbox.tree.createOrganizationalUnit());
    await clock.advance(10);
    expect(inputs()).toEqual(['us-east-1']);
  });

  test('a target whose role may not start it gets nothing', async () => {
    await open();
    await deploy({ StartRole: role('states:StopExecution', ...SERVICES), Rule: rule(ORGANIZATIONS), Schedule: schedule('rate(1 day)') });
    sandbox.tree.createAccount();
    await clock.advance(10);
    expect(inputs()).toEqual([]);
    expect(sandbox.deliveries.map(({ outcome }) => outcome)).toEqual(Array(3).fill(expect.stringContaining('no identity-based policy')));
  });

  test.each([
    ['a rule', { Rule: rule(ORGANIZATIONS) }, 'scheduler.amazonaws.com', /^Provided role '\S+' cannot be assumed by principal 'events.amazonaws.com'\.$/],
    ['a schedule', { Schedule: schedule('rate(1 day)') }, 'events.amazonaws.com', /must allow AWS EventBridge Scheduler to assume the role/],
  ])('%s is refused if the role of its target does not trust the service', async (_, resources, trusted, reason) => {
    await open();
    const { status, reason: actual } = await deploy({ ...resources, StartRole: role('states:StartExecution', trusted) });
    expect([status, actual]).toEqual(['ROLLBACK_COMPLETE', expect.stringMatching(reason)]);
  });

  test('a target whose role no longer trusts the service gets nothing', async () => {
    await open();
    await deploy({ Rule: rule(ORGANIZATIONS), Schedule: schedule('cron(0 6 * * ? *)') });
    await deploy({ Rule: rule(ORGANIZATIONS), Schedule: schedule('cron(0 6 * * ? *)'), StartRole: role('states:StartExecution', 'states.amazonaws.com') });
    sandbox.tree.createAccount();
    await clock.advance(DAY);
    expect(inputs()).toEqual([]);
    // A created account also joins: these are two events.
    const [rules, schedules] = SERVICES.map(service => `The role does not trust ${service}.`);
    expect(sandbox.deliveries.map(({ outcome }) => outcome)).toEqual([rules, rules, schedules]);
  });

  test('what a target gets that the sandbox does not model is recorded', async () => {
    await open();
    await deploy({ Rule: rule(ORGANIZATIONS, { Arn: 'arn:aws:sns:us-east-1:111111111111:Topic', Input: '"told"' }) });
    sandbox.tree.moveAccount(MEMBER, sandbox.tree.createOrganizationalUnit());
    await clock.advance(1);
    expect(sandbox.deliveries).toMatchObject([{ target: 'arn:aws:sns:us-east-1:111111111111:Topic', input: 'told', outcome: 'not modelled' }]);
  });

  test('a rule gets the event that an execution has ended', async () => {
    await open();
    await deploy({ Rule: rule({ source: ['aws.states'], detail: { status: ['SUCCEEDED'] } }, { Arn: 'arn:aws:sns:us-east-1:111111111111:Topic', InputPath: '$.detail.input' }) });
    sandbox.stepFunctions.start(sandbox.stacks.find('Stack', ACCOUNT, 'us-east-1')?.resources.get('Machine')?.physicalId ?? '', { a: 1 });
    await clock.advance(5);
    expect(sandbox.deliveries.map(({ input }) => input)).toEqual(['{"a":1}']);
  });

  test('a rate begins at once, an unchanged schedule keeps its times, and a deleted one stops', async () => {
    await open();
    await deploy({ Schedule: schedule('rate(1 day)') });
    await clock.advance(MINUTE);
    expect(inputs()).toEqual([{ by: 'schedule' }]);
    await clock.advance(DAY);
    expect(inputs()).toHaveLength(2);
    await deploy({ Schedule: schedule('rate(1 day)', { Description: 'changed' }) });
    await clock.advance(HOUR);
    expect(inputs()).toHaveLength(2);
    await clock.advance(DAY);
    expect(inputs()).toHaveLength(3);
    await deploy({});
    await clock.advance(3 * DAY);
    expect(inputs()).toHaveLength(3);
  });

  test('a schedule can call StartExecution itself, and name the execution', async () => {
    await open();
    const call = (input: object, Arn = 'arn:aws:scheduler:::aws-sdk:sfn:startExecution') => schedule('rate(1 day)', {
      Target: { Arn, RoleArn: arn('StartRole'), Input: { 'Fn::Sub': JSON.stringify({ StateMachineArn: '${Machine}', ...input }) } },
    });
    const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","no":"<aws.scheduler.nothing>"}';
    await deploy({ Named: call({ Name: 'all-<aws.scheduler.execution-id>', Input }), Unnamed: call({}) });
    await clock.advance(DAY + MINUTE);
    const [named] = sandbox.stepFunctions.executions.filter(({ identity }) => identity.name.startsWith('all-'));
    expect(named.input).toEqual({ at: '2026-01-01T00:00:00Z', by: expect.stringMatching(/:schedule\/default\/Stack-Named-/), no: '<aws.scheduler.nothing>' });
    expect(new Set(sandbox.stepFunctions.executions.map(({ identity }) => identity.name.replace(/[\da-f]{16}/, 'id')))).toContain('all-id');
    expect(sandbox.stepFunctions.executions).toHaveLength(4);
    await deploy({ StartRole: role('states:StopExecution', ...SERVICES), Named: call({ Name: 'all-now' }) });
    await clock.advance(DAY);
    expect(sandbox.deliveries.at(-1)?.outcome).toContain('no identity-based policy allows the states:StartExecution action');
  });

  test('a cron schedule waits for its time', async () => {
    await open();
    await deploy({ Schedule: schedule('cron(0 6 * * ? *)') });
    await clock.advance(5 * HOUR);
    expect(inputs()).toEqual([]);
    await clock.advance(DAY);
    expect(inputs()).toHaveLength(1);
  });

  test.each([
    ['a flexible time window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }],
    ['a start date', { StartDate: '2026-01-01T00:00:00Z' }],
    ['another time zone', { ScheduleExpressionTimezone: 'Europe/Berlin' }],
  ])('%s is refused', async (_, more) => {
    await open();
    expect((await deploy({ Schedule: schedule('rate(1 day)', more) })).status).toBe('ROLLBACK_COMPLETE');
  });
});
