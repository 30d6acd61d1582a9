import { LIST_TRIES } from '../../../../../src/private/sweep/machine/round';
import { evaluate, ids } from '../evaluate';
import { definitionOf } from '../shapes';

describe('failed lists in a row', () => {
  const problem = { name: 'AccountsNotListed', cause: '' };
  const triesAfter = (listed: object) => evaluate(LIST_TRIES, {
    listTries: 2, position: { token: 't' }, states: { result: [{}, { problem, accounts: [], position: { token: 't' }, ...listed }] },
  });

  test('are still counted after one that got no further', async () => {
    expect(await triesAfter({})).toBe(2);
  });

  test.each<[string, object]>([
    ['has no problem', { problem: null }],
    ['found accounts', { accounts: ['222222222222 0.1.2'] }],
    ['got to another page', { position: { token: 'u' } }],
  ])('are counted anew after one that %s', async (_, listed) => {
    expect(await triesAfter(listed)).toBe(0);
  });
});

test('every state assigns and returns less than 256 KiB, however many accounts failed and changed', async () => {
  const none = { accounts: 0, contacts: 0, changes: 0, changed: [], changedAccounts: 0, leftAlone: 0, notActive: 0, managementAccount: null };
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
  const { States } = definitionOf() as { States: { [name: string]: Assigning } };
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
