import { faultOf, OWN, useHarness, VALUES } from './harness';

const harness = useHarness();

const CALLS = [
  { api: 'GetAlternateContact', request: { RequestType: 'Create' }, attempt: 'read the SECURITY contact of account 111111111111' },
  { api: 'PutAlternateContact', request: { RequestType: 'Create' }, attempt: 'set the SECURITY contact of account 111111111111' },
  { api: 'PutAlternateContact', request: { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, attempt: 'set the SECURITY contact of account 111111111111' },
  { api: 'DeleteAlternateContact', request: { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, attempt: 'delete the OPERATIONS contact of account 111111111111' },
  { api: 'ListStackResources', request: { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, attempt: 'ask CloudFormation whether the contact is still declared' },
  { api: 'DescribeStacks', request: { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` }, attempt: 'ask CloudFormation whether the contact is still declared' },
] as const;
const SHORT = { remaining: 15_000 }; // less than a further attempt needs
const UPDATE = { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` } as const;

const ERRORS: [string, number, string, string][] = [
  // First, so that the test that makes a client sees that the SDK does not retry by itself.
  ['TooManyRequestsException', 429, 'slow down', "The account's request quota was exhausted"],
  ['ValidationException', 400, `value ${VALUES.EmailAddress} at emailAddress failed`, "Compare the values with the service's limits"],
  ['AccessDeniedException', 403, 'User is not authorized (Your organization must first enable trusted access with AWS Account Management.)', 'enable-aws-service-access'],
  ['AccessDeniedException', 403, 'x (The management account can only be managed using the standalone context from the management account.)', 'deploy this contact in a stack of the management account'],
  ['AccessDeniedException', 403, 'x with an explicit deny in a service control policy', 'A policy forbids it (service control policy)'],
  ['Throttling', 400, 'Rate exceeded', "The account's request quota was exhausted"],
  ['InternalServerException', 500, 'oops', "The service kept failing until the function's timeout: deploy again"],
  ['ServiceUnavailable', 503, '', "The service kept failing until the function's timeout: deploy again"],
  ['SomethingNew', 418, `about ${VALUES.PhoneNumber}\n{"forged":"line"}`, "Deploy again; if it fails again, look for the request in the function's log"],
];
test.each(CALLS.flatMap(call => ERRORS.map(([name, status, message, advice]) => ({ ...call, name, status, message, advice }))))(
  'a $request.RequestType whose $api ends in $name ($status) fails with advice: $advice', async ({ api, request, attempt, name, status, message, advice }) => {
    harness.putByHand(OWN, 'OPERATIONS', VALUES);
    harness.sandbox.faults.add(faultOf(api, name, status, message));
    const { Status, Reason } = await harness.deliver(request, {}, SHORT);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`Could not ${attempt}: ${name}. `);
    expect(Reason).toContain(advice);
    expect(Reason).not.toMatch(/\n/);
    expect(harness.sandbox.calls.filter(call => call.api === api)).toHaveLength(1);
    expect(harness.logged).toMatchObject({ RequestType: request.RequestType, action: 'failed', Reason });
  });

// Lost connections are tested in retry.test.ts, and with the deployed function: under jest, the SDK does not recognize Node's own errors.
test.each(CALLS.flatMap(({ api, request }) => (['429', '500'] as const).map(kind => ({ api, request, kind }))))(
  'a $request.RequestType whose $api ends in $kind tries again until it succeeds', async ({ api, request, kind }) => {
    harness.sandbox.faults.add({ api, kind, times: 3 });
    expect(await harness.deliver(request)).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.sandbox.calls.filter(call => call.api === api).slice(0, 4).map(call => call.outcome === 'ok' || call.outcome === 'ResourceNotFoundException'))
      .toEqual([false, false, false, true]);
  });

test('the log gets one line of JSON, which says what was done', async () => {
  await harness.deliver(UPDATE);
  expect(harness.logged).toEqual({
    RequestType: 'Update', LogicalResourceId: 'AlternateContactSecurity', RequestId: 'request-1', PhysicalResourceId: `${OWN}/SECURITY`, action: 'put',
  });
});

test('the response to a success has no Reason, even if the log says why a contact was kept', async () => {
  const response = await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY`, LogicalResourceId: 'Formerly' });
  expect(response).toMatchObject({ Status: 'SUCCESS' });
  expect(response).not.toHaveProperty('Reason');
  expect(harness.logged).toMatchObject({ action: 'kept', Reason: expect.any(String) });
});

test('an event that is delivered twice succeeds twice with the same id', async () => {
  for (const delivery of ['first', 'second']) {
    expect({ delivery, ...await harness.deliver(UPDATE) }).toMatchObject({ delivery, Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
  }
});

test('the Reason of an unforeseen error has its name only', async () => {
  jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => { throw new TypeError(`about ${VALUES.Name}`); });
  expect((await harness.deliver(UPDATE)).Reason).toMatch(/^Could not set the SECURITY contact of account 111111111111: TypeError\. Deploy again/);
});
