import { faultOf, MEMBER, OWN, useHarness, VALUES } from './harness';

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
  ['TooManyRequestsException', 429, 'slow down', "The organization's request quota was exhausted"],
  ['ValidationException', 400, `value ${VALUES.EmailAddress} at emailAddress failed`, "Compare the values with the service's limits"],
  ['AccessDeniedException', 403, 'User is not authorized (Your organization must first enable trusted access with AWS Account Management.)', 'enable-aws-service-access'],
  ['AccessDeniedException', 403, 'x (The management account can only be managed using the standalone context from the management account.)', 'deploy this contact in a stack of the management account'],
  ['AccessDeniedException', 403, 'x with an explicit deny in a service control policy', 'A policy forbids it (service control policy)'],
  ['Throttling', 400, 'Rate exceeded', "The organization's request quota was exhausted"],
  ['InternalServerException', 500, 'oops', "The service kept failing until the function's timeout: deploy again"],
  ['ServiceUnavailable', 503, '', "The service kept failing until the function's timeout: deploy again"],
  ['SomethingNew', 418, `about ${VALUES.PhoneNumber}\n{"forged":"line"}`, "Deploy again; if it fails again, look for the request in the function's log"],
];
test.each(CALLS.flatMap(call => ERRORS.map(([name, status, message, advice]) => ({ ...call, name, status, message, advice }))))(
  '$name $status of $api on $request.RequestType fails with advice: $advice', async ({ api, request, attempt, name, status, message, advice }) => {
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

// Connections that drop are a matter of retry.test.ts and of the deployed function: under jest, the SDK does not take Node's own errors for errors.
test.each(CALLS.flatMap(({ api, request }) => (['429', '500'] as const).map(kind => ({ api, request, kind }))))(
  '$kind of $api on $request.RequestType is tried again until it succeeds', async ({ api, request, kind }) => {
    harness.sandbox.faults.add({ api, kind, times: 3 });
    expect(await harness.deliver(request)).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.sandbox.calls.filter(call => call.api === api).slice(0, 4).map(call => call.outcome === 'ok' || call.outcome === 'ResourceNotFoundException'))
      .toEqual([false, false, false, true]);
  });

describe('a denial', () => {
  const ROLE = (name: string) => `User: arn:aws:sts::111111111111:assumed-role/${name}-Role1ABC/${name}-Function1ABC is not authorized to perform: account:PutAlternateContact`;
  const RESOURCE = 'on resource: arn:aws:account::111111111111:account';
  /** Delivers an Update that is denied, and returns what became of it with the minutes that it was tried. */
  const denied = async (message: string, { request = UPDATE as Parameters<typeof harness.deliver>[0], properties = {}, api = 'PutAlternateContact' } = {}) => {
    const start = Date.now();
    let elapsed = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => start + (elapsed += 1000));
    harness.sandbox.faults.add(faultOf(api, 'AccessDeniedException', 403, message));
    const { Status, Reason } = await harness.deliver(request, properties, { remaining: 900_000 });
    return { Status, Reason, attempts: harness.sandbox.calls.filter(call => call.api === api).length, elapsed };
  };

  test.each([
    ['that names no cause', ''],
    ['because no identity-based policy allows it', ` ${RESOURCE} because no identity-based policy allows the account:PutAlternateContact action`],
  ])('%s is tried again for a minute: a new role may need it', async (_, cause) => {
    const { Status, Reason, attempts, elapsed } = await denied(`${ROLE('contacts')}${cause}`);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain("Check that the function's role allows account:PutAlternateContact");
    expect(Reason).toContain(`The service said: ${ROLE('contacts')}${cause}`.slice(0, 200));
    expect(attempts).toBeGreaterThan(3);
    expect(elapsed).toBeGreaterThan(60_000);
    expect(elapsed).toBeLessThan(150_000);
  });

  test.each([
    ['boundary-contacts'], ['permissions-boundary'], ['explicit-deny'], ['service-control-policy'], ['trusted-access'], ['standalone-context'],
    ['with-an-explicit-deny-in-a-service-control-policy'], ['because-no-permissions-boundary-allows-the'], ['AccessDenied'], ['Throttling'],
  ])('of a stack that is called %s is not explained by the name', async name => {
    const { Reason, attempts } = await denied(`${ROLE(name)} ${RESOURCE} because no identity-based policy allows the account:PutAlternateContact action`);
    expect(Reason).toContain("Check that the function's role allows account:PutAlternateContact");
    expect(attempts).toBeGreaterThan(3);
  });

  test.each([
    ['with an explicit deny', ''],
    ['with an explicit deny in a service control policy', ' (service control policy)'],
    ['with an explicit deny in a service control policy: arn:aws:organizations::111111111111:policy/o-1/service_control_policy/p-1', ' (service control policy)'],
    ['with an explicit deny in an identity-based policy', ' (identity-based policy)'],
    ['with an explicit deny in a permissions boundary', ' (permissions boundary)'],
    ['because no permissions boundary allows the account:PutAlternateContact action', ' (permissions boundary)'],
    ['because no service control policy allows the account:PutAlternateContact action', ' (service control policy)'],
    ['because no session policy allows the account:PutAlternateContact action', ' (session policy)'],
    ['with an explicit deny in a VPC endpoint policy', ' (VPC endpoint policy)'],
  ])('%s is final, and the advice names the kind of policy', async (cause, policy) => {
    const { Reason, attempts } = await denied(`${ROLE('contacts')} ${RESOURCE} ${cause}`);
    expect(Reason).toContain(`AccessDeniedException. A policy forbids it${policy}: allow account:PutAlternateContact there for the function's role. The service said: `);
    expect(attempts).toBe(1);
  });

  test('that the service explains in words nobody foresaw is final, and is quoted', async () => {
    const { Reason, attempts } = await denied(`${ROLE('contacts')} (The account is closed.)`, { request: { RequestType: 'Create' }, properties: { AccountId: MEMBER } });
    expect(Reason).toContain("If the account is closed, suspended or has left the organization, leave the contact's values as they were deployed");
    expect(attempts).toBe(1);
  });

  test.each([
    ['a member', { AccountId: MEMBER }],
    ['an account outside the organization', { AccountId: '999999999999' }],
  ])('about %s says who may name it', async (_, properties) => {
    const said = 'User: x is not authorized to perform: account:GetAlternateContact';
    const { Reason } = await denied(said, { request: { RequestType: 'Create' }, properties, api: 'GetAlternateContact' });
    expect(Reason).toBe(`Could not read the SECURITY contact of account ${properties.AccountId}: AccessDeniedException. Only the management account, or the delegated `
      + 'administrator for account.amazonaws.com, can name another account. That account must be an active member of the organization, which needs all features and trusted access. Deploy '
      + 'from there, or leave accountId out in a stack of the account itself. If the account is closed, suspended or has left the organization, leave the contact\'s values as they '
      + 'were deployed, give it RemovalPolicy.RETAIN, deploy, then remove it. If a rollback fails: aws cloudformation continue-update-rollback --resources-to-skip <logical ids>. '
      + `The service said: ${said}`);
  });

  test('about another account names the role when no policy of it allows the call, and quotes that', async () => {
    const cause = 'because no identity-based policy allows the account:PutAlternateContact action';
    const { Reason } = await denied(`${ROLE('contacts')} on resource: arn:aws:account::111111111111:account/o-1/222222222222 ${cause}`, {
      request: { RequestType: 'Create' }, properties: { AccountId: MEMBER },
    });
    expect(Reason).toContain("Check that the function's role allows account:PutAlternateContact");
    expect(Reason).toContain(cause);
    expect(Reason).not.toContain('delegated administrator');
  });

  test('of a Delete fails: an unknown denial never counts as deleted, and the advice names the way out', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS');
    const { Status, Reason } = await denied('User: x is not authorized to perform: account:DeleteAlternateContact', {
      request: { RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` }, api: 'DeleteAlternateContact',
    });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe(`Could not delete the OPERATIONS contact of account ${MEMBER}: AccessDeniedException. Only the management account, or the delegated administrator for `
      + 'account.amazonaws.com, can name another account. That account must be an active member of the organization, which needs all features and trusted access. If the account is closed, '
      + "suspended or has left the organization, its contact can't be deleted: give it RemovalPolicy.RETAIN before you remove it, or delete the stack with --retain-resources "
      + '<logical ids>. The service said: User: x is not authorized to perform: account:DeleteAlternateContact');
    expect(harness.stored(MEMBER, 'OPERATIONS')).toBeDefined();
  });

  test.each([['ListStackResources', 'OPERATIONS'], ['DescribeStacks', 'OPERATIONS/took-over']])('of %s gets advice about that action', async (api, contact) => {
    harness.putByHand(OWN, 'OPERATIONS');
    const said = `User: x is not authorized to perform: cloudformation:${api} on resource: y because no identity-based policy allows the cloudformation:${api} action`;
    const { Status, Reason } = await denied(said, { request: { RequestType: 'Delete', PhysicalResourceId: `${OWN}/${contact}` }, api });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`AccessDeniedException. Allow cloudformation:${api} on this stack, and on the stacks that it is nested with, for the function's role. A new role may `
      + 'need more time: deploy again. The service said: ');
    expect(harness.stored(OWN, 'OPERATIONS')).toBeDefined();
  });

  test.each([
    ['GetAlternateContact', { RequestType: 'Create' }, 'read the SECURITY'],
    ['PutAlternateContact', UPDATE, 'set the SECURITY'],
    ['DeleteAlternateContact', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, 'delete the OPERATIONS'],
  ] as const)('of %s gets advice about that action', async (api, request, verb) => {
    const { Reason } = await denied('no', { request, api });
    expect(Reason).toBe(`Could not ${verb} contact of account ${OWN}: AccessDeniedException. Check that the function's role allows account:${api}, and that no service control `
      + 'policy forbids it. A new role may need more time: deploy again. The service said: no');
  });

  test('that repeats a value of the contact is not quoted', async () => {
    const { Reason } = await denied(`(denied for ${VALUES.Name})`);
    expect(Reason).toContain('AccessDeniedException');
    expect(Reason).not.toContain('The service said');
  });

  test('of 9,000 characters leaves room for the advice', async () => {
    const { Reason } = await denied(`(trusted access) ${'"é\\'.repeat(3000)}`);
    expect(Reason).toContain('aws organizations enable-aws-service-access --service-principal account.amazonaws.com');
    expect(Reason).toHaveLength(800);
  });
});

test('a validation names the refused fields, and nothing else', async () => {
  // The service itself refuses this one: what it says has the field's name, and repeats the value.
  harness.sandbox.faults.add({
    ...faultOf('PutAlternateContact', 'ValidationException', 400, `Value '${VALUES.Name}' at 'name' failed`),
    members: { fieldList: [{ name: 'name', message: VALUES.Name }, { name: 'phoneNumber', message: 'x' }, { name: `${VALUES.Name} forged`, message: '' }] },
  });
  const { Reason } = await harness.deliver(UPDATE, { EmailAddress: 'x@example.com' });
  expect(Reason).toContain("Could not set the SECURITY contact of account 111111111111: ValidationException (name, phoneNumber). Compare the values with the service's limits");
});

test('a put that may have had an effect is left to the Delete of the failed Create', async () => {
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: '500', times: 1000 });
  expect(await harness.deliver({ RequestType: 'Create' }, {}, SHORT)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${OWN}/SECURITY/uncertain` });
});

test('after --no-rollback, the Delete of a Create that may have had an effect leaves the contact to the same resource, which was created anew meanwhile', async () => {
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: '500', times: 1000 });
  const { PhysicalResourceId } = await harness.deliver({ RequestType: 'Create' }, {}, SHORT);
  harness.putByHand(OWN, 'SECURITY', VALUES);
  await harness.whileStackIs('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId }));
  expect(harness.callsMade).not.toContain('DeleteAlternateContact own');
  expect(harness.stored()).toBeDefined();
});

test('the Delete of a Create that may have had an effect deletes a contact that nobody holds', async () => {
  harness.putByHand(OWN, 'OPERATIONS', VALUES);
  await harness.whileStackIs('ROLLBACK_IN_PROGRESS', undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/uncertain` }));
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
});

test('a put that was refused is left to no Delete', async () => {
  harness.sandbox.faults.add(faultOf('PutAlternateContact', 'ValidationException', 400));
  expect(await harness.deliver({ RequestType: 'Create' }, {}, SHORT)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
});

test('a put that may have had an effect on a contact that was taken over is left to no Delete', async () => {
  harness.putByHand();
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: '500', times: 1000 });
  expect(await harness.deliver({ RequestType: 'Create' }, {}, SHORT)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
});

test('a put that may have had an effect before it was refused is left to the Delete of the failed Create', async () => {
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: '500', times: 1 });
  harness.sandbox.faults.add(faultOf('PutAlternateContact', 'ValidationException', 400));
  expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${OWN}/SECURITY/uncertain` });
});
