import { QUEUE_AFTER_ROUND, ROUND_RESULT, SET_ORDERS } from '../../../../../src/private/sweep/machine/round/set-branch';
import { evaluate, ids } from '../evaluate';

const entries = (count: number) => ids(count).map(id => `${id} 0.1.2`);

describe('the inputs of the children', () => {
  interface Order {
    readonly accounts: string[];
    readonly ownAccount: string;
    readonly getsPerSecond: number;
    readonly putsPerSecond: number;
  }

  const ordersOf = async (count: number, rates = { gets: 8, puts: 4 }) =>
    await evaluate(SET_ORDERS, { states: { input: { accounts: entries(count), rates, own: '111111111111' } } }) as Order[];

  test('give each lane the same work, each account once, and the rates of a lane', async () => {
    const orders = await ordersOf(80);
    expect(orders.map(({ accounts }) => accounts.length)).toEqual(Array.from({ length: 10 }, () => 8));
    expect(orders.flatMap(({ accounts }) => accounts)).toEqual(entries(80));
    expect(orders[0]).toMatchObject({ ownAccount: '111111111111', getsPerSecond: 1.6, putsPerSecond: 0.8 });
  });

  test.each([[1, 1], [4, 4], [20, 5], [2_000, 200]])('spread %i accounts over %i children of ten accounts at most', async (accounts, children) => {
    const orders = await ordersOf(accounts);
    expect(orders).toHaveLength(children);
    expect(orders.every(order => Array.isArray(order.accounts) && order.accounts.length <= 10)).toBe(true);
    expect(orders.flatMap(order => order.accounts)).toHaveLength(accounts);
  });

  test.each([[0.1, 0.1], [1, 0.5], [0.3, 0.1]])('let a child finish in time at %d gets and %d puts per second', async (gets, puts) => {
    const orders = await ordersOf(100, { gets, puts });
    // Three puts per account, at the rate of one of five lanes; one account is the least.
    for (const { accounts } of orders) { expect(accounts.length === 1 || accounts.length * 3 / (puts / 5) <= 240).toBe(true); }
  });
});

test('the queue after a round has the accounts that are left, and then those that were listed', async () => {
  const queueAfter = (count: number, accounts: string[]) =>
    evaluate(QUEUE_AFTER_ROUND, { queue: entries(count), states: { result: [{}, { accounts }] } });
  expect(await queueAfter(2_002, ['222222222222 0.1.2'])).toEqual([...entries(2_002).slice(2_000), '222222222222 0.1.2']);
  expect(await queueAfter(20, [])).toEqual([]);
});

describe('the result of a round', () => {
  const accounts = ['222222222222 0.1.2', '333333333333 0.1.2', '444444444444 0.1.2'];
  const report = { accounts: ['222222222222'], contacts: 3, changes: 2, changed: ['222222222222 BILLING,SECURITY'], failed: ['333333333333 Account.X'] };
  const other = { accounts: ['444444444444'], contacts: 3, changes: 0, changed: [], failed: [] };

  test('sums what the children report', async () => {
    expect(await evaluate(ROUND_RESULT, { states: { input: { accounts }, result: [report, other] } })).toEqual({
      accounts: 2, contacts: 6, changes: 2, changed: ['222222222222 BILLING,SECURITY'], failed: { 'Account.X': ['333333333333'] },
    });
  });

  test.each<[string, unknown[]]>([
    ['null', [report, null]],
    ['nothing', [report]],
    ['an error', [report, { Error: 'States.Timeout', Cause: '' }]],
    ['text', [report, 'x']],
  ])('has the accounts of a child that left %s among the failed', async (_, result) => {
    expect(await evaluate(ROUND_RESULT, { states: { input: { accounts }, result } })).toMatchObject({
      accounts: 1, failed: { 'Account.X': ['333333333333'], 'NotReached': ['444444444444'] },
    });
  });

  test('has all accounts among the failed if no child left anything', async () => {
    expect(await evaluate(ROUND_RESULT, { states: { input: { accounts }, result: [] } })).toEqual({
      accounts: 0, contacts: 0, changes: 0, changed: [], failed: { NotReached: ['222222222222', '333333333333', '444444444444'] },
    });
  });
});
