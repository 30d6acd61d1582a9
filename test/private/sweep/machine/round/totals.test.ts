import { FAILED, TOTALS, UNNAMED } from '../../../../../src/private/sweep/machine/round/totals';
import { evaluate, ids } from '../evaluate';

const NONE = { accounts: 0, contacts: 0, changes: 0, changed: [], changedAccounts: 0, leftAlone: 0, notActive: 0, managementAccount: null };

describe('the totals', () => {
  const totalsAfter = async (totals: object, swept: object, listed: object = {}) => {
    const states = { input: [{ ...NONE, ...swept }, { ...NONE, ...listed }] };
    return await evaluate(TOTALS, { totals: { ...NONE, ...totals }, states }) as typeof NONE;
  };

  test('add what was swept and what was listed', async () => {
    const before = { accounts: 5, contacts: 15, changes: 1, leftAlone: 1, notActive: 2 };
    expect(await totalsAfter(before, { accounts: 2, contacts: 6, changes: 3 }, { leftAlone: 10, notActive: 20 }))
      .toMatchObject({ accounts: 7, contacts: 21, changes: 4, leftAlone: 11, notActive: 22, managementAccount: null });
  });

  test('keep the management account, whichever round has skipped it', async () => {
    expect(await totalsAfter({}, {}, { managementAccount: '999999999999' })).toMatchObject({ managementAccount: '999999999999' });
    expect(await totalsAfter({ managementAccount: '999999999999' }, {})).toMatchObject({ managementAccount: '999999999999' });
  });

  test('count and list an account once that got its contacts in several tries', async () => {
    expect(await totalsAfter({ changes: 2, changed: ['2 BILLING', '3 SECURITY'], changedAccounts: 2 }, { changes: 2, changed: ['2 SECURITY', '4 BILLING'] }))
      .toMatchObject({ changes: 4, changed: ['2 BILLING,SECURITY', '3 SECURITY', '4 BILLING'], changedAccounts: 3 });
  });

  test('stay as they are if nothing changed', async () => {
    expect(await totalsAfter({}, {})).toEqual(NONE);
    expect(await totalsAfter({ changed: ['2 BILLING'], changedAccounts: 1 }, {})).toMatchObject({ changed: ['2 BILLING'], changedAccounts: 1 });
  });

  test('list 1,500 accounts that changed, and count all', async () => {
    const changed = ids(2_000).map(id => `${id} BILLING`);
    const totals = await totalsAfter({}, { changed });
    expect([totals.changed, totals.changedAccounts]).toEqual([changed.slice(0, 1_500), 2_000]);
  });
});

describe('the accounts that failed', () => {
  test('are those of before, of the children and of the list', async () => {
    expect(await evaluate(FAILED, { failed: { A: ['1'] }, states: { input: [{ failed: { A: ['2'] } }, { failed: { B: ['3'] } }] } }))
      .toEqual({ A: ['1', '2'], B: ['3'] });
    expect(await evaluate(FAILED, { failed: {}, states: { input: [{ failed: {} }, { failed: {} }] } })).toEqual({});
  });

  test('are 4,000 at most, and all are counted', async () => {
    const failed = { A: ids(3_000), B: ids(500, 3_000) };
    const states = { input: [{ failed: { B: ids(1_000, 3_500) } }, { failed: { C: ['999999999999'] } }] };
    const kept = await evaluate(FAILED, { failed, states }) as { [error: string]: string[] };
    expect(Object.values(kept).flat()).toHaveLength(4_000);
    expect(await evaluate(UNNAMED, { failed, unnamed: 7, states })).toBe(7 + 501);
  });
});
