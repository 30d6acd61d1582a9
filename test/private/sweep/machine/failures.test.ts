import { evaluate, ids } from './evaluate';
import { byError, cut, described, ERROR_NAME, idsIn, merged, namedIn, oneByOne } from '../../../../src/private/sweep/machine/failures';

const FAILED = { 'Account.X': ['222222222222', '333333333333'], 'NotReached': ['444444444444'] };
const ENTRIES = ['222222222222 Account.X', '333333333333 Account.X', '444444444444 NotReached'];

test('the name of an error has 60 characters at most, and nothing of the message', async () => {
  const nameOf = (Error: string) => evaluate(ERROR_NAME, { states: { errorOutput: { Error, Cause: 'soc@example.com' } } });
  expect(await nameOf('Account.AccessDeniedException')).toBe('Account.AccessDeniedException');
  expect(await nameOf('E'.repeat(80))).toBe('E'.repeat(60));
});

describe('accounts that failed', () => {
  test('are kept by error, and one by one again', async () => {
    expect(await evaluate(byError('$entries'), { entries: ENTRIES })).toEqual(FAILED);
    expect(await evaluate(oneByOne('$failed'), { failed: FAILED })).toEqual(ENTRIES);
  });

  test('are none if there are no entries, and a list if there is one', async () => {
    expect(await evaluate(byError('$entries'), { entries: [] })).toEqual({});
    expect(await evaluate(oneByOne('$failed'), { failed: {} })).toEqual([]);
    expect(await evaluate(byError('$entries'), { entries: ENTRIES.slice(2) })).toEqual({ NotReached: ['444444444444'] });
    expect(await evaluate(oneByOne('$failed'), { failed: { NotReached: ['444444444444'] } })).toEqual(['444444444444 NotReached']);
  });

  test('stay in the list that is grouped', async () => {
    expect(await evaluate(`($list := []; $grouped := ${byError('$list')}; $list)`)).toEqual([]);
  });

  test('are merged by error', async () => {
    const variables = { one: { A: ['1'] }, other: { A: ['2', '3'], B: ['4'] }, none: {} };
    expect(await evaluate(merged('$one', '$other', '$none'), variables)).toEqual({ A: ['1', '2', '3'], B: ['4'] });
    expect(await evaluate(merged('$none', '$none'), variables)).toEqual({});
  });

  test('are counted by their ids', async () => {
    expect(await evaluate(idsIn('$failed'), { failed: FAILED })).toEqual(['222222222222', '333333333333', '444444444444']);
    expect(await evaluate(idsIn('$failed'), { failed: {} })).toEqual([]);
  });

  test('are described by error', async () => {
    expect(await evaluate(described('$failed'), { failed: FAILED })).toBe('Account.X: 222222222222, 333333333333; NotReached: 444444444444');
    expect(await evaluate(described('$failed'), { failed: {} })).toBe('');
  });
});

describe('a text about accounts', () => {
  test('is cut before the account that does not fit', async () => {
    const text = ids(4).join(', ');
    expect(await evaluate(cut('$text', text.length), { text })).toBe(text);
    expect(await evaluate(cut('$text', text.length - 1), { text })).toBe(ids(3).join(', '));
  });

  test('names so many accounts as it has whole ids', async () => {
    expect(await evaluate(namedIn('$text'), { text: 'Account.X: 222222222222, 333333333333; 44444444444' })).toBe(2);
    expect(await evaluate(namedIn('$text'), { text: '' })).toBe(0);
  });
});
