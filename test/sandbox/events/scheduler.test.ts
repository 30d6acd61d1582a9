import { DAY, MachineBench, role, schedule, SERVICES } from './machine-bench';

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

test('a schedule can call StartExecution itself, and name the execution', async () => {
  const bench = await MachineBench.open();
  const call = (input: object) => schedule('rate(1 day)', {
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution',
      RoleArn: { 'Fn::GetAtt': ['StartRole', 'Arn'] },
      Input: { 'Fn::Sub': JSON.stringify({ StateMachineArn: '${Machine}', ...input }) },
    },
  });
  const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","no":"<aws.scheduler.nothing>"}';
  await bench.deploy({ Named: call({ Name: 'all-<aws.scheduler.execution-id>', Input }), Unnamed: call({}) });
  await bench.clock.advance(DAY + 60);
  const { executions } = bench.sandbox.stepFunctions;
  const [first, second] = executions.filter(({ identity }) => /^all-[\da-f]{16}$/.test(identity.name));
  expect(first.input).toEqual({ at: '2026-01-01T00:00:00Z', by: expect.stringMatching(/:schedule\/default\/Stack-Named-/), no: '<aws.scheduler.nothing>' });
  expect([second.input, executions.length]).toMatchObject([{ at: '2026-01-02T00:00:00Z' }, 4]);
  await bench.deploy({ StartRole: role('states:StopExecution', ...SERVICES), Named: call({ Name: 'all-now' }) });
  await bench.clock.advance(DAY);
  expect(bench.sandbox.deliveries.at(-1)?.outcome).toContain('no identity-based policy allows the states:StartExecution action');
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
