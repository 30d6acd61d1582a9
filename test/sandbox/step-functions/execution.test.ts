import { Bench, CONTACT, END, get, machine, MEMBER, pass, processor, run, say, types } from './state-machines';

describe('history and logs', () => {
  test('the history has the events of every type of state', async () => {
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

  test('the history has the data of every state, but of an EXPRESS child only the input and the outcome are kept', async () => {
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
