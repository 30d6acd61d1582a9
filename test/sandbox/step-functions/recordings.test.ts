import { Bench, get, machine, processor, run, say, types } from './state-machines';
import { Execution } from '../../../sandbox/step-functions/execution';

/* What Step Functions itself was recorded to do, by the tests of a public emulator. */

const END = { End: true };
const MEMBER = '222222222222';
const pass = (more: object) => ({ Type: 'Pass', ...more });
const branch = (states: Record<string, object>) => ({ StartAt: Object.keys(states)[0], States: states });
/** The types of the events between the start and the end, without `State`. */
const events = (execution: Execution) => types(execution).slice(1, -1).map(type => type.replace('State', ''));

describe('the cause of a failed evaluation', () => {
  test.each([
    ["{'foo': 'bar'}", "Expected 'array', but was 'object' for value: {\"foo\":\"bar\"}"],
    ["'string'", "Expected 'array', but was 'string' for value: \"string\""],
    ['1', "Expected 'array', but was 'number' for value: 1"],
    ['true', "Expected 'array', but was 'boolean' for value: true"],
    ['null', "Expected 'array', but was 'null' for value: null"],
  ])('names the state, its event, the field and the expression, and repeats a value of the wrong type: %s', async (expression, problem) => {
    const execution = await run(machine({ Map: { Type: 'Map', Items: `{% ${expression} %}`, ItemProcessor: processor({ B: pass(END) }, 'INLINE'), ...END } }));
    const cause = "An error occurred while executing the state 'Map' (entered at the event id #2). "
      + `The JSONata expression '${expression}' specified for the field 'Items' returned an unexpected result type. ${problem}`;
    expect(execution.outcome).toEqual({ error: 'States.QueryEvaluationError', cause });
    expect(execution.history.slice(2, 4)).toMatchObject([
      { id: 3, type: 'EvaluationFailed', details: { error: 'States.QueryEvaluationError', cause, location: 'Items', state: 'Map' } },
      { id: 4, type: 'MapStateFailed' },
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['Output', pass({ Output: '{% $states.input.missing %}', Next: 'B' }), 'Output'],
    ['a member of Output', pass({ Output: { result: [0, '{% $states.input.missing %}'] }, Next: 'B' }), 'Output/result/1'],
    ['a member of Assign', pass({ Assign: { x: '{% $states.input.missing %}' }, Next: 'B' }), 'Assign/x'],
    ['Arguments', say('{% $states.input.missing %}', { Next: 'B' }), 'Arguments/Value'],
    ['a rule', { Type: 'Choice', Choices: [{ Condition: '{% $states.input.missing %}', Next: 'B' }] }, 'Choices/0/Condition'],
  ])('names %s', async (_, state, field) => {
    const { outcome } = await run(machine({ Before: pass({ Next: 'A' }), A: state, B: { Type: 'Succeed' } }));
    expect(outcome.cause).toBe("An error occurred while executing the state 'A' (entered at the event id #4). "
      + `The JSONata expression '$states.input.missing' specified for the field '${field}' returned nothing (undefined).`);
  });

  test('is what a Catch gets, and what a log without execution data keeps', async () => {
    const bench = new Bench();
    const arn = bench.put(machine({ A: say("{% 1 + 'secret' %}", { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], ...END }), B: { Type: 'Succeed' } }),
      { logging: { level: 'ERROR', includeExecutionData: false } });
    const execution = bench.stepFunctions.start(arn, {});
    await bench.clock.until(execution.ended);
    const cause = expect.stringMatching(/^An error occurred while executing the state 'A' \(entered at the event id #2\)\. The JSONata expression '1 \+ 'secret''/);
    expect(execution.outcome.output).toEqual({ Error: 'States.QueryEvaluationError', Cause: cause });
    expect(bench.stepFunctions.logs).toMatchObject([{ type: 'EvaluationFailed', details: { cause } }]);
  });

  test('counts the events of an EXPRESS child too', async () => {
    const { mapRuns } = await run(machine({
      M: { Type: 'Map', Items: [1], ItemProcessor: processor({ A: pass({ Next: 'B' }), B: pass({ Output: '{% $states.input.missing %}', ...END }) }), ...END },
    }));
    expect(mapRuns[0].executions[0].outcome.cause).toMatch(/^An error occurred while executing the state 'B' \(entered at the event id #4\)/);
  });
});

describe('the events of a failure', () => {
  const RETRY = { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }] };
  const CAUGHT = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }] };
  const fail = { Type: 'Fail', Error: 'Mine', Cause: 'so' };
  const attempt = ['MapStarted', 'MapIterationStarted', 'FailEntered', 'MapIterationFailed'];
  const map = (more: object) => machine({
    A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: fail }, 'INLINE'), ...more, Next: 'After' }, After: { Type: 'Succeed' },
  });

  test('of a Map are MapStateFailed once, after the last attempt, caught or not', async () => {
    expect(events(await run(map(RETRY)))).toEqual(['MapEntered', ...attempt, ...attempt, ...attempt, 'MapFailed']);
    expect(events(await run(map(CAUGHT)))).toEqual(['MapEntered', ...attempt, 'MapFailed', 'MapExited', 'SucceedEntered', 'SucceedExited']);
  });

  test('of a Parallel state are ParallelStateFailed once, after the last attempt', async () => {
    const parallel = machine({ A: { Type: 'Parallel', Branches: [branch({ B: fail })], ...RETRY, ...END } });
    const once = ['ParallelStarted', 'FailEntered'];
    expect(events(await run(parallel))).toEqual(['ParallelEntered', ...once, ...once, ...once, 'ParallelFailed']);
  });

  test('say nothing of the error where the error stands in the events before', async () => {
    const { history } = await run(map({}));
    expect(history.filter(({ type }) => /^Map.*Failed$/.test(type)).map(({ details }) => details)).toEqual([{ name: 'A', index: 0 }, { name: 'A' }]);
  });

  test('do not say that the state has failed if only its Output has', async () => {
    const execution = await run(machine({ A: { Type: 'Parallel', Branches: [branch({ B: pass(END) })], Output: '{% $states.input.missing %}', ...END } }));
    expect(events(execution).slice(-2)).toEqual(['ParallelSucceeded', 'EvaluationFailed']);
  });

  test('end a Task in a branch with TaskStateAborted before the branch, in an iteration after it, and nowhere else', async () => {
    const failing = () => ({ B: get(MEMBER, END) });
    const task = ['TaskEntered', 'TaskScheduled', 'TaskStarted', 'TaskFailed'];
    const of = async (state: object) => events(await run(machine({ A: { ...state, ...END } })));
    const inBranch = await of({ Type: 'Parallel', Branches: [branch(failing())] });
    expect(inBranch).toEqual(['ParallelEntered', 'ParallelStarted', ...task, 'TaskAborted', 'ParallelFailed']);
    const inIteration = await of({ Type: 'Map', Items: [1], ItemProcessor: processor(failing(), 'INLINE') });
    expect(inIteration).toEqual(['MapEntered', 'MapStarted', 'MapIterationStarted', ...task, 'MapIterationFailed', 'TaskAborted', 'MapFailed']);
    const nested = await of({ Type: 'Parallel', Branches: [branch({ C: { Type: 'Parallel', Branches: [branch(failing())], ...END } })] });
    expect(nested.filter(type => type === 'TaskAborted')).toHaveLength(1);
    expect(await of(get(MEMBER))).toEqual(task);
  });
});

test.each<[string, object, number | undefined]>([
  ['a Task', say('{% $states.context.State %}', { Output: '{% $states.result.Value %}', ...END }), 0],
  ['a Map', { Type: 'Map', Items: '{% [$states.context.State] %}', ItemProcessor: processor({ B: pass(END) }), Output: '{% $states.result[0] %}', ...END }, 0],
  ['a Pass', pass({ Output: '{% $states.context.State %}', ...END }), undefined],
  ['a Parallel state', { Type: 'Parallel', Arguments: '{% $states.context.State %}', Branches: [branch({ B: pass(END) })], Output: '{% $states.result[0] %}', ...END }, undefined],
])('the context of %s has RetryCount only where retries are counted', async (_, state, count) => {
  const { outcome } = await run(machine({ A: state as Record<string, unknown> }));
  expect((outcome.output as { RetryCount?: number }).RetryCount).toBe(count);
});

test.each([
  ['$range(0, 9, 3)', [0, 3, 6, 9]],
  ['$range(1, 9, 9)', 1],
  ['$partition([0], 1)', [[0]]],
  ['$partition([0, 1, 2], 5)', [[0, 1, 2]]],
])('%s is %j', async (expression, result) => {
  expect((await run(machine({ A: pass({ Output: `{% ${expression} %}`, ...END }) }))).outcome.output).toEqual(result);
});

describe('variables of a branch', () => {
  const look = "{% $exists($x) ? $x : 'nothing' %}";
  const wait = (seconds: number, next: string) => ({ Type: 'Wait', Seconds: seconds, Next: next });

  /** In each branch, what it sees before and after it has assigned its own x, while the other does the same. */
  const looking = (name: string, before: number): Record<string, object> => ({
    [`Wait ${name}`]: { ...wait(before, `Set ${name}`), Assign: { first: look } },
    [`Set ${name}`]: pass({ Assign: { seen: look, x: name }, Next: `Linger ${name}` }),
    [`Linger ${name}`]: wait(5, `Show ${name}`),
    [`Show ${name}`]: { Type: 'Succeed', Output: '{% [$first, $seen, $x] %}' },
  });
  const expected = (name: string) => ['nothing', 'nothing', name];

  test('are not seen by the other branch, nor by the next attempt', async () => {
    expect((await run(machine({ A: { Type: 'Parallel', Branches: [branch(looking('one', 1)), branch(looking('two', 3))], ...END } }))).outcome.output)
      .toEqual([expected('one'), expected('two')]);
    const twice = new Bench();
    twice.faults.add({ api: '*', kind: '429' });
    twice.contacts.put(MEMBER, { AlternateContactType: 'SECURITY', Name: 'SOC', Title: 'x', EmailAddress: 'soc@example.com', PhoneNumber: '1' });
    const again = branch({ Set: pass({ Assign: { seen: look, x: 1 }, Next: 'Get' }), Get: get(MEMBER, { Output: '{% $seen %}', ...END }) });
    const execution = await twice.run(machine({ A: { Type: 'Parallel', Branches: [again], Retry: [{ ErrorEquals: ['States.ALL'] }], ...END } }));
    expect([execution.outcome.output, types(execution).filter(type => type === 'ParallelStateStarted').length]).toEqual([['nothing'], 2]);
  });

  test.each(['INLINE', 'EXPRESS', 'STANDARD'] as const)('are not seen by the next iteration or child of an %s map', async mode => {
    const map = { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor: processor(looking('one', 1) as Record<string, Record<string, unknown>>, mode), ...END };
    expect((await run(machine({ A: map }))).outcome.output).toEqual([expected('one'), expected('one')]);
  });
});

test.each([[2, 39, 'FAILED'], [2, 40, 'SUCCEEDED'], [2, 41, 'SUCCEEDED'], [0, 0, 'SUCCEEDED'], [1, 0, 'FAILED']])(
  '%i failures of 5 with a tolerance of %i percent: %s', async (failures, ToleratedFailurePercentage, status) => {
    const children = {
      Which: { Type: 'Choice', Choices: [{ Condition: `{% $states.input <= ${failures} %}`, Next: 'Fail' }], Default: 'Fine' }, Fail: { Type: 'Fail' }, Fine: { Type: 'Succeed' },
    };
    const map = (tolerance: object) => machine({ A: { Type: 'Map', Items: '{% [1..5] %}', ItemProcessor: processor(children), ...tolerance, ...END } });
    expect((await run(map({ ToleratedFailurePercentage }))).status).toBe(status);
    expect((await run(map({ ToleratedFailureCount: Math.floor(ToleratedFailurePercentage / 20) }))).status).toBe(status);
  });
