import { ACCOUNT, Bench, CONTACT, END, get, machine, MEMBER, output, pass, run, seconds, types } from './state-machines';
import { Execution } from '../../../sandbox/step-functions/execution';

describe('data', () => {
  test('the output of a state is its input, or its Output field', async () => {
    expect(output(await run(machine({ A: pass(END) }), { a: 1 }))).toEqual({ a: 1 });
    expect(output(await run(machine({ A: pass({ Output: { b: '{% $states.input.a + 1 %}', c: ['{% $states.input.a %}', 'c'] }, ...END }) }), { a: 1 })))
      .toEqual({ b: 2, c: [1, 'c'] });
  });

  test('an Assign evaluates all its expressions before it assigns', async () => {
    const { outcome } = await run(machine({
      First: pass({ Assign: { x: 5 }, Next: 'Second' }),
      Second: pass({ Assign: { x: 42, old: '{% $x %}' }, Output: '{% $x %}', Next: 'Third' }),
      Third: { Type: 'Succeed', Output: { x: '{% $x %}', old: '{% $old %}', output: '{% $states.input %}' } },
    }));
    expect(outcome.output).toEqual({ x: 42, old: 5, output: 5 });
  });

  test('the context names the execution, the machine and the state', async () => {
    const bench = new Bench();
    const execution = await bench.run(machine({ A: pass({ Output: '{% $states.context %}', ...END }) }), { a: 1 });
    expect(execution.outcome.output).toMatchObject({
      Execution: { Id: execution.identity.arn, Input: { a: 1 }, StartTime: '2026-01-01T00:00:00.000Z', RoleArn: `arn:aws:iam::${ACCOUNT}:role/Role` },
      StateMachine: { Id: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Machine`, Name: 'Machine' },
      State: { Name: 'A' },
    });
  });

  test('a Choice takes the first rule that is true, and its Assign only', async () => {
    const definition = machine({
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.a = 1 %}', Next: 'B', Assign: { x: 'one' } },
          { Condition: '{% $states.input.a < 3 %}', Next: 'B', Assign: { x: 'few' } },
        ],
        Default: 'B',
        Assign: { x: 'many' },
      },
      B: { Type: 'Succeed', Output: '{% $x %}' },
    });
    expect(await Promise.all([1, 2, 3].map(async a => output(await run(definition, { a }))))).toEqual(['one', 'few', 'many']);
  });

  test('a Choice fails if no rule is true and it has no default', async () => {
    const { status, outcome } = await run(machine({ A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] }, B: { Type: 'Succeed' } }));
    expect([status, outcome.error]).toEqual(['FAILED', 'States.NoChoiceMatched']);
  });

  test.each([
    ['is undefined', '{% $states.input.missing %}', 'returned nothing (undefined)'],
    ['fails', "{% 1 + 'a' %}", 'T2002: The right side of the "+" operator must evaluate to a number'],
    ['is a function', '{% $sum %}', 'returned an unsupported result type'],
  ])('an expression whose result %s is an error', async (_, expression, cause) => {
    const { outcome } = await run(machine({ A: pass({ Output: expression, ...END }) }));
    expect(outcome).toEqual({ error: 'States.QueryEvaluationError', cause: expect.stringContaining(cause) });
  });

  test('a field for numbers or booleans refuses an expression of another type', async () => {
    const wait = await run(machine({ A: { Type: 'Wait', Seconds: "{% '1' %}", ...END } }));
    const choice = await run(machine({ A: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'B' }], Default: 'B' }, B: { Type: 'Succeed' } }));
    expect([wait.outcome.error, choice.outcome.error]).toEqual(['States.QueryEvaluationError', 'States.QueryEvaluationError']);
  });

  test('the functions that Step Functions adds work as documented', async () => {
    const { outcome } = await run(machine({
      A: pass({
        Output: {
          parts: '{% $partition([1..5], 2) %}', range: '{% $range(1, 9, 4) %}', parsed: "{% $parse('[1]') %}", hash: "{% $hash('a', 'MD5') %}", time: '{% $millis() %}', now: '{% $now() %}',
        },
        ...END,
      }),
    }));
    expect(outcome.output).toEqual({
      parts: [[1, 2], [3, 4], [5]], range: [1, 5, 9], parsed: [1], hash: '0cc175b9c0f1b6a831c399e269772661', time: Date.UTC(2026, 0, 1), now: '2026-01-01T00:00:00.000Z',
    });
  });

  test('an array of one item becomes that item, as in JSONata', async () => {
    const { outcome } = await run(machine({ A: pass({ Output: { one: '{% $states.input.a.b %}', kept: '{% $states.input.a.b[] %}' }, ...END }) }), { a: [{ b: 1 }] });
    expect(outcome.output).toEqual({ one: 1, kept: [1] });
  });

  test('Fail ends the execution with its error and cause, which may be expressions', async () => {
    const { status, outcome } = await run(machine({ A: { Type: 'Fail', Error: 'Mine', Cause: "{% 'was ' & $states.input.a %}" } }), { a: 1 });
    expect([status, outcome]).toEqual(['FAILED', { error: 'Mine', cause: 'was 1' }]);
  });
});

describe('time', () => {
  test('a Wait lasts for its seconds, which may be zero', async () => {
    expect(seconds(await run(machine({ A: { Type: 'Wait', Seconds: '{% $states.input.a %}', ...END } }), { a: 86_400 }))).toBe(86_400);
    expect(seconds(await run(machine({ A: { Type: 'Wait', Seconds: 0, ...END } })))).toBe(0);
  });

  test('an execution times out after the TimeoutSeconds of its machine', async () => {
    const { status, outcome, ...rest } = await run(machine({ A: { Type: 'Wait', Seconds: 60, ...END } }, { TimeoutSeconds: 30 }));
    expect([status, outcome.error, seconds(rest as Execution)]).toEqual(['TIMED_OUT', 'States.Timeout', 30]);
  });

  test('a task times out after its TimeoutSeconds, and can be retried', async () => {
    const bench = new Bench();
    bench.faults.add({ api: 'GetAlternateContact', kind: 'slow', seconds: 100 });
    bench.contacts.put(MEMBER, CONTACT);
    const execution = await bench.run(machine({ A: get(MEMBER, { TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }], ...END }) }));
    expect(types(execution)).toContain('TaskTimedOut');
    expect([execution.status, seconds(execution)]).toEqual(['SUCCEEDED', 5 + 1 + 0.12]);
  });
});
