import { Caller } from '../../../sandbox/core/caller';
import { Traffic } from '../../../sandbox/core/traffic';
import { VirtualClock } from '../../../sandbox/core/virtual-clock';
import { Iam } from '../../../sandbox/iam/service';
import { OrganizationsApi, OrganizationsOptions } from '../../../sandbox/organizations/api';
import { Organization } from '../../../sandbox/organizations/organization';
import { AccountDescription, Happening, OrganizationTree, TreeOptions } from '../../../sandbox/organizations/tree';
import { roleOf } from '../step-functions/state-machines';

const MANAGEMENT = '111111111111';
const DELEGATED = '222222222222';
const ORDINARY = '333333333333';
const STANDALONE = '999999999999';

interface Page { Accounts: AccountDescription[]; NextToken?: string }

function start({ actions = '*', more = 0, ...options }: OrganizationsOptions & TreeOptions & { actions?: string; more?: number } = {}) {
  const clock = new VirtualClock();
  const traffic = new Traffic(clock);
  const { calls, faults } = traffic;
  const memberAccounts = [DELEGATED, ORDINARY, ...Array.from({ length: more }, (_, index) => String(400000000000 + index))];
  const organization = new Organization({
    managementAccount: MANAGEMENT, memberAccounts, delegatedAdministrators: [DELEGATED], standaloneAccounts: [STANDALONE],
  });
  const tree = new OrganizationTree(clock, organization, options);
  const iam = new Iam(clock, 0);
  [MANAGEMENT, DELEGATED, ORDINARY, STANDALONE].forEach(account => iam.putRole(account, 'Role', roleOf(actions)));
  const api = new OrganizationsApi(traffic, tree, iam, options);
  const as = (account: string): Caller => ({ account, partition: 'aws', roleName: 'Role', functionName: 'Machine', arn: `arn:aws:sts::${account}:assumed-role/Role/Machine` });
  const list = (input: Record<string, unknown> = {}, account = MANAGEMENT) => api.call('listAccounts', input, as(account)) as Promise<Page>;
  const describe = async (AccountId: string, account = MANAGEMENT) => (await api.call('describeAccount', { AccountId }, as(account)) as { Account: AccountDescription }).Account;
  const all = async (input: Record<string, unknown> = {}) => {
    const pages = [await list(input)];
    for (let NextToken = pages[0].NextToken; NextToken !== undefined; NextToken = pages.at(-1)?.NextToken) {
      pages.push(await list({ ...input, NextToken }));
    }
    return pages.map(({ Accounts }) => Accounts.map(({ Id }) => Id));
  };
  return { clock, faults, calls, tree, list, describe, all };
}

test('the response has the state, the e-mail address and the path of an account, from the root through its units', async () => {
  const { tree, describe } = start();
  const outer = tree.createOrganizationalUnit();
  const inner = tree.createOrganizationalUnit(outer);
  tree.moveAccount(ORDINARY, inner);
  tree.setState(ORDINARY, 'SUSPENDED');
  expect(await describe(ORDINARY)).toMatchObject({
    Id: ORDINARY,
    Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-sandbox0123/${ORDINARY}`,
    Email: `root+${ORDINARY}@example.org`,
    State: 'SUSPENDED',
    Paths: [`o-sandbox0123/${tree.root}/${outer}/${inner}/${ORDINARY}/`],
  });
});

test('a path may end before the account', async () => {
  const { tree, describe } = start({ pathsNameTheAccount: false });
  expect((await describe(ORDINARY)).Paths).toEqual([`o-sandbox0123/${tree.root}/`]);
});

test('the response does not have the retired Status', async () => {
  expect(Object.keys(await start().describe(ORDINARY))).not.toContain('Status');
});

test('an account has another path after its unit moves', async () => {
  const { tree, describe } = start();
  const [old, other] = [tree.createOrganizationalUnit(), tree.createOrganizationalUnit()];
  const unit = tree.createOrganizationalUnit(old);
  tree.moveAccount(ORDINARY, unit);
  tree.moveOrganizationalUnit(unit, other);
  expect((await describe(ORDINARY)).Paths[0]).toContain(`/${other}/${unit}/`);
});

test('a page has at most 20 accounts, the management account among them', async () => {
  const pages = await start({ more: 42 }).all();
  expect(pages.map(({ length }) => length)).toEqual([20, 20, 5]);
  expect(new Set(pages.flat()).size).toBe(45);
  expect(pages[0]).toContain(MANAGEMENT);
});

test('a page may be empty even if others follow', async () => {
  const pages = await start({ more: 42, emptyPageEvery: 1 }).all();
  expect(pages.map(({ length }) => length)).toEqual([20, 0, 20, 0, 5]);
  expect(new Set(pages.flat()).size).toBe(45);
});

test('an account that is created during a listing is listed, too', async () => {
  const { list, tree } = start({ more: 20 });
  const { NextToken } = await list();
  const created = tree.createAccount();
  expect((await list({ NextToken })).Accounts.map(({ Id }) => Id)).toContain(created);
});

test.each([
  ['more than a page', { MaxResults: 21 }],
  ['less than one', { MaxResults: 0 }],
  ['a token of its own making', { NextToken: 'page-2' }],
])('%s is refused', async (_, input) => {
  await expect(start().list(input)).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a delegated administrator may call, but other members and standalone accounts may not', async () => {
  const { list, describe } = start();
  expect((await list({}, DELEGATED)).Accounts).toHaveLength(3);
  await expect(list({}, ORDINARY)).rejects.toMatchObject({ name: 'AccessDeniedException', message: "You don't have permissions to access this resource." });
  await expect(list({}, STANDALONE)).rejects.toMatchObject({ name: 'AwsOrganizationsNotInUseException' });
  await expect(describe(STANDALONE)).rejects.toMatchObject({ name: 'AccountNotFoundException' });
  await expect(describe('1')).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a role needs the permission', async () => {
  await expect(start({ actions: 'organizations:Describe*' }).list()).rejects.toMatchObject({ message: expect.stringContaining('is not authorized to perform: organizations:ListAccounts') });
});

test('more than one request per second is throttled', async () => {
  const { list, clock, calls } = start({ rates: 'plausible' });
  await Promise.all([list(), list(), list()]);
  await expect(list()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await clock.advance(1);
  await list();
  expect(calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'TooManyRequestsException', 'ok']);
});

test.each([['429', 'TooManyRequestsException'], ['500', 'ServiceException'], ['drop', 'SdkClientException']] as const)('the fault %s causes a %s', async (kind, name) => {
  const { list, faults } = start();
  faults.add({ api: 'ListAccounts', kind });
  await expect(list()).rejects.toMatchObject({ name });
});

test('every creation, invitation and move of an account is an event', () => {
  const { tree } = start();
  const happenings: Happening[] = [];
  tree.onHappening(happening => happenings.push(happening));
  const unit = tree.createOrganizationalUnit();
  const account = tree.createAccount();
  tree.moveAccount(account, unit);
  tree.join(STANDALONE);
  tree.setState(account, 'SUSPENDED'); // no event tells of it
  expect(happenings).toEqual([
    { name: 'AccountJoinedOrganization', account, joinedMethod: 'Created', at: expect.any(Number) },
    { name: 'CreateAccountResult', account, succeeded: true },
    { name: 'MoveAccount', account, from: tree.root, to: unit },
    { name: 'AccountJoinedOrganization', account: STANDALONE, joinedMethod: 'Invited', at: expect.any(Number) },
  ]);
  expect(tree.stateOf(account)).toBe('SUSPENDED');
});
