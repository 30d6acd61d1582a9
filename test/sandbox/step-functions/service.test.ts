import { ACCOUNT, Bench, BenchOptions, get, machine, processor, run, say, types } from './state-machines';
import { Execution } from '../../../sandbox/step-functions/execution';

const MEMBER = '222222222222';
const CONTACT = { AlternateContactType: 'SECURITY', Name: 'SOC', Title: 'On call', EmailAddress: 'soc@example.com', PhoneNumber: '1' } as const;
const END = { End: true };
const pass = (more: object) => ({ Type: 'Pass', ...more });
const output = ({ outcome }: Execution) => outcome.output;
const seconds = ({ startedAt, stoppedAt = NaN }: Execution) => (stoppedAt - startedAt) / 1000;

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

  test('a Choice takes the first rule that holds, with the Assign of that rule only', async () => {
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

  test('a Choice without a rule that holds and without a default fails', async () => {
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

  test("Step Functions' own functions", async () => {
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

  test('an array of one item is that item, as JSONata has it', async () => {
    const { outcome } = await run(machine({ A: pass({ Output: { one: '{% $states.input.a.b %}', kept: '{% $states.input.a.b[] %}' }, ...END }) }), { a: [{ b: 1 }] });
    expect(outcome.output).toEqual({ one: 1, kept: [1] });
  });

  test('Fail ends the execution with its error and cause, which may be expressions', async () => {
    const { status, outcome } = await run(machine({ A: { Type: 'Fail', Error: 'Mine', Cause: "{% 'was ' & $states.input.a %}" } }), { a: 1 });
    expect([status, outcome]).toEqual(['FAILED', { error: 'Mine', cause: 'was 1' }]);
  });
});

describe('time', () => {
  test('a Wait takes its seconds, which may be zero', async () => {
    expect(seconds(await run(machine({ A: { Type: 'Wait', Seconds: '{% $states.input.a %}', ...END } }), { a: 86_400 }))).toBe(86_400);
    expect(seconds(await run(machine({ A: { Type: 'Wait', Seconds: 0, ...END } })))).toBe(0);
  });

  test('an execution that takes longer than the machine allows times out', async () => {
    const { status, outcome, ...rest } = await run(machine({ A: { Type: 'Wait', Seconds: 60, ...END } }, { TimeoutSeconds: 30 }));
    expect([status, outcome.error, seconds(rest as Execution)]).toEqual(['TIMED_OUT', 'States.Timeout', 30]);
  });

  test('a task that takes longer than its own limit times out, and can be tried again', async () => {
    const bench = new Bench();
    bench.faults.add({ api: 'GetAlternateContact', kind: 'slow', seconds: 100 });
    bench.contacts.put(MEMBER, CONTACT);
    const execution = await bench.run(machine({ A: get(MEMBER, { TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }], ...END }) }));
    expect(types(execution)).toContain('TaskTimedOut');
    expect([execution.status, seconds(execution)]).toEqual(['SUCCEEDED', 5 + 1 + 0.12]);
  });
});

describe('errors', () => {
  const refused = (name: string, times = 1, status = 400) => {
    const bench = new Bench();
    bench.contacts.put(MEMBER, CONTACT);
    bench.faults.add({ api: '*', kind: 'error', status, name, message: 'No.', times });
    return bench;
  };

  test.each([
    ['TooManyRequestsException', 429, 'Account.TooManyRequestsException'],
    ['SerializationException', 400, 'Account.AccountException'],
  ])('%s of a service is %s %s here', async (name, status, error) => {
    const { outcome } = await refused(name, 1, status).run(machine({ A: get(MEMBER, END) }));
    expect(outcome).toEqual({ error, cause: expect.stringContaining(`No. (Service: Account, Status Code: ${status}, `) });
  });

  test("a call that the role may not make fails with the service's AccessDenied error", async () => {
    const { outcome } = await run(machine({ A: get(MEMBER, END) }), {}, { actions: 'account:Put*' });
    expect(outcome.error).toBe('Account.AccessDeniedException');
    expect(outcome.cause).toContain('is not authorized to perform: account:GetAlternateContact');
  });

  test('a lost connection is an error of the client', async () => {
    const bench = new Bench();
    bench.faults.add({ api: '*', kind: 'drop' });
    expect((await bench.run(machine({ A: get(MEMBER, END) }))).outcome.error).toBe('Account.SdkClientException');
  });

  test('a Retry waits longer each time, up to MaxDelaySeconds', async () => {
    const retry = { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 10 };
    const execution = await refused('TooManyRequestsException', 4).run(machine({ A: get(MEMBER, { Retry: [retry], ...END }) }));
    expect(execution.status).toBe('SUCCEEDED');
    expect(seconds(execution)).toBeCloseTo(2 + 6 + 10 + 10 + 5 * 0.12);
    expect(execution.transitions).toBe(5);
  });

  test('full jitter waits a random part of the delay', async () => {
    const bench = new Bench({ random: () => 0.25 });
    bench.faults.add({ api: '*', kind: '429', times: 2 });
    bench.contacts.put(MEMBER, CONTACT);
    const retry = { ErrorEquals: ['States.ALL'], IntervalSeconds: 4, JitterStrategy: 'FULL' };
    expect(seconds(await bench.run(machine({ A: get(MEMBER, { Retry: [retry], ...END }) })))).toBeCloseTo(1 + 2 + 3 * 0.12);
  });

  test('each Retry counts its own attempts, and then a Catch takes over', async () => {
    const bench = new Bench();
    for (const name of ['ResourceNotFoundException', 'ResourceNotFoundException', 'TooManyRequestsException', 'ResourceNotFoundException']) {
      bench.faults.add({ api: '*', kind: 'error', name });
    }
    const execution = await bench.run(machine({
      A: get(MEMBER, {
        Retry: [
          { ErrorEquals: ['Account.ResourceNotFoundException'], IntervalSeconds: 1, MaxAttempts: 2 },
          { ErrorEquals: ['Account.TooManyRequestsException'], IntervalSeconds: 5 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B', Assign: { error: '{% $states.errorOutput.Error %}' } }],
        ...END,
      }),
      B: { Type: 'Succeed', Output: '{% $error %}' },
    }));
    expect([execution.outcome.output, bench.calls.length]).toEqual(['Account.ResourceNotFoundException', 4]);
    expect(seconds(execution)).toBeCloseTo(1 + 2 + 5 + 4 * 0.12);
  });

  test('the output of a Catch without an Output field is the error and its cause', async () => {
    const { outcome } = await refused('TooManyRequestsException').run(machine({ A: get(MEMBER, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], ...END }), B: { Type: 'Succeed' } }));
    expect(outcome.output).toEqual({ Error: 'Account.TooManyRequestsException', Cause: expect.any(String) });
  });

  test('an expression that fails in a task can be caught', async () => {
    const { outcome } = await run(machine({ A: say('{% $states.input.missing %}', { Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B' }], ...END }), B: { Type: 'Succeed', Output: 'caught' } }));
    expect(outcome.output).toBe('caught');
  });

  test('States.ALL does not catch States.Runtime', async () => {
    const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], ...END };
    const { outcome } = await run(machine({ A: { ...get(MEMBER, caught), Arguments: "{% {'Unknown': 1} %}" }, B: { Type: 'Succeed' } }));
    expect(outcome.error).toBe('States.Runtime');
  });

  test.each<[BenchOptions['allMeansDataLimit'], string[]]>([
    [undefined, ['SUCCEEDED', 'FAILED', 'FAILED']], // a Task, as recorded; a Map and a Parallel state
    ['in tasks', ['SUCCEEDED', 'FAILED', 'FAILED']],
    ['always', ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']],
    ['never', ['FAILED', 'FAILED', 'FAILED']], // as documented
  ])('whether States.ALL catches States.DataLimitExceeded is configurable: %s', async (allMeansDataLimit, statuses) => {
    const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], ...END };
    const tooMuch = "{% $pad('', 262144, 'x') %}";
    const half = { Half: pass({ Output: "{% $pad('', 131072, 'x') %}", ...END }) };
    const states = [
      say(tooMuch, caught),
      { Type: 'Map', Items: [1, 2], ItemProcessor: processor(half), ...caught },
      { Type: 'Parallel', Branches: [{ StartAt: 'C', States: { C: pass({ Output: tooMuch, ...END }) } }], ...caught },
    ];
    const executions = await Promise.all(states.map(state => run(machine({ A: state, B: { Type: 'Succeed', Output: 'caught' } }), {}, { allMeansDataLimit })));
    expect(executions.map(({ status }) => status)).toEqual(statuses);
    expect(executions.filter(({ status }) => status === 'FAILED').every(({ outcome }) => outcome.error === 'States.DataLimitExceeded')).toBe(true);
  });

  test('States.DataLimitExceeded is caught by its own name', async () => {
    const caught = { Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'B' }], ...END };
    expect((await run(machine({ A: say("{% $pad('', 262144, 'x') %}", caught), B: { Type: 'Succeed' } }))).status).toBe('SUCCEEDED');
  });
});

describe('limits', () => {
  const text = (bytes: number) => "{% $pad('', " + String(bytes) + ", 'x') %}";

  // Two bytes are the quotes.
  test.each([[262_144 - 2, undefined], [262_144 - 1, 'States.DataLimitExceeded']])('an output has at most 256 KiB: %s characters', async (characters, error) => {
    expect((await run(machine({ A: pass({ Output: text(characters), ...END }) }))).outcome.error).toBe(error);
  });

  test('bytes count, not characters', async () => {
    expect((await run(machine({ A: pass({ Output: "{% $pad('', 131072, 'é') %}", ...END }) }))).outcome.error).toBe('States.DataLimitExceeded');
  });

  test('an Assign has at most 256 KiB in all', async () => {
    const half = text(131_072);
    expect((await run(machine({ A: pass({ Assign: { a: half, b: half }, ...END }) }))).outcome.error).toBe('States.DataLimitExceeded');
    expect((await run(machine({ A: pass({ Assign: { a: half }, Next: 'B' }), B: pass({ Assign: { b: half }, ...END }) }))).status).toBe('SUCCEEDED');
  });

  test('the result of a Map has at most 256 KiB', async () => {
    const definition = machine({ A: { Type: 'Map', Items: '{% [1..3] %}', ItemProcessor: processor({ B: pass({ Output: text(100_000), ...END }) }), Output: 'small', ...END } });
    expect((await run(definition)).outcome.error).toBe('States.DataLimitExceeded');
  });

  test('an input of more than 256 KiB starts nothing', () => {
    const bench = new Bench();
    const arn = bench.put(machine({ A: pass(END) }));
    expect(() => bench.stepFunctions.start(arn, 'x'.repeat(262_144))).toThrow(/has 262146 bytes/);
  });

  test('a history has at most 25,000 events', async () => {
    const execution = await run(machine({ A: pass({ Next: 'B' }), B: pass({ Next: 'A' }) }));
    expect([execution.status, execution.history.length, types(execution).at(-1)]).toEqual(['FAILED', 25_000, 'ExecutionFailed']);
    expect(execution.outcome.cause).toContain('maximum number of history events');
  });

  test('an EXPRESS child has 5 minutes', async () => {
    const definition = (wait: number) => machine({
      A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: { Type: 'Wait', Seconds: wait, ...END } }), ...END },
    });
    expect((await run(definition(299))).status).toBe('SUCCEEDED');
    const { status, outcome, mapRuns } = await run(definition(301));
    expect([status, outcome.error]).toEqual(['FAILED', 'States.ExceedToleratedFailureThreshold']);
    expect([mapRuns[0].executions[0].status, seconds(mapRuns[0].executions[0])]).toEqual(['TIMED_OUT', 300]);
  });

  test('a map run has at most 10,000 children', async () => {
    const map = machine({ A: { Type: 'Map', Items: '{% [1..10001] %}', ItemProcessor: processor({ B: pass(END) }), ...END } });
    expect((await run(map)).outcome).toEqual({ error: 'States.Runtime', cause: expect.stringContaining('more than 10000') });
  });

  test('a definition has at most 1 MB', () => {
    expect(() => new Bench().put(machine({ A: pass({ Comment: 'x'.repeat(2 ** 20), ...END }) }))).toThrow(/more than 1048576/);
  });
});

describe('branches and iterations', () => {
  test('a Parallel state gives the results of its branches in their order, and takes as long as the longest', async () => {
    const branch = (name: string, wait: number) => ({ StartAt: name, States: { [name]: { Type: 'Wait', Seconds: wait, Output: name, ...END } } });
    const execution = await run(machine({ A: { Type: 'Parallel', Branches: [branch('slow', 9), branch('fast', 1)], ...END } }));
    expect([execution.outcome.output, seconds(execution)]).toEqual([['slow', 'fast'], 9]);
  });

  test('a branch that fails stops the others', async () => {
    const bench = new Bench();
    const execution = await bench.run(machine({
      A: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, Next: 'Call' }, Call: get(MEMBER, END) } },
          { StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'Mine', Cause: 'so' } } },
        ],
        Catch: [{ ErrorEquals: ['Mine'], Next: 'Linger' }],
        ...END,
      },
      Linger: { Type: 'Wait', Seconds: 3600, ...END },
    }));
    expect([execution.status, bench.calls.length]).toEqual(['SUCCEEDED', 0]);
    expect(types(execution)).toContain('ParallelStateFailed');
  });

  test('branches and iterations see the variables around them; their own are not seen outside', async () => {
    const inner = pass({ Assign: { inner: '{% $outer & $states.input %}' }, Output: '{% $outer %}', Next: 'Inside' });
    const { outcome } = await run(machine({
      Before: pass({ Assign: { outer: 'hello' }, Output: ['a', 'b'], Next: 'Map' }),
      Map: {
        Type: 'Map', ItemProcessor: processor({ Set: { ...inner, Output: '{% $states.input %}' }, Inside: { Type: 'Succeed', Output: '{% $inner %}' } }, 'INLINE'), ...END,
      },
    }));
    expect(outcome.output).toEqual(['helloa', 'hellob']);
  });

  test('an inline Map works on at most MaxConcurrency items at once', async () => {
    const map = (maxConcurrency: number) => machine({
      A: { Type: 'Map', Items: '{% [1..6] %}', MaxConcurrency: maxConcurrency, ItemProcessor: processor({ B: { Type: 'Wait', Seconds: 10, ...END } }, 'INLINE'), ...END },
    });
    expect(await Promise.all([1, 2, 0].map(async most => seconds(await run(map(most)))))).toEqual([60, 30, 10]);
  });

  test('children of a distributed map get their items, batched if so declared, and start one after the other in each lane', async () => {
    const map = (more: object) => machine({
      A: { Type: 'Map', Items: '{% [1..5] %}', MaxConcurrency: 2, ItemProcessor: processor({ B: { Type: 'Wait', Seconds: 10, ...END } }), ...more, ...END },
    });
    const execution = await run(map({}));
    expect([execution.outcome.output, seconds(execution)]).toEqual([[1, 2, 3, 4, 5], 30.9]);
    expect(output(await run(map({ ItemBatcher: { MaxItemsPerBatch: 2 } })))).toEqual([{ Items: [1, 2] }, { Items: [3, 4] }, { Items: [5] }]);
    expect(output(await run(map({ ItemSelector: { index: '{% $states.context.Map.Item.Index %}', value: '{% $states.context.Map.Item.Value %}' } }))))
      .toEqual([1, 2, 3, 4, 5].map((value, index) => ({ index, value })));
  });

  test.each([[20, 'FAILED'], [40, 'SUCCEEDED']])('two of five children may fail or not: %s percent tolerated', async (percentage, status) => {
    const fails = { Choice: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 3 %}', Next: 'Fail' }], Default: 'Fine' }, Fail: { Type: 'Fail', Error: 'Mine', Cause: 'so' }, Fine: { Type: 'Succeed' } };
    const execution = await run(machine({
      A: { Type: 'Map', Items: '{% [1..5] %}', MaxConcurrency: 1, ToleratedFailurePercentage: percentage, ItemProcessor: processor(fails), ...END },
    }));
    expect(execution.status).toBe(status);
    expect(execution.outcome.error).toBe(status === 'FAILED' ? 'States.ExceedToleratedFailureThreshold' : undefined);
    expect(execution.mapRuns[0].executions).toHaveLength(status === 'FAILED' ? 2 : 5); // the rest is not started
  });

  /** Children that fail but for the second. */
  const tolerant = (items: unknown[], mode: 'EXPRESS' | 'STANDARD' = 'EXPRESS') => {
    const fails = { Choice: { Type: 'Choice', Choices: [{ Condition: '{% $states.input != 2 %}', Next: 'Fail' }], Default: 'Fine' }, Fail: { Type: 'Fail', Error: 'Mine', Cause: 'so' }, Fine: { Type: 'Succeed' } };
    return machine({ A: { Type: 'Map', Items: items, ToleratedFailureCount: 10, Label: 'Dead', ItemProcessor: processor(fails, mode), ...END } });
  };

  test.each([['nothing', [2]], ['null', [null, 2]], ['error', [{ Error: 'Mine', Cause: 'so' }, 2]]] as const)('a tolerated failed child may leave %s', async (failedChildLeaves, result) => {
    expect(output(await run(tolerant([1, 2]), {}, { failedChildLeaves }))).toEqual(result);
  });

  test.each([['EXPRESS', 'express'], ['STANDARD', 'execution']] as const)('a tolerated failed %s child leaves its description, input and all', async (mode, type) => {
    const uuid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
    expect(output(await run(tolerant([{ a: '"' }, 2], mode)))).toEqual([{
      Cause: 'so',
      Error: 'Mine',
      ExecutionArn: expect.stringMatching(RegExp(`^arn:aws:states:us-east-1:${ACCOUNT}:${type}:Machine/Dead:${mode === 'EXPRESS' ? `${uuid}:` : ''}${uuid}$`)),
      Input: '{"a":"\\""}',
      InputDetails: { Included: true },
      Name: expect.stringMatching(RegExp(`^${uuid}$`)),
      RedriveCount: 0,
      RedriveStatus: 'REDRIVABLE_BY_MAP_RUN',
      StartDate: '2026-01-01T00:00:00.300Z',
      StateMachineArn: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:Machine/Dead`,
      Status: 'FAILED',
      StopDate: '2026-01-01T00:00:00.300Z',
    }, 2]);
  });

  test('what dead children leave counts towards the 256 KiB of the result', async () => {
    const dead = (characters: number) => run(tolerant(Array.from({ length: 4 }, () => 'x'.repeat(characters))));
    const [{ outcome: { output: small } }, big] = [await dead(64_000), await dead(65_400)];
    expect((small as { Input: string }[]).map(({ Input }) => Input.length)).toEqual([64_002, 64_002, 64_002, 64_002]);
    expect(big.outcome.error).toBe('States.DataLimitExceeded');
  });

  test('a test can end a child', async () => {
    const map = machine({ A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: { Type: 'Wait', Seconds: 10, ...END } }), ...END } });
    const { outcome } = await run(map, {}, { onChild: child => child.finish('FAILED', { error: 'States.Runtime', cause: 'died' }) });
    expect(outcome.error).toBe('States.ExceedToleratedFailureThreshold');
  });

  test('a distributed map needs the permission to start executions of its own machine', async () => {
    const map = machine({ A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: pass(END) }), ...END } });
    expect((await run(map, {}, { actions: 'account:*' })).outcome.error).toBe('States.Permissions');
  });
});

describe('what is stored', () => {
  test('the history of every kind of state', async () => {
    const counted = async (states: Parameters<typeof machine>[0]) => types(await run(machine(states))).slice(1, -1).map(type => type.replace('State', ''));
    expect(await counted({ A: pass(END) })).toEqual(['PassEntered', 'PassExited']);
    expect(await counted({ A: { Type: 'Wait', Seconds: 1, ...END } })).toEqual(['WaitEntered', 'WaitExited']);
    expect(await counted({ A: { Type: 'Succeed' } })).toEqual(['SucceedEntered', 'SucceedExited']);
    expect(await counted({ A: { Type: 'Fail' } })).toEqual(['FailEntered']);
    expect(await counted({ A: say(1, END) })).toEqual(['TaskEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskExited']);
    expect(await counted({ A: get(MEMBER, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], ...END }), B: { Type: 'Succeed' } }))
      .toEqual(['TaskEntered', 'TaskScheduled', 'TaskStarted', 'TaskFailed', 'TaskExited', 'SucceedEntered', 'SucceedExited']);
    expect(await counted({ A: { Type: 'Parallel', Branches: [machineOf(pass(END))], ...END } }))
      .toEqual(['ParallelEntered', 'ParallelStarted', 'PassEntered', 'PassExited', 'ParallelSucceeded', 'ParallelExited']);
    expect(await counted({ A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: pass(END) }, 'INLINE'), ...END } }))
      .toEqual(['MapEntered', 'MapStarted', 'MapIterationStarted', 'PassEntered', 'PassExited', 'MapIterationSucceeded', 'MapSucceeded', 'MapExited']);
    expect(await counted({ A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: pass(END) }), ...END } }))
      .toEqual(['MapEntered', 'MapStarted', 'MapRunStarted', 'MapRunSucceeded', 'MapSucceeded', 'MapExited']);
    expect(await counted({ A: pass({ Output: '{% $states.input.missing %}', ...END }) })).toEqual(['PassEntered', 'EvaluationFailed']);
  });

  const machineOf = (state: object) => ({ StartAt: 'Inner', States: { Inner: state } });

  test('the history holds the data of every state, a child of an EXPRESS map its input and outcome only', async () => {
    const bench = new Bench();
    bench.contacts.put(MEMBER, CONTACT);
    const read = { Get: get(MEMBER, { Output: 'done', ...END }) };
    const plain = await bench.run(machine(read));
    expect(JSON.stringify(plain.history)).toContain('soc@example.com');
    const express = await bench.run(machine({ A: { Type: 'Map', Items: ['item'], ItemProcessor: processor(read), ...END } }));
    const [child] = express.mapRuns[0].executions;
    expect([child.input, child.outcome.output, child.history]).toEqual(['item', 'done', []]);
    expect(JSON.stringify([express.history, child.input, child.outcome])).not.toContain('soc@example.com');
  });

  test.each([
    ['OFF', false, 0, false],
    ['FATAL', true, 1, false],
    ['ERROR', true, 2, true] /* what a Fail state got */,
    ['ALL', false, 12, false],
    ['ALL', true, 12, true],
  ] as const)('level %s with execution data %s logs %i events', async (level, includeExecutionData, events, personal) => {
    const bench = new Bench();
    bench.contacts.put(MEMBER, CONTACT);
    const definition = machine({ A: get(MEMBER, { Next: 'B' }), B: pass({ Next: 'C' }), C: { Type: 'Choice', Choices: [], Default: 'D' }, D: { Type: 'Fail', Error: 'Mine', Cause: 'so' } });
    const arn = bench.put(definition, { logging: { level, includeExecutionData } });
    await bench.clock.until(bench.stepFunctions.start(arn, {}).ended);
    expect(bench.stepFunctions.logs).toHaveLength(events);
    expect(JSON.stringify(bench.stepFunctions.logs).includes('soc@example.com')).toBe(personal);
  });
});

describe('its own API', () => {
  const sfn = (action: string, input: object, more: object = END) => ({ Type: 'Task', Resource: `arn:aws:states:::aws-sdk:sfn:${action}`, Arguments: input, ...more });
  const itself = '{% $states.context.StateMachine.Id %}';

  test('an execution finds and stops the others of its machine; calls that they had made took effect', async () => {
    const bench = new Bench();
    const arn = bench.put(machine({
      Begin: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.wait = true %}', Next: 'Wait' }], Default: 'List' },
      Wait: { Type: 'Wait', Seconds: 60, ...END },
      List: sfn('listExecutions', { StateMachineArn: itself, StatusFilter: 'RUNNING' }, {
        Output: "{% $states.result.Executions[ExecutionArn != $states.context.Execution.Id].{'arn': ExecutionArn, 'since': StartDate} %}", Next: 'Stop',
      }),
      Stop: sfn('stopExecution', { ExecutionArn: '{% $states.input.arn %}', Error: 'Superseded', Cause: 'newer' }, { Output: '{% $states.input.arn %}', Next: 'Describe' }),
      Describe: sfn('describeExecution', { ExecutionArn: '{% $states.input %}' }),
    }));
    const older = bench.stepFunctions.start(arn, { wait: true });
    await bench.clock.advance(10);
    const newer = bench.stepFunctions.start(arn, {});
    await bench.clock.until(newer.ended);
    expect([older.status, older.outcome, types(older).at(-1)]).toEqual(['ABORTED', { error: 'Superseded', cause: 'newer' }, 'ExecutionAborted']);
    expect(newer.outcome.output).toMatchObject({ Status: 'ABORTED', Input: '{"wait":true}', Error: 'Superseded', StopDate: expect.any(String) });
  });

  /** A child that waits a minute and then calls; its parent is stopped before that. */
  const stopParent = async (mode: 'EXPRESS' | 'STANDARD', options: BenchOptions = {}) => {
    const bench = new Bench(options);
    bench.contacts.put(MEMBER, CONTACT);
    const children = processor({ B: { Type: 'Wait', Seconds: 60, Next: 'C' }, C: get(MEMBER, { Next: 'D' }), D: { Type: 'Wait', Seconds: 600, ...END } }, mode);
    const arn = bench.put(machine({ A: { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor: children, ...END } }));
    const execution = bench.stepFunctions.start(arn, {});
    await bench.clock.advance(10);
    execution.finish('ABORTED', {});
    await bench.clock.advance(1000);
    return execution.mapRuns[0].executions.map(child => [child.status, seconds(child), bench.calls.length]);
  };

  test.each<[string, 'EXPRESS' | 'STANDARD', BenchOptions]>([
    ['a STANDARD child', 'STANDARD', {}],
    ['an EXPRESS child, if so configured', 'EXPRESS', { expressChildren: 'stop' }],
  ])('an execution that is stopped stops %s', async (_, mode, options) => {
    expect(await stopParent(mode, options)).toEqual([['ABORTED', expect.closeTo(9.7), 0]]);
  });

  test('an EXPRESS child goes on after its parent was stopped, up to its five minutes, and no other one starts', async () => {
    expect(await stopParent('EXPRESS')).toEqual([['TIMED_OUT', 300, 1]]);
  });

  test('EXPRESS children go on when the map run fails, and when a branch beside the map fails', async () => {
    const map = (states: Parameters<typeof processor>[0]) => ({ Type: 'Map', Items: [0, 60], ItemProcessor: processor(states), ...END });
    const slowOrFailing = {
      First: { Type: 'Wait', Seconds: '{% $states.input %}', Output: '{% $states.input %}', Next: 'Which' },
      Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 0 %}', Next: 'Fail' }], Default: 'Fine' },
      Fail: { Type: 'Fail', Error: 'Mine', Cause: 'so' },
      Fine: { Type: 'Succeed' },
    };
    const beside = { StartAt: 'Soon', States: { Soon: { Type: 'Wait', Seconds: 5, Next: 'Failed' }, Failed: { Type: 'Fail', Error: 'Mine', Cause: 'so' } } };
    const waits = { StartAt: 'M', States: { M: map({ Waits: { Type: 'Wait', Seconds: 60, ...END } }) } };
    for (const definition of [machine({ M: map(slowOrFailing) }), machine({ P: { Type: 'Parallel', Branches: [waits, beside], ...END } })]) {
      const bench = new Bench();
      const execution = await bench.run(definition);
      await bench.clock.advance(100);
      expect([execution.status, execution.mapRuns[0].executions.at(-1)?.status]).toEqual(['FAILED', 'SUCCEEDED']);
    }
  });

  test('an execution starts another one, which runs on its own', async () => {
    const bench = new Bench();
    const { outcome } = await bench.run(machine({
      Begin: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.again = true %}', Next: 'Start' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
      Start: sfn('startExecution', { StateMachineArn: itself, Input: "{% $string({'again': false}) %}" }),
    }), { again: true });
    expect(bench.stepFunctions.executions.map(({ input, identity }) => [input, identity.arn]))
      .toEqual([[{ again: true }, expect.any(String)], [{ again: false }, (outcome.output as { ExecutionArn: string }).ExecutionArn]]);
  });

  test('the list has pages', async () => {
    const bench = new Bench();
    const list = (more: object) => machine({ A: sfn('listExecutions', { StateMachineArn: itself, MaxResults: 2, ...more }) });
    await bench.run(list({}));
    await bench.run(list({}));
    const page = async (more: object) => output(await bench.run(list(more))) as { Executions: unknown[]; NextToken?: string };
    const first = await page({});
    const second = await page({ NextToken: first.NextToken });
    expect([first.Executions.length, second.Executions.length, second.NextToken]).toEqual([2, 2, undefined]);
  });

  test("a call that the role may not make fails with the service's general error", async () => {
    const { outcome } = await run(machine({ A: sfn('listExecutions', { StateMachineArn: itself }) }), {}, { actions: 'account:*' });
    expect([outcome.error, outcome.cause]).toEqual(['Sfn.SfnException', expect.stringContaining('not authorized to perform: states:ListExecutions')]);
  });

  test('an execution keeps the definition that it was started with; an updated one takes effect after its delay', async () => {
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
});
