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
  const ask = <T = object>(action: string, input: Record<string, unknown> = {}) => api.call(action, input, as(MANAGEMENT)) as Promise<T>;
  const list = (input: Record<string, unknown> = {}, account = MANAGEMENT) => api.call('listAccounts', input, as(account)) as Promise<Page>;
  const describe = async (AccountId: string, account = MANAGEMENT) => (await api.call('describeAccount', { AccountId }, as(account)) as { Account: AccountDescription }).Account;
  const all = async (input: Record<string, unknown> = {}) => {
    const pages = [await list(input)];
    for (let NextToken = pages[0].NextToken; NextToken !== undefined; NextToken = pages.at(-1)?.NextToken) {
      pages.push(await list({ ...input, NextToken }));
    }
    return pages.map(({ Accounts }) => Accounts.map(({ Id }) => Id));
  };
  return { clock, faults, calls, tree, list, describe, ask, all };
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

test.each<[OrganizationsOptions & TreeOptions, string[]]>([
  [{}, ['State', 'Paths']],
  [{ omits: [] }, ['Status', 'State', 'Paths']],
  [{ omits: ['Paths', 'State'] }, ['Status']],
  [{ omits: ['Paths', 'State', 'Status'] }, []],
])('with %j a response has %j; without an option it no longer has the retired Status', async (options, members) => {
  const { tree, list, describe, ask } = start(options);
  const unit = tree.createOrganizationalUnit();
  const kept = (described: object) => Object.keys(described).filter(member => ['Status', 'State', 'Paths', 'Path'].includes(member));
  const { OrganizationalUnits } = await ask<{ OrganizationalUnits: object[] }>('listOrganizationalUnitsForParent', { ParentId: tree.root });
  const { Accounts } = await ask<Page>('listAccountsForParent', { ParentId: tree.root });
  expect([await describe(ORDINARY), (await list()).Accounts[1], Accounts[1]].map(kept)).toEqual([members, members, members]);
  expect(OrganizationalUnits.map(kept)).toEqual([members.includes('Paths') ? ['Path'] : []]);
  expect(OrganizationalUnits).toMatchObject([{ Id: unit }]);
});

test.each([
  ['PENDING_ACTIVATION', 'ACTIVE'], ['ACTIVE', 'ACTIVE'], ['SUSPENDED', 'SUSPENDED'], ['PENDING_CLOSURE', 'PENDING_CLOSURE'], ['CLOSED', 'SUSPENDED'],
] as const)('an account in the state %s had the status %s', async (state, status) => {
  const { tree, describe } = start({ omits: [] });
  tree.setState(ORDINARY, state);
  expect(await describe(ORDINARY)).toMatchObject({ State: state, Status: status });
});

describe('the tree', () => {
  const ids = (items: { Id: string }[]) => items.map(({ Id }) => Id);

  test('is walked from the root through its units to the accounts directly in them', async () => {
    const { tree, ask } = start();
    const outer = tree.createOrganizationalUnit();
    const inner = tree.createOrganizationalUnit(outer);
    tree.moveAccount(ORDINARY, inner);
    const arn = (resource: string) => `arn:aws:organizations::${MANAGEMENT}:${resource}`;
    expect(await ask('listRoots'))
      .toEqual({ Roots: [{ Id: tree.root, Arn: arn(`root/o-sandbox0123/${tree.root}`), Name: 'Root', PolicyTypes: [] }] });
    const path = `o-sandbox0123/${tree.root}/${outer}/`;
    expect(await ask('listOrganizationalUnitsForParent', { ParentId: tree.root }))
      .toEqual({ OrganizationalUnits: [{ Id: outer, Arn: arn(`ou/o-sandbox0123/${outer}`), Name: `Unit ${outer}`, Path: path }] });
    expect(await ask('listOrganizationalUnitsForParent', { ParentId: outer })).toMatchObject({ OrganizationalUnits: [{ Id: inner, Path: `${path}${inner}/` }] });
    const accounts = async (ParentId: string) => ids((await ask<Page>('listAccountsForParent', { ParentId })).Accounts);
    expect([await accounts(tree.root), await accounts(outer), await accounts(inner)]).toEqual([[MANAGEMENT, DELEGATED], [], [ORDINARY]]);
    expect(await ask('listParents', { ChildId: ORDINARY })).toEqual({ Parents: [{ Id: inner, Type: 'ORGANIZATIONAL_UNIT' }] });
    expect(await ask('listParents', { ChildId: outer })).toEqual({ Parents: [{ Id: tree.root, Type: 'ROOT' }] });
  });

  test('has pages of 20 units and of 20 accounts, some of which may be empty', async () => {
    const { tree, ask } = start({ more: 42, emptyPageEvery: 1 });
    const units = Array.from({ length: 21 }, () => tree.createOrganizationalUnit());
    const unit = units[0];
    tree.accounts().filter((_, index) => index % 2 === 1).forEach(account => tree.moveAccount(account, unit));
    const pages = async (action: string, member: string, ParentId: string) => {
      const found: string[][] = [];
      let NextToken: string | undefined;
      do {
        const page: Record<string, { Id: string }[]> & { NextToken?: string } = await ask(action, { ParentId, NextToken });
        found.push(ids(page[member]));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return found;
    };
    const ofUnits = await pages('listOrganizationalUnitsForParent', 'OrganizationalUnits', tree.root);
    const ofAccounts = await pages('listAccountsForParent', 'Accounts', unit);
    expect([ofUnits.map(({ length }) => length), ofUnits.flat()]).toEqual([[20, 0, 1], units]);
    const inUnit = tree.accounts().filter(account => tree.parentOf(account) === unit);
    expect([ofAccounts.map(({ length }) => length), ofAccounts.flat()]).toEqual([[20, 0, 2], inUnit]);
  });

  test('goes on after an account that has moved away in the meantime', async () => {
    const { tree, ask } = start({ more: 30 });
    const first = await ask<Page>('listAccountsForParent', { ParentId: tree.root });
    tree.moveAccount(first.Accounts[19].Id, tree.createOrganizationalUnit());
    const second = await ask<Page>('listAccountsForParent', { ParentId: tree.root, NextToken: first.NextToken });
    expect(ids([...first.Accounts, ...second.Accounts])).toEqual(tree.accounts());
  });

  test.each([
    ['listAccountsForParent', { ParentId: 'ou-sb01-99999999' }, 'ParentNotFoundException'],
    ['listOrganizationalUnitsForParent', { ParentId: 'ou-sb01-99999999' }, 'ParentNotFoundException'],
    ['listParents', { ChildId: STANDALONE }, 'ChildNotFoundException'],
  ])('%s of %j is a %s', async (action, input, name) => {
    await expect(start().ask(action, input)).rejects.toMatchObject({ name });
  });

  test.each([
    ['listRoots', {}, '*'],
    ['listParents', { ChildId: ORDINARY }, `arn:aws:organizations::${MANAGEMENT}:account/o-sandbox0123/${ORDINARY}`],
    ['listParents', { ChildId: 'ou-sb01-00000001' }, `arn:aws:organizations::${MANAGEMENT}:ou/o-sandbox0123/ou-sb01-00000001`],
    ['listAccountsForParent', { ParentId: 'r-sb01' }, `arn:aws:organizations::${MANAGEMENT}:root/o-sandbox0123/r-sb01`],
    ['listOrganizationalUnitsForParent', { ParentId: 'ou-sb01-00000001' }, `arn:aws:organizations::${MANAGEMENT}:ou/o-sandbox0123/ou-sb01-00000001`],
  ])('%s of %j needs a permission for %s', async (action, input, resource) => {
    await expect(start({ actions: 'organizations:Describe*' }).ask(action, input))
      .rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining(`on resource: ${resource} because`) });
  });
});

test('an account has another path after its unit moves', async () => {
  const { tree, describe } = start();
  const [old, other] = [tree.createOrganizationalUnit(), tree.createOrganizationalUnit()];
  const unit = tree.createOrganizationalUnit(old);
  tree.moveAccount(ORDINARY, unit);
  tree.moveOrganizationalUnit(unit, other);
  expect((await describe(ORDINARY)).Paths?.[0]).toContain(`/${other}/${unit}/`);
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

test('every creation, invitation and move of an account is an event, also one that fails or is refused', () => {
  const { tree } = start();
  const happenings: Happening[] = [];
  tree.onHappening(happening => happenings.push(happening));
  const unit = tree.createOrganizationalUnit();
  const account = tree.createAccount();
  tree.moveAccount(account, unit);
  tree.moveAccount(account, unit);
  tree.failToCreateAccount();
  tree.join(STANDALONE);
  tree.setState(account, 'SUSPENDED'); // no event tells of it
  expect(happenings).toEqual([
    { name: 'AccountJoinedOrganization', account, joinedMethod: 'Created', at: expect.any(Number) },
    { name: 'CreateAccountResult', account, succeeded: true },
    { name: 'MoveAccount', account, from: tree.root, to: unit },
    { name: 'MoveAccount', account, from: unit, to: unit, refused: true },
    { name: 'CreateAccountResult', succeeded: false },
    { name: 'AccountJoinedOrganization', account: STANDALONE, joinedMethod: 'Invited', at: expect.any(Number) },
  ]);
  expect(tree.stateOf(account)).toBe('SUSPENDED');
});
