import { DATA, DELEGATED, failure, LAB, MANAGEMENT, OrganizationHarness, output, SHOP } from './harness';
import { AlternateContactOverride, SweepMode } from '../../../src';
import { accounts, contact, EVERYONE } from '../../contacts';

/* Sweeps on the sandbox's Step Functions, whose clock jumps. The proof generates organizations; these are the cases that the documentation names. */

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

describe('a sweep of all accounts', () => {
  test('sets the contacts that are declared for the account, its units or every account, and leaves excluded accounts alone', async () => {
    organization = await OrganizationHarness.start({
      ...EVERYONE,
      overrides: [
        AlternateContactOverride.forOrganizationalUnits(['r-sb01'], { operations: contact('root') }),
        AlternateContactOverride.forAccounts([DATA], { security: contact('lab') }),
        AlternateContactOverride.exclude([LAB]),
      ],
    });
    expect([MANAGEMENT, SHOP, DATA, LAB].map(account => organization.contactsOf(account))).toEqual([
      ['finance', 'root', 'soc'], ['finance', 'root', 'soc'], ['finance', 'root', 'lab'], [undefined, undefined, undefined],
    ]);
    const execution = await organization.run({});
    expect(output(execution)).toEqual({ mode: 'enforce', accounts: 4, contacts: 12, contactsSet: 0, accountsSet: [], leftAlone: 1, notActive: 0 });
  });

  test('leaves a type alone that is not declared', async () => {
    organization = await OrganizationHarness.start({ security: contact('soc') });
    expect(organization.contactsOf(SHOP)).toEqual([undefined, undefined, 'soc']);
    expect(organization.calls.filter(call => call.includes('BILLING'))).toEqual([]);
  });

  test("puts only contacts that differ, and omits the id of the stack's account", async () => {
    organization = await OrganizationHarness.start();
    organization.edit(SHOP, 'OPERATIONS');
    organization.edit(MANAGEMENT, 'SECURITY');
    organization.sandbox.calls.length = 0;
    const execution = await organization.run({});
    expect(organization.calls.filter(call => call.startsWith('Put')).sort()).toEqual([`PutAlternateContact ${SHOP} OPERATIONS`, 'PutAlternateContact own SECURITY']);
    expect(output(execution)).toMatchObject({ contactsSet: 2, accountsSet: [`${MANAGEMENT} SECURITY`, `${SHOP} OPERATIONS`] });
    expect([organization.contactsOf(SHOP), organization.contactsOf(MANAGEMENT)]).toEqual([['finance', 'platform', 'soc'], ['finance', 'platform', 'soc']]);
  });

  test('changes nothing in report only mode, and reports accounts and types', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    organization.edit(SHOP, 'BILLING');
    const execution = await organization.run({});
    expect(output(execution)).toMatchObject({
      mode: 'report only', contactsThatDiffer: 15, accountsThatDiffer: expect.arrayContaining([`${SHOP} BILLING,OPERATIONS,SECURITY`]),
    });
    expect(organization.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    expect(organization.contactsOf(SHOP)).toEqual(['somebody', undefined, undefined]);
  });

  test('from a delegated administrator skips the management account, and says so', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { delegatedAdministrators: [DELEGATED] }, DELEGATED);
    expect(output(await organization.run({}))).toMatchObject({ accounts: 4, managementAccount: `${MANAGEMENT} was skipped: its contacts can only be set from itself` });
    expect([MANAGEMENT, SHOP, DELEGATED].map(account => organization.contactsOf(account)[2])).toEqual([undefined, 'soc', 'soc']);
  });

  test('leaves accounts alone that are not active, and counts them', async () => {
    organization = await OrganizationHarness.start();
    organization.sandbox.tree.setState(SHOP, 'SUSPENDED');
    organization.edit(SHOP, 'SECURITY');
    expect(output(await organization.run({}))).toMatchObject({ accounts: 4, notActive: 1 });
    expect(organization.contactsOf(SHOP)[2]).toBe('somebody');
  });

  test('starts after a deployment, with the new definition', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { stepFunctions: { definitionDelaySeconds: 30 } });
    await organization.deploy({ ...EVERYONE, security: contact('new') });
    expect(organization.contactsOf(SHOP)[2]).toBe('new');
  });
});

describe('a run for named accounts', () => {
  test('looks only at these accounts', async () => {
    organization = await OrganizationHarness.start();
    [SHOP, DATA].forEach(account => organization.edit(account, 'SECURITY'));
    organization.sandbox.calls.length = 0;
    expect(output(await organization.run({ accountIds: [SHOP, SHOP] }))).toMatchObject({ accounts: 1, contactsSet: 1 });
    expect([SHOP, DATA].map(account => organization.contactsOf(account)[2])).toEqual(['soc', 'somebody']);
    expect(organization.calls.filter(call => call.startsWith('List'))).toEqual([]);
  });

  test('retries an account that does not exist yet, and fails if it never does', async () => {
    organization = await OrganizationHarness.start();
    const execution = await organization.run({ accountIds: [SHOP, '555555555555'] });
    expect(failure(execution)).toEqual({
      status: 'FAILED',
      error: 'AccountsNotSet',
      cause: '1 of 2 accounts could not be set. All others are as declared. The next sweep tries again. The accounts that failed, by error: '
        + 'Organizations.AccountNotFoundException: 555555555555.',
    });
    expect(organization.sandbox.calls.filter(({ api }) => api === 'DescribeAccount')).toHaveLength(2 + 4);
  });

  test.each([[{ accountIds: [] }], [{ accountIds: 'all' }], [{ accounts: [SHOP] }], [[]]])('refuses the input %j, and does nothing', async input => {
    organization = await OrganizationHarness.start();
    organization.sandbox.calls.length = 0;
    expect(failure(await organization.run(input))).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(organization.calls).toEqual([]);
  });
});

test('an account that is named before it is active gets its contacts as soon as it is', async () => {
  organization = await OrganizationHarness.start({ ...EVERYONE, followAccountEvents: false });
  organization.sandbox.tree.createAccount('555555555555', 'PENDING_ACTIVATION');
  organization.sandbox.clock.after(5 * 60, () => organization.sandbox.tree.setState('555555555555', 'ACTIVE'));
  expect(output(await organization.run({ accountIds: ['555555555555'] }))).toMatchObject({ accounts: 1, contactsSet: 3, notActive: 0 });
  expect(organization.contactsOf('555555555555')).toEqual(['finance', 'platform', 'soc']);
});

test('an account that moves while it waits for its turn gets the contacts that are declared for its new place', async () => {
  const [EXCLUDED, OVERRIDDEN] = ['ou-sb01-11111111', 'ou-sb01-22222222'];
  const members = accounts(400);
  organization = await OrganizationHarness.start({
    ...EVERYONE,
    overrides: [AlternateContactOverride.exclude([EXCLUDED]), AlternateContactOverride.forOrganizationalUnits([OVERRIDDEN], { operations: contact('shop') })],
    followAccountEvents: false,
  }, { memberAccounts: members });
  const { tree, stepFunctions } = organization.sandbox;
  for (const unit of [EXCLUDED, OVERRIDDEN]) { tree.createOrganizationalUnit(tree.root, unit); }
  for (const account of members) { organization.edit(account, 'OPERATIONS'); }
  const sweep = stepFunctions.start(stepFunctions.executions[0].identity.machineArn, {});
  await organization.clock.advance(60);
  const [one, two, three] = members.slice(-3);
  tree.moveAccount(one, EXCLUDED);
  tree.moveAccount(two, OVERRIDDEN);
  await organization.clock.until(sweep.ended);
  expect([one, two, three].map(account => organization.contactsOf(account)[1])).toEqual(['somebody', 'shop', 'platform']);
  expect(output(sweep)).toMatchObject({ contactsSet: 399, leftAlone: 1 });
});

test('a sweep with a declaration for a few accounts lists many accounts in few rounds, because each round takes events of the history', async () => {
  const members = accounts(2_000);
  const overrides = [AlternateContactOverride.forAccounts([members[3], members[1_999]], { security: contact('soc') })];
  organization = await OrganizationHarness.start({ overrides }, { memberAccounts: members });
  const sweep = await organization.run({});
  expect(output(sweep)).toMatchObject({ accounts: 2, leftAlone: 1_999 });
  expect(sweep.history.length).toBeLessThan(200);
});
