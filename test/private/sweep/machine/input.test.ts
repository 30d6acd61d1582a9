import { evaluate, ids } from './evaluate';
import { INPUT_IS_WRONG, NAMED_ACCOUNTS, namedAccounts, NOTHING_TO_DO } from '../../../../src/private/sweep/machine/input';

test.each<[unknown, boolean]>([
  [{}, false],
  [{ Comment: 'Insert your JSON here' }, false],
  [{ accountIds: ['222222222222'] }, false],
  [{ accountIds: ['222222222222', '333333333333'], Comment: 'vended' }, false],
  [{ joined: '' }, false],
  [{ joined: ' 222222222222  ' }, false],
  [{ afterSeconds: 60 }, false],
  [{ afterSeconds: 0 }, false],
  [{ afterSeconds: 86_400 }, false],
  [{ afterSeconds: 86_401 }, true],
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
])('the input %j is wrong: %j', async (input, wrong) => {
  expect(await evaluate(INPUT_IS_WRONG, { states: { input } })).toBe(wrong);
});

test('the input may name 4,000 accounts', async () => {
  expect(await evaluate(INPUT_IS_WRONG, { states: { input: { accountIds: ids(4_000) } } })).toBe(false);
  expect(await evaluate(INPUT_IS_WRONG, { states: { input: { accountIds: ids(4_001) } } })).toBe(true);
});

test.each<[unknown, string[]]>([
  [{}, []],
  [{ joined: '' }, []],
  [{ joined: ' 222222222222  ' }, ['222222222222']],
  [{ accountIds: ['222222222222', '333333333333', '222222222222'] }, ['222222222222', '333333333333']],
  ['text', []],
  [null, []],
])('the input %j names the accounts %j', async (input, accounts) => {
  expect(await evaluate(NAMED_ACCOUNTS, { states: { input } })).toEqual(accounts);
});

test.each<[unknown, boolean]>([
  [{ joined: '    Created' }, true],
  [{ joined: '    Invited' }, false],
  [{ joined: '  INVITED' }, false],
  [{}, false],
])('the input %j, which names no account, is left to another event: %j', async (input, expected) => {
  expect(await evaluate(NOTHING_TO_DO, { states: { input } })).toBe(expected);
});

test('the access to named accounts is not probed', async () => {
  expect(await evaluate(namedAccounts('$ids'), { ids: ['222222222222'] })).toEqual({ ids: ['222222222222'], token: null, checkAccess: false });
});
