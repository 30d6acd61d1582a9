import { getLanguageService, TextDocument } from 'amazon-states-language-service';
import jsonata from 'jsonata';
import type { AlternateContactSet } from '../../../../src';
import { declare, type DeclaredTarget } from '../../../../src/private/sweep/declaration';
import { organizationSweep } from '../../../../src/private/sweep/machine/definition';
import { INPUT_IS_WRONG, NAMED_ACCOUNTS, NOTHING_TO_DO } from '../../../../src/private/sweep/machine/input';
import { decide } from '../../../../src/private/sweep/machine/list-accounts/decide';
import { RULES_BY_TARGET } from '../../../../src/private/sweep/machine/list-accounts/read';
import { IS_FULL_SWEEP, OLDER_EXECUTIONS } from '../../../../src/private/sweep/machine/older-sweeps';
import { ROUND_RESULT, SET_ORDERS } from '../../../../src/private/sweep/machine/round/set-branch';
import { FAILED, TOTALS, UNNAMED } from '../../../../src/private/sweep/machine/round/totals';
import { CONTACTS_TO_SET, PAUSE } from '../../../../src/private/sweep/machine/set-contacts';
import { ACCOUNTS_DONE, changesByAccount, CONTACTS_DONE, ERRORS_BY_ACCOUNT } from '../../../../src/private/sweep/machine/set-contacts/report';
import { AS_DECLARED } from '../../../../src/private/sweep/machine/set-contacts/turn';
import { notListed, notSet } from '../../../../src/private/sweep/machine/settle';
import { contact, EVERYONE } from '../harness';

// It has no types of its own that fit.
const aslValidator = jest.requireActual<(definition: object) => { isValid: boolean; errors: unknown[] }>('asl-validator');

const ids = (count: number, first = 0) => Array.from({ length: count }, (_, i) => String(200000000000 + first + i));

/** Evaluates an expression as Step Functions does: with variables, without a context. */
async function evaluate(expression: string, variables: { readonly [name: string]: unknown }): Promise<unknown> {
  const value: unknown = await jsonata(expression).evaluate(undefined, variables);
  // jsonata marks its sequences with hidden members.
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as unknown;
}

const rulesOf = async (everyone: AlternateContactSet, targets: DeclaredTarget[]) =>
  evaluate(RULES_BY_TARGET, { declared: declare(everyone, targets).rules });

describe('which contacts an account is to have', () => {
  const account = (more: object = {}) => ({
    Id: '222222222222',
    Arn: 'arn:aws:organizations::111111111111:account/o-sandbox0123/222222222222',
    State: 'ACTIVE',
    Paths: ['o-sandbox0123/r-ab12/ou-ab12-11111111/ou-ab12-22222222/222222222222/'],
    ...more,
  });
  const decideOn = async (targets: DeclaredTarget[], more: object = {}, named = false, everyone: AlternateContactSet = EVERYONE) =>
    evaluate(decide(true), { account: account(more), named, rules: await rulesOf(everyone, targets), order: { ownAccount: '111111111111' } });

  test('are those of every account where nothing else is declared', async () => {
    expect(await decideOn([])).toBe('set 222222222222 0.1.2 22222222');
  });

  test('are those of the nearest target that names the type: account, unit, the units above, root, every account', async () => {
    const targets: DeclaredTarget[] = [
      { target: 'r-ab12', contacts: { billing: contact('root'), operations: contact('root'), security: contact('root') } },
      { target: 'ou-ab12-11111111', contacts: { billing: contact('upper'), operations: contact('upper') } },
      { target: 'ou-ab12-22222222', contacts: { billing: contact('lower') } },
    ];
    // 3 is root, 4 is upper, 5 is lower.
    expect(await decideOn(targets)).toBe('set 222222222222 5.4.3 22222222');
    expect(await decideOn([...targets, { target: '222222222222', contacts: { security: contact('lab') } }])).toBe('set 222222222222 5.4.6 22222222');
    expect(await decideOn(targets, { Paths: ['o-sandbox0123/r-ab12/'] })).toBe('set 222222222222 3.3.3 r-ab12');
    expect(await decideOn(targets, { Paths: ['o-sandbox0123/r-zz99/'] })).toBe('set 222222222222 0.1.2 r-zz99');
  });

  test('are none for an account that is excluded, or in a unit that is, however deep', async () => {
    for (const target of ['222222222222', 'ou-ab12-22222222', 'ou-ab12-11111111', 'r-ab12']) {
      expect(await decideOn([{ target }])).toBe('leftAlone 222222222222');
    }
    expect(await decideOn([{ target: 'ou-ab12-99999999' }])).toBe('set 222222222222 0.1.2 22222222');
  });

  test('are those of an override that is nearer than the exclusion, for the types that it names', async () => {
    const targets: DeclaredTarget[] = [{ target: 'ou-ab12-11111111' }, { target: '222222222222', contacts: { security: contact('lab') } }];
    expect(await decideOn(targets)).toBe('set 222222222222 -.-.3 22222222');
  });

  test('are none for an account for which nothing is declared', async () => {
    expect(await decideOn([{ target: 'ou-ab12-99999999', contacts: { security: contact('lab') } }], {}, false, {})).toBe('leftAlone 222222222222');
  });

  test('are none for the management account where it is not the own one, because nobody else can set them', async () => {
    const management = { Id: '999999999999', Arn: 'arn:aws:organizations::999999999999:account/o-sandbox0123/999999999999' };
    expect(await decideOn([], management)).toBe('managementAccount 999999999999');
    expect(await decideOn([{ target: '999999999999' }], management)).toBe('leftAlone 999999999999');
    const own = { Id: '111111111111', Arn: 'arn:aws:organizations::111111111111:account/o-sandbox0123/111111111111' };
    expect(await decideOn([], own)).toBe('set 111111111111 0.1.2 22222222');
  });

  test.each(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED', 'PENDING_ACTIVATION'])('are none for an account that is %s', async State => {
    expect(await decideOn([], { State })).toBe('notActive 222222222222');
  });

  test('are tried again for an account that is named and not active yet', async () => {
    expect(await decideOn([], { State: 'PENDING_ACTIVATION' }, true)).toBe('failed 222222222222 PENDING_ACTIVATION');
  });

  test('are not guessed for an account whose units are not told', async () => {
    expect(await decideOn([], { Paths: undefined })).toBe('failed 222222222222 PathMissing');
    expect(await decideOn([], { Paths: [] })).toBe('failed 222222222222 PathMissing');
  });
});

test('a contact that several targets share is written down once', () => {
  const { contacts, rules, needsPaths, alternateContactTypes } = declare({ security: contact('soc') }, [
    { target: '222222222222', contacts: { security: contact('lab'), billing: contact('soc') } },
    { target: '333333333333' },
  ]);
  expect(contacts.map(({ Name }) => Name)).toEqual(['soc', 'lab']);
  expect(rules).toEqual(['* -.-.0', '222222222222 0.-.1', '333333333333 x.x.x']);
  expect([needsPaths, alternateContactTypes]).toEqual([false, ['BILLING', 'SECURITY']]);
});

describe('the input', () => {
  test.each<[unknown, boolean]>([
    [{}, false],
    [{ Comment: 'Insert your JSON here' }, false],
    [{ accountIds: ['222222222222'] }, false],
    [{ accountIds: ['222222222222', '333333333333'], Comment: 'vended' }, false],
    [{ joined: '' }, false],
    [{ joined: ' 222222222222  ' }, false],
    [{ afterSeconds: 60 }, false],
    [{ afterSeconds: 0 }, false],
    [{ accountIds: [] }, true],
    [{ accountIds: '222222222222' }, true],
    [{ accountIds: [222222222222] }, true],
    [{ accountIds: [null] }, true],
    [{ accountIds: ['222222222222', '22222222222'] }, true],
    [{ accountIds: ['222222222222 '] }, true],
    [{ accountIds: null }, true],
    [{ accountIDs: ['222222222222'] }, true],
    [{ accountIds: ['222222222222'], afterSeconds: 60 }, true],
    [{ afterSeconds: -1 }, true],
    [{ afterSeconds: 1.5 }, true],
    [{ afterSeconds: '60' }, true],
    [{ joined: ['222222222222'] }, true],
    [[], true],
    ['222222222222', true],
    [null, true],
  ])('%j: wrong is %j', async (input, wrong) => {
    expect(await evaluate(INPUT_IS_WRONG, { states: { input } })).toBe(wrong);
  });

  test('with more than 4,000 accounts is wrong', async () => {
    expect(await evaluate(INPUT_IS_WRONG, { states: { input: { accountIds: ids(4_000) } } })).toBe(false);
    expect(await evaluate(INPUT_IS_WRONG, { states: { input: { accountIds: ids(4_001) } } })).toBe(true);
  });

  test('is about no account where one was created and the event does not have its id', async () => {
    const nothing = (input: object) => evaluate(NOTHING_TO_DO, { states: { input } });
    expect([await nothing({ joined: '    Created' }), await nothing({ joined: '    Invited' }), await nothing({ joined: '  INVITED' }), await nothing({})])
      .toEqual([true, false, false, false]);
  });

  test.each<[unknown, string[]]>([
    [{}, []],
    [{ joined: '' }, []],
    [{ joined: ' 222222222222  ' }, ['222222222222']],
    [{ accountIds: ['222222222222', '333333333333', '222222222222'] }, ['222222222222', '333333333333']],
    ['text', []],
    [null, []],
  ])('%j names %j', async (input, accounts) => {
    expect(await evaluate(NAMED_ACCOUNTS, { states: { input } })).toEqual(accounts);
  });
});

test.each<[object, boolean]>([
  [{}, true],
  [{ Comment: 'asked for by 222222222222' }, true],
  [{ joined: '' }, true],
  [{ joined: '', Comment: '"joined": "222222222222"' }, true],
  [{ accountIds: ['222222222222'] }, false],
  [{ joined: ' 222222222222 ' }, false],
  [{ afterSeconds: 60 }, false],
])('an execution with the input %j sweeps all accounts: %s', async (input, expected) => {
  for (const Input of [JSON.stringify(input), JSON.stringify(input, undefined, 1)]) {
    expect(await evaluate(IS_FULL_SWEEP, { states: { result: { Input } } })).toBe(expected);
  }
});

test('an execution is older if it began before, and of two that began at once one is', async () => {
  const executions = [
    { ExecutionArn: 'x:c', StartDate: '2026-11-24T02:00:00.001Z' },
    { ExecutionArn: 'x:b', StartDate: '2026-11-24T02:00:00.000Z' },
    { ExecutionArn: 'x:a', StartDate: '2026-11-24T02:00:00.000Z' },
    { ExecutionArn: 'x:old', StartDate: '2026-11-24T01:59:59.999Z' },
  ];
  const older = (Id: string, list = executions) => evaluate(OLDER_EXECUTIONS, {
    states: { context: { Execution: { StartTime: '2026-11-24T02:00:00.000Z', Id } }, result: { Executions: list } },
  });
  expect(await older('x:b')).toEqual(['x:a', 'x:old'].map(execution => ({ execution, newer: 'x:b' })));
  expect(await older('x:a')).toEqual([{ execution: 'x:old', newer: 'x:a' }]);
  expect(await older('x:a', [])).toEqual([]);
});

describe('the orders of a round', () => {
  const entries = (count: number) => Array.from({ length: count }, (_, i) => `${200000000000 + i} 0.1.2`);
  const ordersOf = async (count: number, rates = { gets: 8, puts: 4 }) =>
    await evaluate(SET_ORDERS, { queue: entries(count), rates, own: '111111111111' }) as { accounts: string[]; ownAccount: string; getsPerSecond: number; putsPerSecond: number }[];

  test('give each lane the same work, each account once, and the rates of a lane', async () => {
    const orders = await ordersOf(80);
    expect(orders.map(({ accounts }) => accounts.length)).toEqual(Array.from({ length: 10 }, () => 8));
    expect(orders.flatMap(({ accounts }) => accounts)).toEqual(entries(80));
    expect(orders[0]).toMatchObject({ ownAccount: '111111111111', getsPerSecond: 1.6, putsPerSecond: 0.8 });
  });

  test.each([[1, 1], [4, 4], [20, 5], [2_000, 200]])('%i accounts are %i children', async (accounts, children) => {
    const orders = await ordersOf(accounts);
    expect(orders).toHaveLength(children);
    expect(orders.every(order => Array.isArray(order.accounts) && order.accounts.length <= 10)).toBe(true);
    expect(orders.flatMap(order => order.accounts)).toHaveLength(accounts);
  });

  test('take 2,000 accounts at a time', async () => {
    expect((await ordersOf(2_500)).flatMap(({ accounts }) => accounts)).toEqual(entries(2_000));
  });

  test.each([[1, 1], [10, 5], [3, 1]].map(([gets, puts]) => [gets * 0.1, puts * 0.1]))('let a child end in time at %d gets and %d puts a second', async (gets, puts) => {
    const orders = await ordersOf(100, { gets, puts });
    // Three puts per account, at the rate of one of five lanes; one account is the least.
    for (const { accounts } of orders) { expect(accounts.length === 1 || accounts.length * 3 / (puts / 5) <= 240).toBe(true); }
  });
});

describe('the result of a round', () => {
  const queue = ['222222222222 0.1.2', '333333333333 0.1.2', '444444444444 0.1.2'];
  const report = { accounts: ['222222222222'], contacts: 3, changes: 2, changed: ['222222222222 BILLING,SECURITY'], failed: ['333333333333 Account.X'] };
  const other = { accounts: ['444444444444'], contacts: 3, changes: 0, changed: [], failed: [] };

  test('sums what the children report', async () => {
    expect(await evaluate(ROUND_RESULT, { queue, states: { result: [report, other] } })).toEqual({
      accounts: 2, contacts: 6, changes: 2, changed: ['222222222222 BILLING,SECURITY'], failed: { 'Account.X': ['333333333333'] },
    });
  });

  test.each<[string, unknown[]]>([
    ['null', [report, null]],
    ['nothing', [report]],
    ['an error', [report, { Error: 'States.Timeout', Cause: '' }]],
    ['text', [report, 'x']],
  ])('has the accounts of a child that left %s among the failed', async (_, result) => {
    expect(await evaluate(ROUND_RESULT, { queue, states: { result } })).toMatchObject({
      accounts: 1, failed: { 'Account.X': ['333333333333'], 'NotReached': ['444444444444'] },
    });
  });

  test('has all accounts among the failed where no child left anything', async () => {
    expect(await evaluate(ROUND_RESULT, { queue, states: { result: [] } })).toEqual({
      accounts: 0, contacts: 0, changes: 0, changed: [], failed: { NotReached: ['222222222222', '333333333333', '444444444444'] },
    });
  });
});

describe('after a round', () => {
  const none = { accounts: 0, contacts: 0, changes: 0, changed: [], changedAccounts: 0, leftAlone: 0, notActive: 0, managementAccount: null };
  const totalsAfter = async (totals: object, swept: object, listed: object = none) =>
    await evaluate(TOTALS, { totals: { ...none, ...totals }, states: { input: [{ ...none, ...swept }, listed] } }) as typeof none;

  test('an account that got its contacts at several tries is counted and listed once', async () => {
    expect(await totalsAfter({ changes: 2, changed: ['2 BILLING', '3 SECURITY'], changedAccounts: 2 }, { changes: 2, changed: ['2 SECURITY', '4 BILLING'] }))
      .toMatchObject({ changes: 4, changed: ['2 BILLING,SECURITY', '3 SECURITY', '4 BILLING'], changedAccounts: 3 });
  });

  test('nothing is counted where nothing changed', async () => {
    expect(await totalsAfter({}, {})).toEqual(none);
    expect(await totalsAfter({ changed: ['2 BILLING'], changedAccounts: 1 }, {})).toMatchObject({ changed: ['2 BILLING'], changedAccounts: 1 });
  });

  test('1,500 accounts that changed are listed, and all are counted', async () => {
    const changed = ids(2_000).map(id => `${id} BILLING`);
    const totals = await totalsAfter({}, { changed });
    expect([totals.changed, totals.changedAccounts]).toEqual([changed.slice(0, 1_500), 2_000]);
  });

  test('4,000 accounts that failed are kept, and all are counted', async () => {
    const failed = { A: ids(3_000), B: ids(500, 3_000) };
    const states = { input: [{ failed: { B: ids(1_000, 3_500) } }, { failed: { C: ['999999999999'] } }] };
    const kept = await evaluate(FAILED, { failed, states }) as { [error: string]: string[] };
    expect(Object.values(kept).flat()).toHaveLength(4_000);
    expect(await evaluate(UNNAMED, { failed, unnamed: 7, states })).toBe(7 + 501);
    expect(await evaluate(FAILED, { failed: { A: ['1'] }, states: { input: [{ failed: { A: ['2'] } }, { failed: {} }] } })).toEqual({ A: ['1', '2'] });
    expect(await evaluate(FAILED, { failed: {}, states: { input: [{ failed: {} }, { failed: {} }] } })).toEqual({});
  });

  test('every state assigns and gives less than 256 KiB, however much failed and changed', async () => {
    const longest = { queue: ids(4_000).map(id => `${id} 2000.2000.2000`), changed: ids(1_500).map(id => `${id} BILLING,OPERATIONS,SECURITY`) };
    const variables = {
      queue: longest.queue,
      failed: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i} ${'E'.repeat(57)}`, ids(100, i * 100)])),
      totals: { ...none, changed: longest.changed, changedAccounts: 1_500 },
      listTries: 3,
      unnamed: 1_000_000,
      tries: 4,
      own: '111111111111',
      position: { ids: ids(4_000), token: null, checkAccess: false },
      problem: { name: 'AccountsNotListed', cause: 'c'.repeat(500) },
    };
    const swept = { ...none, changed: ids(2_000).map(id => `${id} BILLING,OPERATIONS,SECURITY`), failed: { ['E'.repeat(60)]: ids(2_000) } };
    // An account is either to be set, or has failed: then it takes less.
    const listed = { ...none, accounts: longest.queue.slice(0, 2_000), failed: {}, position: variables.position, problem: variables.problem };
    const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
    expect(bytes([swept, listed])).toBeLessThan(262_144);
    interface Assigning { Assign?: { [name: string]: unknown } }
    const { States } = organizationSweep(declare(EVERYONE, []), { partition: 'aws', enforce: true, quotaShare: 0.8 }) as { States: { [name: string]: Assigning } };
    for (const name of ['Set contacts and list ahead', 'Count the accounts', 'Note the accounts that failed', 'Wait before trying failed accounts again']) {
      const states = { input: [swept, listed], result: [swept, listed] };
      const assigned: { [name: string]: unknown } = {};
      for (const [variable, value] of Object.entries(States[name].Assign ?? {})) {
        assigned[variable] = typeof value === 'string' ? await evaluate(value.slice(2, -2), { ...variables, states }) : value;
      }
      expect(Object.keys(assigned).length).toBeGreaterThan(0);
      expect([name, bytes(assigned) < 262_144]).toEqual([name, true]);
    }
  });
});

describe('the cause of a failure', () => {
  const totals = { accounts: 3, changed: ['222222222222 BILLING', '333333333333 SECURITY'], changedAccounts: 2 };
  const variables = { own: '111111111111', unnamed: 0, totals, failed: { 'Account.X': ['444444444444'] }, problem: { cause: 'It failed.' } };

  test('names the accounts by error', async () => {
    expect(await evaluate(notSet(true), { ...variables, failed: { 'Account.X': ['4', '5'].map(id => id.repeat(12)), 'NotReached': ['666666666666'] } })).toBe(
      '3 of 6 accounts could not be set. All others are as declared. The next sweep tries again. '
      + 'The accounts that failed, by error: Account.X: 444444444444, 555555555555; NotReached: 666666666666.');
  });

  test('tells in report only mode which accounts differ', async () => {
    expect(await evaluate(notSet(false), variables)).toBe('1 of 4 accounts could not be compared. '
      + '2 of the others differ from the declaration: 222222222222 BILLING; 333333333333 SECURITY. The next sweep tries again. '
      + 'The accounts that failed, by error: Account.X: 444444444444.');
    expect(await evaluate(notSet(false), { ...variables, totals: { accounts: 3, changed: [], changedAccounts: 0 } })).toContain('All others are as declared.');
  });

  test('says what to check where all accounts are denied', async () => {
    const denied = { ...variables, failed: { 'Account.AccessDeniedException': ['444444444444'] } };
    const command = 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com';
    expect(await evaluate(notSet(true), { ...denied, totals: { accounts: 1 } })).toContain(command);
    expect(await evaluate(notSet(true), { ...denied, totals: { accounts: 2 } })).not.toContain(command);
    expect(await evaluate(notSet(true), { ...variables, totals: { accounts: 0 } })).not.toContain(command);
  });

  test.each([true, false])('has less than 32,768 characters, and ends with how many are not named (enforce: %j)', async enforce => {
    const cause = await evaluate(notSet(enforce), {
      ...variables,
      failed: { 'Account.AccessDeniedException': ids(3_000), 'NotReached': ids(1_000, 3_000) },
      unnamed: 500,
      totals: { accounts: 1_700, changed: ids(1_500, 5_000).map(id => `${id} BILLING,OPERATIONS,SECURITY`), changedAccounts: 1_700 },
    }) as string;
    expect(cause.length).toBeLessThan(32_768);
    const [named, differing] = [/by error: (.*)/.exec(cause)?.[1] ?? '', /declaration: (.*)/.exec(cause)?.[1].split(' The next')[0] ?? ''];
    const count = (text: string) => text.match(/\d{12}/g)?.length ?? 0;
    expect(count(named)).toBeGreaterThan(900);
    expect(cause).toMatch(new RegExp(` ${4_500 - count(named)} more accounts are not named here\\.$`));
    if (!enforce) { expect(cause).toContain(` ${1_700 - count(differing)} more accounts that differ are not named here.`); }
  });

  test('ends with how many are not named where none of these is known any more', async () => {
    expect(await evaluate(notSet(true), { ...variables, failed: {}, unnamed: 12 })).toMatch(/tries again\. 12 more accounts are not named here\.$/);
  });

  test('names the accounts that failed where others could not be listed', async () => {
    expect(await evaluate(notListed, { ...variables, failed: {} })).toBe('It failed.');
    expect(await evaluate(notListed, variables)).toBe(
      'It failed. Some accounts that were listed could not be set. The accounts that failed, by error: Account.X: 444444444444.');
    const position = (...accountIds: string[]) => ({ ids: accountIds, token: null, checkAccess: false });
    expect(await evaluate(notListed, { ...variables, failed: {}, position: { ...position(), ids: null } })).toBe('It failed.');
    expect(await evaluate(notListed, { ...variables, failed: {}, position: position() })).toBe('It failed.');
  });

  // Accounts that are tried again by name are described again, which may fail.
  test('names the accounts that were to be tried again and were not reached', async () => {
    const position = { ids: ['555555555555', '666666666666'], token: null, checkAccess: false };
    expect(await evaluate(notListed, { ...variables, failed: {}, position })).toBe('It failed. These accounts were not reached: 555555555555, 666666666666.');
    const failed = { 'Account.X': ids(4_000) };
    const many = await evaluate(notListed, { ...variables, failed, position: { ...position, ids: ids(4_000, 4_000) } }) as string;
    expect(many.length).toBeLessThan(32_768);
    expect(many).toMatch(/ \d{4} more were not reached\..* \d{4} more accounts are not named here\.$/);
  });
});

describe('a child that sets contacts', () => {
  const isAsDeclared = (existing: object) => evaluate(AS_DECLARED, {
    existing, at: 0, work: [{ contact: 0 }], contacts: [{ EmailAddress: 'soc@example.com', Name: ' Security  team', PhoneNumber: '1', Title: 'On call' }],
  });

  test('takes a contact for as declared if it differs in nothing but the white space around its values', async () => {
    const existing = { EmailAddress: 'soc@example.com', Name: 'Security  team', PhoneNumber: '1', Title: 'On call ' };
    expect(await isAsDeclared(existing)).toBe(true);
    expect(await isAsDeclared({ ...existing, Name: 'Security team' })).toBe(false);
    expect(await isAsDeclared({ ...existing, Title: 'On Call' })).toBe(false);
    expect(await isAsDeclared({})).toBe(false);
  });

  const work = (accounts: string[]) => evaluate(CONTACTS_TO_SET, { states: { input: { accounts } } });

  test('has one contact after the other to look at, also if there is only one', async () => {
    expect(await work(['222222222222 0.-.3', '333333333333 -.12.-'])).toEqual([
      { id: '222222222222', type: 'BILLING', contact: 0 },
      { id: '222222222222', type: 'SECURITY', contact: 3 },
      { id: '333333333333', type: 'OPERATIONS', contact: 12 },
    ]);
    expect(await work(['222222222222 -.-.0'])).toEqual([{ id: '222222222222', type: 'SECURITY', contact: 0 }]);
  });

  test('reports the accounts whose contacts all had their turn', async () => {
    const variables = { work: await work(['222222222222 0.-.3', '333333333333 0.0.0']), errors: [] };
    const done = [];
    for (let at = 0; at <= 5; at++) { done.push(await evaluate(ACCOUNTS_DONE, { ...variables, at })); }
    expect(done).toEqual([[], [], ['222222222222'], ['222222222222'], ['222222222222'], ['222222222222', '333333333333']]);
  });

  test('does not count an account as done that has refused, and not its contacts', async () => {
    const variables = { work: await work(['222222222222 0.-.3', '333333333333 0.0.0']), at: 5 };
    expect(await evaluate(ACCOUNTS_DONE, { ...variables, errors: [{ id: '222222222222', error: 'A' }] })).toEqual(['333333333333']);
    expect(await evaluate(CONTACTS_DONE, { ...variables, done: ['333333333333'] })).toBe(3);
    expect(await evaluate(CONTACTS_DONE, { ...variables, done: [] })).toBe(0);
  });

  test('reports one line per account', async () => {
    const changes = [{ id: '2', type: 'BILLING' }, { id: '2', type: 'SECURITY' }, { id: '3', type: 'SECURITY' }];
    expect(await evaluate(changesByAccount(true), { changes, done: [] })).toEqual(['2 BILLING,SECURITY', '3 SECURITY']);
    expect(await evaluate(changesByAccount(true), { changes: [], done: [] })).toEqual([]);
    expect(await evaluate(changesByAccount(true), { changes: changes.slice(2), done: [] })).toEqual(['3 SECURITY']);
    expect(await evaluate(ERRORS_BY_ACCOUNT, { errors: [{ id: '2', error: 'A' }, { id: '2', error: 'B' }] })).toEqual(['2 A']);
    expect(await evaluate(ERRORS_BY_ACCOUNT, { errors: [] })).toEqual([]);
    expect(await evaluate(ERRORS_BY_ACCOUNT, { errors: [{ id: '2', error: 'A'.repeat(80) }] })).toEqual([`2 ${'A'.repeat(60)}`]);
  });

  test('reports what differs when the account is done, because the next try finds it again', async () => {
    const changes = [{ id: '2', type: 'BILLING' }, { id: '3', type: 'SECURITY' }];
    expect(await evaluate(changesByAccount(false), { changes, done: ['3'] })).toEqual(['3 SECURITY']);
    expect(await evaluate(changesByAccount(false), { changes, done: [] })).toEqual([]);
  });

  test.each([
    [8, 0, 0, 5],
    [8, 0, 4_200, 0],
    [8, 4, 0, 5],
    [2, 4, 1_000, 4],
    [1, 0, 0, 0],
    [8, 0, 60_000, 0],
  ])('after %i gets, %i puts and %i ms waits %i seconds', async (gets, puts, elapsed, seconds) => {
    const millis = () => 1_000_000 + elapsed;
    expect(await evaluate(PAUSE, { gets, puts, started: 1_000_000, millis, group: { getsPerSecond: 1.6, putsPerSecond: 0.8 } })).toBe(seconds);
  });
});

describe('the definition', () => {
  const definition = (enforce: boolean, targets: DeclaredTarget[] = [{ target: '222222222222' }]) =>
    organizationSweep(declare(EVERYONE, targets), { partition: 'aws', enforce, quotaShare: 0.8 });
  const problemsOf = async (text: string) => {
    const service = getLanguageService({});
    const document = TextDocument.create('file://sweep.asl.json', 'asl', 1, text);
    return service.doValidation(document, service.parseJSONDocument(document), undefined);
  };

  test.each([true, false])('has nothing to find for the static judges (enforce: %j)', async enforce => {
    expect(aslValidator(definition(enforce))).toMatchObject({ isValid: true, errors: [] });
    expect(await problemsOf(JSON.stringify(definition(enforce), undefined, 2))).toEqual([]);
  });

  test('would be found fault with, were a state missing', async () => {
    const broken = JSON.stringify(definition(true), undefined, 2).replace(/"Next": "Another contact\?"/, '"Next": "Nowhere"');
    expect(await problemsOf(broken)).not.toEqual([]);
    expect(aslValidator(JSON.parse(broken.replace('"Type": "Wait"', '"Type": "Weight"')) as object).isValid).toBe(false);
  });

  test('names every state once, in words that fit the console', () => {
    const names = [...JSON.stringify(definition(true)).matchAll(/"([^"]+)":\{"Type":"(?:Pass|Wait|Task|Parallel|Map|Choice|Succeed|Fail)"/g)].map(match => match[1]);
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter(name => name.length > 60)).toEqual([]);
  });

  test('can delete nothing, and in report only mode put nothing', () => {
    const resourcesOf = (enforce: boolean) => new Set([...JSON.stringify(definition(enforce)).matchAll(/aws-sdk:([\w:]+)/g)].map(match => match[1]));
    const reading = ['account:getAlternateContact', 'organizations:describeAccount', 'organizations:listAccounts',
      'sfn:describeExecution', 'sfn:listExecutions', 'sfn:startExecution', 'sfn:stopExecution'];
    expect([...resourcesOf(false)].sort()).toEqual(reading);
    expect([...resourcesOf(true)].sort()).toEqual(['account:getAlternateContact', 'account:putAlternateContact', ...reading.slice(1)]);
  });

  test('has contacts in the children alone, where no history keeps them', () => {
    const top = JSON.stringify(definition(true).States, (key: string, value: unknown) => (key === 'ItemProcessor' ? undefined : value));
    expect(top).not.toContain('@example.com');
    expect(JSON.stringify(definition(true))).toContain('finance@example.com');
  });

  test('has variables whose names no nested scope has again', () => {
    interface Assigning { Assign?: object }
    interface ScopedState extends Assigning { Choices?: Assigning[]; Catch?: Assigning[]; Branches?: Scope[]; ItemProcessor?: Scope }
    interface Scope { States: { [name: string]: ScopedState } }
    const clashes: string[] = [];
    const visit = (scope: Scope, outer: Set<string>) => {
      const own = new Set(Object.values(scope.States).flatMap(state =>
        [state, ...state.Choices ?? [], ...state.Catch ?? []].flatMap(({ Assign }) => Object.keys(Assign ?? {}))));
      own.forEach(name => outer.has(name) && clashes.push(name));
      Object.values(scope.States).forEach(state => [...state.Branches ?? [], ...state.ItemProcessor ? [state.ItemProcessor] : []]
        .forEach(inner => visit(inner, new Set([...outer, ...own]))));
    };
    visit(definition(true) as unknown as Scope, new Set());
    expect(clashes).toEqual([]);
  });
});
