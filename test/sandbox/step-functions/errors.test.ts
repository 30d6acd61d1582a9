import { Bench, BenchOptions, CONTACT, END, get, machine, MEMBER, pass, processor, run, say, seconds, types } from './state-machines';

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
  ])('the error %s of a service, with the status %s, is %s in the state machine', async (name, status, error) => {
    const { outcome } = await refused(name, 1, status).run(machine({ A: get(MEMBER, END) }));
    expect(outcome).toEqual({ error, cause: expect.stringContaining(`No. (Service: Account, Status Code: ${status}, `) });
  });

  test("a call that the role does not allow fails with the service's AccessDeniedException", async () => {
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

  test('each Retry counts its attempts, and then a Catch follows', async () => {
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
  ])('an option says where States.ALL catches States.DataLimitExceeded: %s', async (allMeansDataLimit, statuses) => {
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

  test('a Catch of States.DataLimitExceeded catches it', async () => {
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

  test('a limit is measured in bytes, not in characters', async () => {
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

  test('a history has at most 25,000 events', async () => {
    const execution = await run(machine({ A: pass({ Next: 'B' }), B: pass({ Next: 'A' }) }));
    expect([execution.status, execution.history.length, types(execution).at(-1)]).toEqual(['FAILED', 25_000, 'ExecutionFailed']);
    expect(execution.outcome.cause).toContain('maximum number of history events');
  });

  test('an EXPRESS child lasts at most 5 minutes', async () => {
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
