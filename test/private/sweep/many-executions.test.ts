import { DATA, failure, OrganizationHarness } from './harness';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

test('a sweep stops an older one that is on the second page of the running executions', async () => {
  organization = await OrganizationHarness.start();
  const { stepFunctions, faults } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  // An account that refuses keeps a sweep running for half an hour.
  organization.edit(DATA, 'SECURITY');
  faults.add({ api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', times: Infinity, match: ({ accountId }) => accountId === DATA });
  const older = stepFunctions.start(machineArn, {});
  await organization.clock.advance(60);
  // The newest executions are listed first, 250 on a page.
  for (let i = 0; i < 250; i += 1) { stepFunctions.start(machineArn, { afterSeconds: 86_400 }); }
  stepFunctions.start(machineArn, {});
  await organization.clock.advance(120);
  expect(failure(older)).toMatchObject({ status: 'ABORTED', error: 'Superseded' });
});
