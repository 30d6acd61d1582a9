import { DAY, MachineBench, schedule } from './machine-bench';

test('a rate begins at once, an unchanged schedule keeps its times, and a deleted one stops', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Schedule: schedule('rate(1 day)') });
  await bench.clock.advance(60);
  expect(bench.inputs).toEqual([{ by: 'schedule' }]);
  await bench.clock.advance(DAY);
  expect(bench.inputs).toHaveLength(2);
  await bench.deploy({ Schedule: schedule('rate(1 day)', { Description: 'changed' }) });
  await bench.clock.advance(3600);
  expect(bench.inputs).toHaveLength(2);
  await bench.clock.advance(DAY);
  expect(bench.inputs).toHaveLength(3);
  await bench.deploy({});
  await bench.clock.advance(3 * DAY);
  expect(bench.inputs).toHaveLength(3);
});

test('a cron schedule waits for its time', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Schedule: schedule('cron(0 6 * * ? *)') });
  await bench.clock.advance(5 * 3600);
  expect(bench.inputs).toEqual([]);
  await bench.clock.advance(DAY);
  expect(bench.inputs).toHaveLength(1);
});

test.each([
  ['a flexible time window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }],
  ['a start date', { StartDate: '2026-01-01T00:00:00Z' }],
  ['another time zone', { ScheduleExpressionTimezone: 'Europe/Berlin' }],
])('%s is refused', async (_, more) => {
  const bench = await MachineBench.open();
  expect((await bench.deploy({ Schedule: schedule('rate(1 day)', more) })).status).toBe('ROLLBACK_COMPLETE');
});
