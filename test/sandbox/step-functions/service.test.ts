import { Bench, END, machine, output, pass } from './state-machines';
import { ACCOUNT, MACHINE, MachineBench } from '../events/machine-bench';

test('an execution keeps the definition with which it started; an updated one has effect after its delay', async () => {
  const bench = new Bench({ definitionDelaySeconds: 30 });
  const waiting = (text: string) => machine({ A: { Type: 'Wait', Seconds: 20, Output: text, ...END } });
  const arn = bench.put(waiting('old'));
  const running = bench.stepFunctions.start(arn, {});
  await bench.clock.advance(10);
  bench.put(waiting('new'));
  const early = bench.stepFunctions.start(arn, {});
  await bench.clock.advance(30);
  const late = bench.stepFunctions.start(arn, {});
  await bench.clock.until(bench.stepFunctions.idle());
  expect([running, early, late].map(output)).toEqual(['old', 'old', 'new']);
});

test('an execution does not start with an input of more than 256 KiB', () => {
  const bench = new Bench();
  const arn = bench.put(machine({ A: pass(END) }));
  expect(() => bench.stepFunctions.start(arn, 'x'.repeat(262_144))).toThrow(/has 262146 bytes/);
});

test('a state machine is deployed, runs and is deleted', async () => {
  const bench = await MachineBench.open();
  const { status } = await bench.deploy({});
  const { machineArn } = bench;
  const execution = bench.sandbox.stepFunctions.start(machineArn, { a: 1 });
  await bench.clock.until(execution.ended);
  expect([status, execution.outcome.output]).toEqual(['CREATE_COMPLETE', { input: { a: 1 }, own: ACCOUNT }]);
  await bench.clock.until(bench.sandbox.destroy({ stackName: 'Stack', account: ACCOUNT }));
  expect(() => bench.sandbox.stepFunctions.start(machineArn, {})).toThrow(/Does Not Exist/);
});

test.each([
  ['a definition that is not valid', { ...MACHINE.Machine.Properties, DefinitionString: '{}' }, /must be an object/],
  ['an EXPRESS machine', { ...MACHINE.Machine.Properties, StateMachineType: 'EXPRESS' }, /STANDARD state machines only/],
  ['a definition in a bucket', { ...MACHINE.Machine.Properties, DefinitionS3Location: {} }, /does not model the property DefinitionS3Location/],
])('a stack fails with %s', async (_, properties, reason) => {
  const bench = await MachineBench.open();
  const result = await bench.deploy({ Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: properties } });
  expect([result.status, result.reason]).toEqual(['ROLLBACK_COMPLETE', expect.stringMatching(reason)]);
});
