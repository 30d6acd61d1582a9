import { evaluate } from './evaluate';
import { IS_FULL_SWEEP, OLDER_EXECUTIONS } from '../../../../src/private/sweep/machine/older-sweeps';

test.each<[object, boolean]>([
  [{}, true],
  [{ Comment: 'asked for by 222222222222' }, true],
  [{ joined: '' }, true],
  [{ joined: '', Comment: '"joined": "222222222222"' }, true],
  [{ accountIds: ['222222222222'] }, false],
  [{ joined: ' 222222222222 ' }, false],
  [{ afterSeconds: 60 }, false],
])('an execution with the input %j sweeps all accounts: %s', async (input, expected) => {
  for (const Input of [JSON.stringify(input), JSON.stringify(input, undefined, 1)]) {
    expect(await evaluate(IS_FULL_SWEEP, { states: { result: { Input } } })).toBe(expected);
  }
});

test('an execution is older if it began before, and of two that began at the same time one is', async () => {
  const executions = [
    { ExecutionArn: 'x:c', StartDate: '2026-11-24T02:00:00.001Z' },
    { ExecutionArn: 'x:b', StartDate: '2026-11-24T02:00:00.000Z' },
    { ExecutionArn: 'x:a', StartDate: '2026-11-24T02:00:00.000Z' },
    { ExecutionArn: 'x:old', StartDate: '2026-11-24T01:59:59.999Z' },
  ];
  const older = (Id: string, list = executions) => evaluate(OLDER_EXECUTIONS, {
    states: { context: { Execution: { StartTime: '2026-11-24T02:00:00.000Z', Id } }, result: { Executions: list } },
  });
  expect(await older('x:b')).toEqual(['x:a', 'x:old'].map(execution => ({ execution, newer: 'x:b' })));
  expect(await older('x:a')).toEqual([{ execution: 'x:old', newer: 'x:a' }]);
  expect(await older('x:a', [])).toEqual([]);
});
