import { Assembly, topic } from './fixtures';
import { DeployOptions, Execution, Sandbox, SandboxOptions, Template, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

/* DescribeStacks, as state machines call it. */

const ACCOUNT = '111111111111';
const ANYWHERE = 'arn:aws:cloudformation:*:*:stack/*';

interface Described { Stacks: { StackId: string; StackName: string; StackStatus: string; [member: string]: unknown }[] }

let clock: VirtualClock;
let sandbox: Sandbox;
const assembly = new Assembly();

afterEach(() => sandbox.close());
afterAll(() => assembly.remove());

const role = (service: string, action: string, resource: unknown = '*') => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] },
    Policies: [{ PolicyName: 'Inline', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] } }],
  },
});
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Describe',
  States: { Describe: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:cloudformation:describeStacks', Arguments: '{% $states.input %}', End: true } },
};
/** A machine that describes the stack of its input. */
const machine = (resource?: unknown): NonNullable<Template['Resources']> => ({
  Role: role('states.amazonaws.com', 'cloudformation:DescribeStacks', resource),
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'Onlooker', Definition: definition, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
});

async function open(resource?: unknown, options: Partial<SandboxOptions> = {}): Promise<void> {
  clock = new VirtualClock();
  sandbox = await openSandbox({ clock, managementAccount: ACCOUNT, ...options });
  await deploy(machine(resource), { stackName: 'Onlooker' });
}

function deploy(resources: Template['Resources'], { template, ...options }: Partial<DeployOptions> = {}) {
  return clock.until(sandbox.deploy({ stackName: 'Stack', account: ACCOUNT, assetDirectory: assembly.directory, ...options, template: { Resources: resources, ...template } }));
}

function start(StackName?: string): Execution {
  return sandbox.stepFunctions.start(`arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Onlooker`, { StackName });
}

async function ask(name?: string): Promise<Described['Stacks']> {
  const execution = start(name);
  await clock.until(execution.ended);
  if (execution.status !== 'SUCCEEDED') {
    throw new Error(`${execution.outcome.error}: ${execution.outcome.cause}`);
  }
  return (execution.outcome.output as Described).Stacks;
}

test('a stack is described with its parameters, but for those with NoEcho, and its outputs', async () => {
  await open();
  const deployTopic = (DisplayName: string) => deploy({ Topic: topic({ DisplayName }) }, {
    parameters: { Given: 'so' },
    template: {
      Description: 'A stack',
      Parameters: { Given: { Type: 'String' }, Defaulted: { Type: 'String', Default: 'a' }, Secret: { Type: 'String', Default: 'b', NoEcho: true } },
      Outputs: { Chosen: { Value: { Ref: 'Given' } } },
    },
  });
  await deployTopic('old');
  await clock.advance(60);
  await deployTopic('new');
  expect(await ask('Stack')).toEqual([{
    StackId: expect.stringMatching(/:stack\/Stack\//),
    StackName: 'Stack',
    StackStatus: 'UPDATE_COMPLETE',
    Description: 'A stack',
    Parameters: [
      { ParameterKey: 'Given', ParameterValue: 'so' }, { ParameterKey: 'Defaulted', ParameterValue: 'a' }, { ParameterKey: 'Secret', ParameterValue: '****' },
    ],
    Outputs: [{ OutputKey: 'Chosen', OutputValue: 'so' }],
    CreationTime: '2026-01-01T00:00:00.000Z',
    LastUpdatedTime: '2026-01-01T00:01:00.000Z',
    RollbackConfiguration: {},
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [],
    Tags: [],
    EnableTerminationProtection: false,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  }]);
});

test('a stack that is not deleted is listed with the others of its account and region', async () => {
  await open();
  await deploy({ Topic: topic() });
  await deploy({ Topic: topic() }, { region: 'eu-west-1' });
  await deploy({ Topic: topic() }, { stackName: 'Gone' });
  const [{ StackId }] = await ask('Gone');
  await clock.until(sandbox.destroy({ stackName: 'Gone', account: ACCOUNT }));
  expect((await ask()).map(({ StackName }) => StackName)).toEqual(['Onlooker', 'Stack']);
  await expect(ask('Gone')).rejects.toThrow(/does not exist/);
  expect(await ask(StackId)).toMatchObject([{ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(String) }]);
});

test('only a nested stack has a parent and a root', async () => {
  await open();
  await deploy({ Outer: assembly.nested({ Resources: { Inner: assembly.nested({ Resources: { Topic: topic() } }) } }) });
  const [root, outer, inner] = ['Stack', 'Outer', 'Inner'].map(part => sandbox.stacks.all.find(({ name }) => name.split('-').at(-2) === part || name === part)?.id);
  const seen = (await Promise.all([root, outer, inner].map(ask))).flat().map(({ ParentId, RootId }) => [ParentId, RootId]);
  expect(seen).toEqual([[undefined, undefined], [root, root], [outer, root]]);
});

test('a schedule that is created in a stack runs while the stack is in creation, also if the creation fails later', async () => {
  await open();
  const schedule = (rate: string) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: rate,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Onlooker`, RoleArn: { 'Fn::GetAtt': ['Starter', 'Arn'] }, Input: { 'Fn::Sub': '{"StackName":"${AWS::StackId}"}' },
      },
    },
  });
  const resources = { Starter: role('scheduler.amazonaws.com', 'states:StartExecution'), Schedule: schedule('rate(1 minute)'), Slow: topic(), Unlucky: topic({}, { DependsOn: 'Slow' }) };
  const statuses = async (options: Partial<DeployOptions>) => {
    const first = sandbox.stepFunctions.executions.length;
    const { status } = await deploy(resources, options);
    await clock.advance(50);
    await clock.until(sandbox.destroy({ stackName: 'Stack', account: ACCOUNT }));
    return [...sandbox.stepFunctions.executions.slice(first).map(({ outcome }) => (outcome.output as Described).Stacks[0].StackStatus), status];
  };
  expect(await statuses({ seconds: { Slow: 90 } })).toEqual(['CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_COMPLETE']);
  expect(await statuses({ fail: { Unlucky: { phase: 'Create', afterSeconds: 30 } } })).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_COMPLETE']);
});

test.each([
  ['a stack that does not exist', 'Nobody', undefined, /^Stack with id Nobody does not exist \(Service: CloudFormation, Status Code: 400, /],
  ['a stack that the role may not see', 'Onlooker', 'arn:aws:cloudformation:us-east-1:*:stack/Other/*', /perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:us-east-1:111111111111:stack\/Onlooker\/[-\da-f]{36} /],
  ['all stacks, for a role that may see some', undefined, ANYWHERE, /perform: cloudformation:DescribeStacks on resource: \* /],
])('the error for %s has the general name', async (_, name, resource, cause) => {
  await open(resource);
  const execution = start(name);
  await clock.until(execution.ended);
  expect(execution.outcome).toEqual({ error: 'CloudFormation.CloudFormationException', cause: expect.stringMatching(cause) });
});

test('calls are recorded, throttled and subject to faults', async () => {
  await open(undefined, { cloudFormationQuotas: { describeStacks: { rate: 1, burst: 1 } } });
  sandbox.faults.add({ api: 'DescribeStacks', kind: 'drop' });
  const errors: (string | undefined)[] = [];
  for (const execution of [start(), start(), start()]) {
    await clock.until(execution.ended);
    errors.push(execution.outcome.error);
  }
  expect(errors).toEqual(['CloudFormation.SdkClientException', undefined, 'CloudFormation.CloudFormationException']);
  expect(sandbox.calls.map(({ api, outcome }) => [api, outcome])).toEqual([
    ['DescribeStacks', 'drop-before'], ['DescribeStacks', 'ok'], ['DescribeStacks', 'Throttling'],
  ]);
});
