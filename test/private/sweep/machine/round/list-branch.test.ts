import { LIST_ORDERS } from '../../../../../src/private/sweep/machine/round/list-branch';
import { evaluate, ids } from '../evaluate';
import { nextOf } from '../states';

const orderOf = async (queued: number, position: object = {}) => {
  const [order, ...more] = await evaluate(LIST_ORDERS, {
    states: {
      input: {
        accounts: ids(queued), rates: { gets: 8, puts: 4 }, own: '111111111111', position: { ids: null, token: 't', checkAccess: false, ...position },
      },
    },
  }) as object[];
  expect(more).toEqual([]);
  return order;
};

test('the child gets the position, and the account that asks', async () => {
  expect(await orderOf(0, { ids: ['222222222222'], token: null, checkAccess: true })).toMatchObject({
    ownAccount: '111111111111', ids: ['222222222222'], token: null, checkAccess: true,
  });
});

test.each([
  [0, 1],
  [20, 6],
  [200, 62],
  [2_000, 100],
])('while %i accounts are swept, a child lists %i pages', async (queued, pages) => {
  expect(await orderOf(queued)).toMatchObject({ pages });
});

test('named accounts are looked up a hundred at a time', async () => {
  expect(await orderOf(0, { ids: ['222222222222'] })).toMatchObject({ pages: 100 });
});

test('the first list is to find 20 accounts, and a later one 100', async () => {
  expect(await orderOf(0, { token: null })).toMatchObject({ least: 20 });
  expect(await orderOf(0)).toMatchObject({ least: 100 });
});

test('the list pauses while more than 4,000 accounts are queued, because queue and next list must fit into a state', async () => {
  const next = (queued: number, position: object | null = { ids: null, token: 't', checkAccess: false }) =>
    nextOf('Are there more accounts?', { states: { input: { position, queued } } });
  expect([await next(4_000), await next(4_001), await next(0, null)]).toEqual(['List accounts', 'Nothing to list now', 'Nothing to list now']);
});
