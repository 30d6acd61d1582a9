import { DATA, DELEGATED, failure, LAB, MANAGEMENT, OrganizationHarness, output, SHOP } from './harness';
import { CONTACT_TYPES } from '../../../sandbox';
import { AlternateContactOverride, SweepMode } from '../../../src';
import { accounts, EVERYONE } from '../../contacts';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

describe('an account that refuses', () => {
  const refuse = (times: number) => organization.sandbox.faults.add({
    api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', message: 'soc@example.com', times, match: call => call.accountId === DATA,
  });

  test('is retried within half an hour, while all others are set', async () => {
    organization = await OrganizationHarness.start();
    [SHOP, DATA].forEach(account => organization.edit(account, 'SECURITY'));
    refuse(2);
    const execution = await organization.run({});
    expect(output(execution)).toMatchObject({ accounts: 5, contactsSet: 2 });
    expect([SHOP, DATA].map(account => organization.contactsOf(account)[2])).toEqual(['soc', 'soc']);
  });

  test('fails the execution in the end, with its id and the name of the error', async () => {
    organization = await OrganizationHarness.start();
    [SHOP, DATA].forEach(account => organization.edit(account, 'SECURITY'));
    refuse(1_000);
    const begun = organization.clock.now();
    expect(failure(await organization.run({}))).toEqual({
      status: 'FAILED',
      error: 'AccountsNotSet',
      cause: '1 of 5 accounts could not be set. All others are as declared. The next sweep tries again. '
        + `The accounts that failed, by error: Account.AccessDeniedException: ${DATA}.`,
    });
    expect((organization.clock.now() - begun) / 60_000).toBeGreaterThan(30);
    expect(organization.contactsOf(SHOP)[2]).toBe('soc');
  });
});

describe('an account that refuses one type', () => {
  const refuse = (api: string, times: number) => organization.sandbox.faults.add({
    api, kind: 'error', status: 403, name: 'AccessDeniedException', times, match: call => call.accountId === DATA && call.contactType === 'OPERATIONS',
  });

  test('is reported once in report only mode, as soon as it answers', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    refuse('GetAlternateContact', 1);
    const { accountsThatDiffer, ...report } = output(await organization.run({}));
    expect(report).toMatchObject({ accounts: 5, contacts: 15, contactsThatDiffer: 15 });
    expect([...accountsThatDiffer as string[]].sort()).toEqual([MANAGEMENT, SHOP, DATA, LAB, DELEGATED].map(id => `${id} BILLING,OPERATIONS,SECURITY`));
  });

  test('is reported in report only mode beside the accounts that differ, if it never answers', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    refuse('GetAlternateContact', Infinity);
    const { status, error, cause } = failure(await organization.run({}));
    expect([status, error]).toEqual(['FAILED', 'AccountsNotCompared']);
    expect(cause).toContain('1 of 5 accounts could not be compared. 4 of the others differ from the declaration: ');
    expect(cause).toContain(`${SHOP} BILLING,OPERATIONS,SECURITY`);
    expect(cause).toContain(`by error: Account.AccessDeniedException: ${DATA}.`);
    expect(cause).not.toContain('as declared');
  });

  test('is counted and listed once, with the contacts that each attempt put', async () => {
    organization = await OrganizationHarness.start();
    CONTACT_TYPES.forEach(type => organization.edit(DATA, type));
    refuse('PutAlternateContact', 1);
    const { accountsSet, ...result } = output(await organization.run({}));
    expect(result).toMatchObject({ accounts: 5, contacts: 15, contactsSet: 3 });
    expect(accountsSet).toEqual([`${DATA} BILLING,SECURITY,OPERATIONS`]);
  });
});

describe('members that refuse do not prove a wrong set-up', () => {
  const refuse = (...ids: string[]) => organization.sandbox.faults.add({
    api: '*', kind: 'error', status: 403, name: 'AccessDeniedException', times: Infinity, match: ({ accountId = '' }) => ids.includes(accountId),
  });

  test('if there are only one or two, so all others are set', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: [SHOP, DATA] });
    organization.edit(MANAGEMENT, 'SECURITY');
    refuse(SHOP, DATA);
    expect(failure(await organization.run({}))).toMatchObject({ error: 'AccountsNotSet', cause: expect.stringContaining(`Account.AccessDeniedException: ${SHOP}, ${DATA}.`) });
    expect(organization.contactsOf(MANAGEMENT)[2]).toBe('soc');
  });

  test('if another member answers, so all others are set', async () => {
    const members = accounts(30);
    organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: members });
    organization.edit(members[29], 'SECURITY');
    refuse(...members.slice(0, 9));
    expect(failure(await organization.run({}))).toMatchObject({ error: 'AccountsNotSet', cause: expect.stringMatching(/^9 of 31 accounts/) });
    expect(organization.contactsOf(members[29])[2]).toBe('soc');
  });

  test('if they are excluded, because they are not even asked', async () => {
    const members = accounts(15);
    const overrides = [AlternateContactOverride.exclude(members.slice(0, 14))];
    organization = await OrganizationHarness.start({ ...EVERYONE, overrides }, { memberAccounts: members });
    refuse(...members.slice(0, 14));
    expect((await organization.run({})).status).toBe('SUCCEEDED');
  });
});

test('a run for named accounts that all refuse says what to check', async () => {
  organization = await OrganizationHarness.start();
  organization.sandbox.organization.trustedAccess = false;
  expect(failure(await organization.run({ accountIds: [SHOP, DATA] }))).toMatchObject({
    error: 'AccountsNotSet', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
  });
});
