import { DAY, MachineBench, MEMBER, ORGANIZATIONS, role, rule, schedule, SERVICES } from './machine-bench';

test('a target is not started if its role does not allow it', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ StartRole: role('states:StopExecution', ...SERVICES), Rule: rule(ORGANIZATIONS), Schedule: schedule('rate(1 day)') });
  bench.sandbox.tree.createAccount();
  await bench.clock.advance(10);
  expect(bench.inputs).toEqual([]);
  expect(bench.sandbox.deliveries.map(({ outcome }) => outcome)).toEqual(Array(3).fill(expect.stringContaining('no identity-based policy')));
});

test.each([
  ['a rule', { Rule: rule(ORGANIZATIONS) }, 'scheduler.amazonaws.com', /^Provided role '\S+' cannot be assumed by principal 'events.amazonaws.com'\.$/],
  ['a schedule', { Schedule: schedule('rate(1 day)') }, 'events.amazonaws.com', /must allow AWS EventBridge Scheduler to assume the role/],
])('%s is refused if the role of its target does not trust the service', async (_, resources, trusted, reason) => {
  const bench = await MachineBench.open();
  const { status, reason: actual } = await bench.deploy({ ...resources, StartRole: role('states:StartExecution', trusted) });
  expect([status, actual]).toEqual(['ROLLBACK_COMPLETE', expect.stringMatching(reason)]);
});

test('a target is not started if its role no longer trusts the service', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Rule: rule(ORGANIZATIONS), Schedule: schedule('cron(0 6 * * ? *)') });
  await bench.deploy({ Rule: rule(ORGANIZATIONS), Schedule: schedule('cron(0 6 * * ? *)'), StartRole: role('states:StartExecution', 'states.amazonaws.com') });
  bench.sandbox.tree.createAccount();
  await bench.clock.advance(DAY);
  expect(bench.inputs).toEqual([]);
  // A created account also joins: these are two events.
  const [rules, schedules] = SERVICES.map(service => `The role does not trust ${service}.`);
  expect(bench.sandbox.deliveries.map(({ outcome }) => outcome)).toEqual([rules, rules, schedules]);
});

test('a delivery to a target that the sandbox does not model is recorded', async () => {
  const bench = await MachineBench.open();
  await bench.deploy({ Rule: rule(ORGANIZATIONS, { Arn: 'arn:aws:sns:us-east-1:111111111111:Topic', Input: '"told"' }) });
  bench.sandbox.tree.moveAccount(MEMBER, bench.sandbox.tree.createOrganizationalUnit());
  await bench.clock.advance(1);
  expect(bench.sandbox.deliveries).toMatchObject([{ target: 'arn:aws:sns:us-east-1:111111111111:Topic', input: 'told', outcome: 'not modelled' }]);
});
