import { failure, OrganizationHarness, SHOP } from './harness';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

test('a thousand running executions do not prevent a sweep', async () => {
  organization = await OrganizationHarness.start();
  const { stepFunctions } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const waiting = Array.from({ length: 1_000 }, () => stepFunctions.start(machineArn, { afterSeconds: 86_400 }));
  await organization.clock.advance(1);
  const execution = await organization.run({});
  expect(execution.status).toBe('SUCCEEDED');
  expect(execution.history.length).toBeLessThan(250);
  expect(waiting.every(({ status }) => status === 'RUNNING')).toBe(true);
});

test('of two sweeps that begin in the same millisecond, one stops the other and finishes', async () => {
  organization = await OrganizationHarness.start();
  organization.edit(SHOP, 'SECURITY');
  const { stepFunctions } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const sweeps = [stepFunctions.start(machineArn, {}), stepFunctions.start(machineArn, {})];
  expect(sweeps[0].startedAt).toBe(sweeps[1].startedAt);
  await organization.settle();
  const [older, newer] = sweeps.sort((one, other) => one.identity.arn < other.identity.arn ? -1 : 1);
  expect(failure(older)).toMatchObject({ status: 'ABORTED', error: 'Superseded' });
  expect(newer.status).toBe('SUCCEEDED');
  expect(organization.contactsOf(SHOP)[2]).toBe('soc');
});
