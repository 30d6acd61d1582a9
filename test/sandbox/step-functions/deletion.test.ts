import { ACCOUNT, Bench, BenchOptions, get, machine, processor, types } from './state-machines';
import { Sandbox, VirtualClock } from '../../../sandbox';
import { Execution } from '../../../sandbox/step-functions/execution';
import { openSandbox } from '../../open-sandbox';

const END = { End: true };
const MEMBER = '222222222222';
const wait = (seconds: number, more: object = END) => ({ Type: 'Wait', Seconds: seconds, ...more });
const seconds = ({ startedAt, stoppedAt = NaN }: Execution) => (stoppedAt - startedAt) / 1000;

/** Deletes a machine ten seconds after the start of an execution, and says after how many seconds in all the machine was gone. */
async function deleteWhileRunning(states: Parameters<typeof machine>[0], options: BenchOptions = {}) {
  const bench = new Bench(options);
  const arn = bench.put(machine(states));
  const execution = bench.stepFunctions.start(arn, {});
  await bench.clock.advance(10);
  await bench.clock.until(bench.stepFunctions.remove(arn));
  return { bench, arn, execution, gone: (bench.clock.now() - execution.startedAt) / 1000 };
}

test('a machine without an execution is gone at once', async () => {
  const bench = new Bench();
  const arn = bench.put(machine({ A: wait(1) }));
  await bench.clock.until(bench.stepFunctions.remove(arn));
  expect(() => bench.stepFunctions.start(arn, {})).toThrow(`State Machine Does Not Exist: '${arn}'`);
});

test('an execution is terminated by its next state transition, which may be far away', async () => {
  const { bench, execution, gone } = await deleteWhileRunning({ A: wait(600, { Next: 'B' }), B: get(MEMBER, END) });
  expect([execution.status, seconds(execution), gone, bench.calls]).toEqual(['ABORTED', 600, 600, []]);
  expect(types(execution).slice(-2)).toEqual(['WaitStateExited', 'ExecutionAborted']);
});

test('an execution in its last state ends as it would have', async () => {
  const { execution, gone } = await deleteWhileRunning({ A: wait(600) });
  expect([execution.status, gone]).toEqual(['SUCCEEDED', 600]);
});

test('a transition in a branch terminates the whole execution', async () => {
  const branches = [[20, 'A'], [600, 'C']].map(([time, name]) => ({
    StartAt: String(name), States: { [String(name)]: wait(Number(time), { Next: `${name}2` }), [`${name}2`]: wait(1) },
  }));
  const { execution, gone } = await deleteWhileRunning({ P: { Type: 'Parallel', Branches: branches, ...END } });
  expect([execution.status, gone]).toEqual(['ABORTED', 20]);
});

test.each([['EXPRESS', 'SUCCEEDED', 61], ['STANDARD', 'ABORTED', 30]] as const)(
  'an %s child ends as %s', async (mode, status, time) => {
    const children = processor({ B: wait(30, { Next: 'C' }), C: wait(31) }, mode);
    const { execution } = await deleteWhileRunning({ M: { Type: 'Map', Items: [1], ItemProcessor: children, Next: 'D' }, D: wait(1) });
    const [child] = execution.mapRuns[0].executions;
    expect([child.status, seconds(child)]).toEqual([status, time]);
  });

test('a machine that is being deleted is described as such, starts nothing and cannot be created again', async () => {
  const bench = new Bench();
  const definition = machine({ A: wait(600) });
  const arn = bench.put(definition);
  bench.stepFunctions.start(arn, {});
  const deletion = bench.stepFunctions.remove(arn);
  const resource = 'arn:aws:states:::aws-sdk:sfn:describeStateMachine';
  const onlooker = bench.put(machine({ Ask: { Type: 'Task', Resource: resource, Arguments: { StateMachineArn: arn }, ...END } }), { name: 'Onlooker' });
  const asked = bench.stepFunctions.start(onlooker, {});
  await bench.clock.until(asked.ended);
  expect(asked.outcome.output).toMatchObject({ Status: 'DELETING' });
  expect(() => bench.stepFunctions.start(arn, {})).toThrow(`State Machine is deleting: '${arn}'`);
  expect(() => bench.put(definition)).toThrow(/is being deleted/);
  await bench.clock.until(deletion);
  bench.put(definition);
});

test('the deletion of a stack waits for the executions of its machines', async () => {
  const clock = new VirtualClock();
  const sandbox: Sandbox = await openSandbox({ clock, managementAccount: ACCOUNT });
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }] };
  await clock.until(sandbox.deploy({
    stackName: 'Stack',
    account: ACCOUNT,
    template: {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { StateMachineName: 'Machine', Definition: machine({ A: wait(600) }), RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        },
      },
    },
  }));
  sandbox.stepFunctions.start(`arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Machine`, {});
  const { status, events } = await clock.until(sandbox.destroy({ stackName: 'Stack', account: ACCOUNT }));
  const at = (logicalId: string) => events.find(event => event.logicalId === logicalId && event.status === 'DELETE_COMPLETE')?.at;
  expect([status, at('Machine'), at('Role')]).toEqual(['DELETE_COMPLETE', clock.now(), clock.now()]);
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1, 0, 10));
});
