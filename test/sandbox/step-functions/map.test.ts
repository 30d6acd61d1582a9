import { Bench, END, get, machine, MEMBER, output, pass, processor, run, seconds, types } from './state-machines';

describe('branches and iterations', () => {
  test('a Parallel state returns the results of its branches in their order, and takes as long as the longest', async () => {
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

  test('branches and iterations see the variables around them, but no variable inside is seen outside', async () => {
    const inner = pass({ Assign: { inner: '{% $outer & $states.input %}' }, Output: '{% $outer %}', Next: 'Inside' });
    const { outcome } = await run(machine({
      Before: pass({ Assign: { outer: 'hello' }, Output: ['a', 'b'], Next: 'Map' }),
      Map: {
        Type: 'Map', ItemProcessor: processor({ Set: { ...inner, Output: '{% $states.input %}' }, Inside: { Type: 'Succeed', Output: '{% $inner %}' } }, 'INLINE'), ...END,
      },
    }));
    expect(outcome.output).toEqual(['helloa', 'hellob']);
  });

  test('an inline Map processes at most MaxConcurrency items at once', async () => {
    const map = (maxConcurrency: number) => machine({
      A: { Type: 'Map', Items: '{% [1..6] %}', MaxConcurrency: maxConcurrency, ItemProcessor: processor({ B: { Type: 'Wait', Seconds: 10, ...END } }, 'INLINE'), ...END },
    });
    expect(await Promise.all([1, 2, 0].map(async most => seconds(await run(map(most)))))).toEqual([60, 30, 10]);
  });

  test('children of a distributed map get their items, in batches if declared, and start one after the other in each lane', async () => {
    const map = (more: object) => machine({
      A: { Type: 'Map', Items: '{% [1..5] %}', MaxConcurrency: 2, ItemProcessor: processor({ B: { Type: 'Wait', Seconds: 10, ...END } }), ...more, ...END },
    });
    const execution = await run(map({}));
    expect([execution.outcome.output, seconds(execution)]).toEqual([[1, 2, 3, 4, 5], 30.9]);
    expect(output(await run(map({ ItemBatcher: { MaxItemsPerBatch: 2 } })))).toEqual([{ Items: [1, 2] }, { Items: [3, 4] }, { Items: [5] }]);
    expect(output(await run(map({ ItemSelector: { index: '{% $states.context.Map.Item.Index %}', value: '{% $states.context.Map.Item.Value %}' } }))))
      .toEqual([1, 2, 3, 4, 5].map((value, index) => ({ index, value })));
  });

  test.each([[20, 'FAILED'], [40, 'SUCCEEDED']])('if %s percent of the children may fail and two of five do, the map has %s', async (percentage, status) => {
    const fails = { Choice: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 3 %}', Next: 'Fail' }], Default: 'Fine' }, Fail: { Type: 'Fail', Error: 'Mine', Cause: 'so' }, Fine: { Type: 'Succeed' } };
    const execution = await run(machine({
      A: { Type: 'Map', Items: '{% [1..5] %}', MaxConcurrency: 1, ToleratedFailurePercentage: percentage, ItemProcessor: processor(fails), ...END },
    }));
    expect(execution.status).toBe(status);
    expect(execution.outcome.error).toBe(status === 'FAILED' ? 'States.ExceedToleratedFailureThreshold' : undefined);
    expect(execution.mapRuns[0].executions).toHaveLength(status === 'FAILED' ? 2 : 5); // the rest is not started
  });


  test('a test can end a child', async () => {
    const map = machine({ A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: { Type: 'Wait', Seconds: 10, ...END } }), ...END } });
    const { outcome } = await run(map, {}, { onChild: child => child.finish('FAILED', { error: 'States.Runtime', cause: 'died' }) });
    expect(outcome.error).toBe('States.ExceedToleratedFailureThreshold');
  });

  test('a distributed map needs the permission to start executions of its machine', async () => {
    const map = machine({ A: { Type: 'Map', Items: [1], ItemProcessor: processor({ B: pass(END) }), ...END } });
    expect((await run(map, {}, { actions: 'account:*' })).outcome.error).toBe('States.Permissions');
  });
});
