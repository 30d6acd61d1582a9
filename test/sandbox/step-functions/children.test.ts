import { ACCOUNT, Bench, BenchOptions, CONTACT, END, get, machine, MEMBER, output, processor, run, seconds } from './state-machines';

describe('the children of an execution that ends before them', () => {
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
    ['STANDARD children', 'STANDARD', {}],
    ['EXPRESS children, with the option stop', 'EXPRESS', { expressChildren: 'stop' }],
  ])('are stopped with it: %s', async (_, mode, options) => {
    expect(await stopParent(mode, options)).toEqual([['ABORTED', expect.closeTo(9.7), 0]]);
  });

  test('go on if they are EXPRESS children, for up to five minutes, and no other one starts', async () => {
    expect(await stopParent('EXPRESS')).toEqual([['TIMED_OUT', 300, 1]]);
  });

  test('go on if they are EXPRESS children, also when the map run or a branch beside the map fails', async () => {
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
});

describe('a tolerated failed child', () => {
  /** Children that fail but for the second. */
  const tolerant = (items: unknown[], mode: 'EXPRESS' | 'STANDARD' = 'EXPRESS') => {
    const fails = {
      Choice: { Type: 'Choice', Choices: [{ Condition: '{% $states.input != 2 %}', Next: 'Fail' }], Default: 'Fine' },
      Fail: { Type: 'Fail', Error: 'Mine', Cause: 'so' },
      Fine: { Type: 'Succeed' },
    };
    return machine({ A: { Type: 'Map', Items: items, ToleratedFailureCount: 10, Label: 'Dead', ItemProcessor: processor(fails, mode), ...END } });
  };

  test.each([['nothing', [2]], ['null', [null, 2]], ['error', [{ Error: 'Mine', Cause: 'so' }, 2]]] as const)(
    'appears as %s in the result, with that option', async (failedChildLeaves, result) => {
      expect(output(await run(tolerant([1, 2]), {}, { failedChildLeaves }))).toEqual(result);
    });

  test.each([['EXPRESS', 'express'], ['STANDARD', 'execution']] as const)('of the type %s appears as its description, input and all', async (mode, type) => {
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

  test('counts towards the 256 KiB of the result', async () => {
    const dead = (characters: number) => run(tolerant(Array.from({ length: 4 }, () => 'x'.repeat(characters))));
    const [{ outcome: { output: small } }, big] = [await dead(64_000), await dead(65_400)];
    expect((small as { Input: string }[]).map(({ Input }) => Input.length)).toEqual([64_002, 64_002, 64_002, 64_002]);
    expect(big.outcome.error).toBe('States.DataLimitExceeded');
  });
});
