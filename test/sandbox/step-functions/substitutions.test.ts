import { Sandbox, StackResult, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

/* DefinitionSubstitutions of AWS::StepFunctions::StateMachine. */

const ACCOUNT = '111111111111';
const text = '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"one":"${One}","two":"${Two}","list":[${Number},${Flag}]},"End":true}}}';

let clock: VirtualClock;
let sandbox: Sandbox;

beforeEach(async () => {
  clock = new VirtualClock();
  sandbox = await openSandbox({ clock, managementAccount: ACCOUNT });
});
afterEach(() => sandbox.close());

function deploy(substitutions: object, definition: object = { DefinitionString: text }): Promise<StackResult> {
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }] };
  return clock.until(sandbox.deploy({
    stackName: 'Stack',
    account: ACCOUNT,
    template: {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { StateMachineName: 'Machine', ...definition, DefinitionSubstitutions: substitutions, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        },
      },
    },
  }));
}

async function output(): Promise<unknown> {
  const execution = sandbox.stepFunctions.start(`arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Machine`, {});
  await clock.until(execution.ended);
  return execution.outcome.output;
}

test('each placeholder is replaced, by a string, a whole number or a boolean; a token in a value was resolved before', async () => {
  await deploy({ One: 'a $& b', Two: { 'Fn::Sub': 'in ${AWS::Region}' }, Number: 7, Flag: true });
  expect(await output()).toEqual({ one: 'a $& b', two: 'in us-east-1', list: [7, true] });
});

test('a placeholder in a value is replaced too, and one without a substitution stays', async () => {
  await deploy({ One: '${Three}', Three: '${Four}', Four: '${Unknown}', Number: 7, Flag: false });
  expect(await output()).toEqual({ one: '${Unknown}', two: '${Two}', list: [7, false] });
});

test('a definition that is an object has placeholders too', async () => {
  await deploy({ One: 'a' }, { Definition: { QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Pass', Output: '${One}', End: true } } } });
  expect(await output()).toBe('a');
});

test('a changed substitution is a new revision', async () => {
  const first = { One: 'a', Two: 'b', Number: 7, Flag: true };
  await deploy(first);
  const machine = sandbox.stepFunctions.machine(`arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Machine`);
  expect(machine.described(clock.now()).id).toBeUndefined();
  await deploy({ ...first, Two: 'c' });
  expect(machine.described(clock.now()).id).toBeDefined();
  expect(await output()).toMatchObject({ two: 'b' }); // an update has effect after some seconds
  await clock.advance(3);
  expect(await output()).toMatchObject({ two: 'c' });
});

test.each([
  ['a value of another type', { One: 1.5, Two: 'b', Number: 7, Flag: true }, /^Invalid definition substitution type. Input should be either String, Integer, or Boolean$/],
  ['values that contain each other', { One: '${Two}', Two: '${One}', Number: 7, Flag: true }, /output of one loop is the input of another/],
  ['a value with a quotation mark, which is not escaped', { One: '"', Two: 'b', Number: 7, Flag: true }, /JSON/],
])('%s fails the stack', async (_, substitutions, reason) => {
  const result = await deploy(substitutions);
  expect([result.status, result.reason]).toEqual(['ROLLBACK_COMPLETE', expect.stringMatching(reason)]);
});
