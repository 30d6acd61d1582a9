import { failure, OrganizationHarness } from './harness';
import { accounts, EVERYONE } from '../../contacts';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

test('a list that stays throttled fails the execution, after the listed accounts are set', async () => {
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: accounts(40) });
  let lists = 0;
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => ++lists > 1 });
  organization.edit('200000000000', 'SECURITY');
  expect(failure(await organization.run({}))).toEqual({
    status: 'FAILED', error: 'AccountsNotListed', cause: expect.stringContaining('Organizations did not list the accounts: Organizations.TooManyRequestsException'),
  });
  expect(organization.contactsOf('200000000000')[2]).toBe('soc');
});

test('if a later page cannot be listed, the accounts of the earlier pages are set, and the cause names those that failed', async () => {
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

test('a list that fails now and then is retried without limit as long as it makes progress', async () => {
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: accounts(200) });
  let lists = 0;
  // A child tries seven times before it gives up. It lists a page, and cannot list the next one.
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => lists++ % 8 !== 0 });
  expect((await organization.run({})).status).toBe('SUCCEEDED');
});
