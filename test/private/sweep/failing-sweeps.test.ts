import { CfnParameter } from 'aws-cdk-lib';
import { EVERYONE } from './contacts';
import { accounts, DATA, DELEGATED, failure, LAB, MANAGEMENT, output, SHOP, OrganizationHarness } from './harness';
import { CONTACT_TYPES, type Execution } from '../../../sandbox';
import { AlternateContactOverride, SweepMode } from '../../../src';

/* Accounts that refuse, a wrong set-up, and lists that fail. */

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

describe('an account that refuses', () => {
  const refuse = (times: number) => organization.sandbox.faults.add({
    api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', message: 'soc@example.com', times, match: call => call.accountId === DATA,
  });

  test('is tried again within half an hour, while all others are set', async () => {
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

  test('is reported once in report only mode, when it answers', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    refuse('GetAlternateContact', 1);
    const { accountsThatDiffer, ...report } = output(await organization.run({}));
    expect(report).toMatchObject({ accounts: 5, contacts: 15, contactsThatDiffer: 15 });
    expect([...accountsThatDiffer as string[]].sort()).toEqual([MANAGEMENT, SHOP, DATA, LAB, DELEGATED].map(id => `${id} BILLING,OPERATIONS,SECURITY`));
  });

  test('is named in report only mode beside the accounts that differ, if it never answers', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    refuse('GetAlternateContact', Infinity);
    const { status, error, cause } = failure(await organization.run({}));
    expect([status, error]).toEqual(['FAILED', 'AccountsNotCompared']);
    expect(cause).toContain('1 of 5 accounts could not be compared. 4 of the others differ from the declaration: ');
    expect(cause).toContain(`${SHOP} BILLING,OPERATIONS,SECURITY`);
    expect(cause).toContain(`by error: Account.AccessDeniedException: ${DATA}.`);
    expect(cause).not.toContain('as declared');
  });

  test('is counted and listed once, with what was put at each try', async () => {
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

  test('if there are only one or two: all others are set', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: [SHOP, DATA] });
    organization.edit(MANAGEMENT, 'SECURITY');
    refuse(SHOP, DATA);
    expect(failure(await organization.run({}))).toMatchObject({ error: 'AccountsNotSet', cause: expect.stringContaining(`Account.AccessDeniedException: ${SHOP}, ${DATA}.`) });
    expect(organization.contactsOf(MANAGEMENT)[2]).toBe('soc');
  });

  test('if another one answers: all others are set', async () => {
    const members = accounts(30);
    organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: members });
    organization.edit(members[29], 'SECURITY');
    refuse(...members.slice(0, 9));
    expect(failure(await organization.run({}))).toMatchObject({ error: 'AccountsNotSet', cause: expect.stringMatching(/^9 of 31 accounts/) });
    expect(organization.contactsOf(members[29])[2]).toBe('soc');
  });

  test('if they are excluded: they are not even asked', async () => {
    const members = accounts(15);
    const overrides = [AlternateContactOverride.exclude(members.slice(0, 14))];
    organization = await OrganizationHarness.start({ ...EVERYONE, overrides }, { memberAccounts: members });
    refuse(...members.slice(0, 14));
    expect((await organization.run({})).status).toBe('SUCCEEDED');
  });
});

test('a run for named accounts that are all denied says what to check', async () => {
  organization = await OrganizationHarness.start();
  organization.sandbox.organization.trustedAccess = false;
  expect(failure(await organization.run({ accountIds: [SHOP, DATA] }))).toMatchObject({
    error: 'AccountsNotSet', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
  });
});

describe('a wrong set-up fails soon, says what to do and changes nothing:', () => {
  const firstFailure = () => {
    expect(organization.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    const last = organization.sweeps.at(-1) as Execution;
    expect((last.stoppedAt ?? Infinity) - last.startedAt).toBeLessThan(5 * 60_000);
    return failure(last);
  };

  test.each([true, false])('no trusted access (the service says so: %j)', async explainTrustedAccess => {
    organization = await OrganizationHarness.start(EVERYONE, { trustedAccess: false, explainTrustedAccess });
    expect(firstFailure()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
    });
  });

  test('an ordinary member', async () => {
    organization = await OrganizationHarness.start(EVERYONE, {}, SHOP);
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account may not list the accounts of the organization') });
  });

  test('a delegated administrator of something else', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { delegatedAdministrators: [SHOP] } }, SHOP);
    expect(firstFailure()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining(`register-delegated-administrator --service-principal account.amazonaws.com --account-id ${SHOP}`),
    });
  });

  test('no organization', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { standaloneAccounts: ['777777777777'] }, '777777777777');
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account is in no organization') });
  });

  test('two tokens for one account', async () => {
    organization = await OrganizationHarness.start();
    organization.sandbox.calls.length = 0;
    await organization.deploy({}, { One: SHOP, Two: SHOP }, stack => ({
      ...EVERYONE,
      overrides: ['One', 'Two'].map(name => AlternateContactOverride.exclude([new CfnParameter(stack, name).valueAsString])),
    }));
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('Two overrides have the same target') });
  });
});

test('a list that stays throttled fails the execution after the listed accounts were set', async () => {
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: Array.from({ length: 40 }, (_, i) => String(200000000000 + i)) });
  let lists = 0;
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => ++lists > 1 });
  organization.edit('200000000000', 'SECURITY');
  expect(failure(await organization.run({}))).toEqual({
    status: 'FAILED', error: 'AccountsNotListed', cause: expect.stringContaining('Organizations did not list the accounts: Organizations.TooManyRequestsException'),
  });
  expect(organization.contactsOf('200000000000')[2]).toBe('soc');
});

test('if a later page cannot be listed, the pages before it are set, and the cause names the accounts that failed', async () => {
  const members = accounts(120);
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: members });
  members.forEach(account => organization.edit(account, 'SECURITY'));
  let lists = 0;
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => ++lists > 3 });
  organization.sandbox.faults.add({ api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', times: 100, match: ({ accountId }) => accountId === members[3] });
  expect(failure(await organization.run({}))).toMatchObject({
    error: 'AccountsNotListed', cause: expect.stringMatching(new RegExp(`could not be set\\. .* Account\\.AccessDeniedException: ${members[3]}\\.$`)),
  });
  // The management account is on the first page too.
  expect(members.filter(account => organization.contactsOf(account)[2] === 'soc')).toEqual(members.slice(0, 59).filter(account => account !== members[3]));
});

test('a list that fails now and then is tried again as long as it gets further', async () => {
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: accounts(200) });
  let lists = 0;
  // A child tries seven times before it gives up. It lists a page, and cannot list the next one.
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => lists++ % 8 !== 0 });
  expect((await organization.run({})).status).toBe('SUCCEEDED');
});
