import { faultOf, MEMBER, OWN, useHarness, VALUES } from './harness';

const harness = useHarness();
const ENABLE = 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com';
const UPDATE = { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` } as const;

describe('a denial', () => {
  const ROLE = (name: string) => `User: arn:aws:sts::111111111111:assumed-role/${name}-Role1ABC/${name}-Function1ABC is not authorized to perform: account:PutAlternateContact`;
  const RESOURCE = 'on resource: arn:aws:account::111111111111:account';
  /** Delivers an Update that is denied, and returns the outcome, and for how many milliseconds it was tried. */
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
  ])('%s is tried again for a minute: a new role may need that long', async (_, cause) => {
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
  ])('is not explained by the name of a stack that is called %s', async name => {
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

  test('that the service explains in unforeseen words is final, and is quoted', async () => {
    const { Reason, attempts } = await denied(`${ROLE('contacts')} (The account is closed.)`, { request: { RequestType: 'Create' }, properties: { AccountId: MEMBER } });
    expect(Reason).toContain("If the account is closed, suspended or has left the organization, leave the contact's values as they were deployed");
    expect(attempts).toBe(1);
  });

  // With the longest advice, the end of the service's words is cut.
  test.each([
    ['a member', { AccountId: MEMBER }],
    ['an account outside the organization', { AccountId: '999999999999' }],
  ])('about %s says who may name it', async (_, properties) => {
    const said = 'User: x is not authorized to perform: account:GetAlternateContact';
    const { Reason } = await denied(said, { request: { RequestType: 'Create' }, properties, api: 'GetAlternateContact' });
    expect(Reason).toBe(`Could not read the SECURITY contact of account ${properties.AccountId}: AccessDeniedException. Only the management account, or the delegated `
      + 'administrator for account.amazonaws.com, can name another account. That account must be an active member of the organization, which needs all features and trusted access '
      + `(${ENABLE}). Deploy `
      + 'from there, or leave accountId out in a stack of the account itself. If the account is closed, suspended or has left the organization, leave the contact\'s values as they '
      + 'were deployed, give it RemovalPolicy.RETAIN, deploy, then remove it. If a rollback fails: aws cloudformation continue-update-rollback --resources-to-skip <logical ids>. '
      + `The service said: ${said}`.slice(0, -18));
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

  test('of a Delete is a failure: an unknown denial never counts as deleted, and the advice names the way out', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS');
    const { Status, Reason } = await denied('User: x is not authorized to perform: account:DeleteAlternateContact', {
      request: { RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` }, api: 'DeleteAlternateContact',
    });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe(`Could not delete the OPERATIONS contact of account ${MEMBER}: AccessDeniedException. Only the management account, or the delegated administrator for `
      + 'account.amazonaws.com, can name another account. That account must be an active member of the organization, which needs all features and trusted access '
      + `(${ENABLE}). If the account is closed, `
      + "suspended or has left the organization, its contact can't be deleted: give it RemovalPolicy.RETAIN before you remove it, or delete the stack with --retain-resources "
      + '<logical ids>. The service said: User: x is not authorized to perform: account:DeleteAlternateContact');
    expect(harness.stored(MEMBER, 'OPERATIONS')).toBeDefined();
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

  test('of 9,000 characters is cut to leave room for the advice', async () => {
    const { Reason } = await denied(`(trusted access) ${'"é\\'.repeat(3000)}`);
    expect(Reason).toContain('aws organizations enable-aws-service-access --service-principal account.amazonaws.com');
    expect(Reason).toHaveLength(800);
  });
});


test('the Reason of a validation names the refused fields, and nothing else', async () => {
  // The message has the field's name, and repeats the value.
  harness.sandbox.faults.add({
    ...faultOf('PutAlternateContact', 'ValidationException', 400, `Value '${VALUES.Name}' at 'name' failed`),
    members: { fieldList: [{ name: 'name', message: VALUES.Name }, { name: 'phoneNumber', message: 'x' }, { name: `${VALUES.Name} forged`, message: '' }] },
  });
  const { Reason } = await harness.deliver(UPDATE, { EmailAddress: 'x@example.com' });
  expect(Reason).toContain("Could not set the SECURITY contact of account 111111111111: ValidationException (name, phoneNumber). Compare the values with the service's limits");
});

describe('a call that is throttled', () => {
  const throttle = (api: string, after?: string) =>
    harness.sandbox.faults.add({ api, kind: '429', times: 1, match: () => after === undefined || harness.callsMade.includes(after) });
  // The resource of the Delete itself is the thirtieth.
  const remove = (delivery = {}) => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, {}, delivery);

  test.each([
    ['Get', 'GetAlternateContact', undefined],
    ['Get after the Put', 'GetAlternateContact', 'PutAlternateContact own'],
    ['Put', 'PutAlternateContact', undefined],
  ])('on a Create is tried again after six seconds at most: %s', async (_, api, after) => {
    throttle(api, after);
    expect(await harness.pausesOf(() => harness.deliver({ RequestType: 'Create' }))).toEqual([6]);
    expect(harness.callsMade).toHaveLength(4);
  });

  test.each([
    ['has just arrived', 0, 30],
    ['arrived ten seconds ago', 10_000, 20],
    ['waited for a function: others may be short of one', 40_000, 6],
  ])('on a Delete is tried again after a pause that fits the number of contacts that are being deleted, where the event %s', async (_, age, longest) => {
    throttle('DeleteAlternateContact');
    // On a whole second, as CloudFormation's signature has it.
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    jest.spyOn(Date, 'now').mockReturnValue(now);
    const andOthers = (act: () => Promise<void>) => harness.whileThereAre(20, 'Custom::Other', 'DELETE_IN_PROGRESS', () =>
      harness.whileThereAre(20, 'Custom::AlternateContact', 'DELETE_COMPLETE', act));
    await harness.whileThereAre(29, 'Custom::AlternateContact', 'DELETE_IN_PROGRESS', () => andOthers(async () => {
      expect(await harness.pausesOf(() => remove({ sentAt: now - age }))).toEqual([longest]);
    }));
    expect(harness.callsMade.filter(call => call.startsWith('DeleteAlternateContact'))).toHaveLength(2);
  });

  test('on a Delete that has taken long itself is tried again when the rest of the batch is done: that says nothing about a lack of functions', async () => {
    throttle('DeleteAlternateContact');
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    jest.spyOn(Date, 'now').mockImplementation(() => now + (harness.callsMade.includes('DeleteAlternateContact own') ? 40_000 : 0));
    await harness.whileThereAre(69, 'Custom::AlternateContact', 'DELETE_IN_PROGRESS', async () => {
      expect(await harness.pausesOf(() => remove({ remaining: 900_000, sentAt: now }))).toEqual([30]);
    });
  });

  test('on a Delete is tried again after a pause from the start of the function, where the engine does not say when it sent the event', async () => {
    throttle('DeleteAlternateContact');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    await harness.whileThereAre(29, 'Custom::AlternateContact', 'DELETE_IN_PROGRESS', async () => {
      expect(await harness.pausesOf(() => remove())).toEqual([30]);
    });
  });
});
