import { evaluate } from './evaluate';
import {
  accountToSet, byKind, contactsIn, decision, entry, entryWith, keyOf, numberIn, numbersByTarget, parentIn, partsOfRule, restOf, ruleFor, unitsAbove,
} from '../../../../src/private/sweep/machine/notation';

const PATH = 'o-sandbox0123/r-ab12/ou-ab12-11111111/ou-ab12-22222222/222222222222/';

describe('a rule', () => {
  test.each<[numbers: (number | undefined)[] | undefined, text: string]>([
    [[0, 3, 12], 'ou-ab12-11111111 0.3.12'],
    [[undefined, 0, undefined], 'ou-ab12-11111111 -.0.-'],
    [undefined, 'ou-ab12-11111111 x.x.x'],
  ])('for the contacts %j is %j', (numbers, text) => {
    expect(ruleFor('ou-ab12-11111111', numbers)).toBe(text);
  });

  test.each(['222222222222', '*', '${Token[TOKEN.12]}', 'a target with spaces'])('for %s has the same parts when it is read', target => {
    expect(partsOfRule(ruleFor(target, [0, undefined, 3]))).toEqual({ target, numbers: '0.-.3' });
  });

  test('is found by its target, and two rules for one target are a list', async () => {
    const rules = [ruleFor('*', [0, 1, 2]), ruleFor('222222222222', undefined), ruleFor('r-ab12', [3, 3, 3]), ruleFor('222222222222', [4, 4, 4])];
    expect(await evaluate(numbersByTarget('$rules'), { rules })).toEqual({ '*': '0.1.2', '222222222222': ['x.x.x', '4.4.4'], 'r-ab12': '3.3.3' });
  });

  test('gives the number of a type', async () => {
    expect(await evaluate(`[${numberIn("'0.-.12'", '0')}, ${numberIn("'0.-.12'", '1')}, ${numberIn("'0.-.12'", '2')}]`)).toEqual(['0', '-', '12']);
  });
});

test('a text is read as it was written', async () => {
  const text = entry("'222222222222'", "'0.3.- 11111111'");
  expect(await evaluate(text)).toBe('222222222222 0.3.- 11111111');
  expect(await evaluate(`[${keyOf(`(${text})`)}, ${restOf(`(${text})`)}]`)).toEqual(['222222222222', '0.3.- 11111111']);
  expect(await evaluate(entryWith("'222222222222'", 'NotReached'))).toBe('222222222222 NotReached');
});

describe('decisions', () => {
  test('are grouped by their kind, and a single one is a list too', async () => {
    const decisions = await evaluate(`[${decision('set', "'222222222222 0.1.2'")}, ${decision('failed', "'333333333333 X'")}, ${decision('set', "'444444444444 0.1.2'")}]`);
    expect(await evaluate(byKind('$decisions'), { decisions })).toEqual({ set: ['222222222222 0.1.2', '444444444444 0.1.2'], failed: ['333333333333 X'] });
  });

  test.each([[undefined], [[]]])('are none for %j', async decisions => {
    expect(await evaluate(byKind('$decisions'), { decisions })).toEqual({});
  });
});

describe('the units above an account', () => {
  test('are those on its path from the nearest up, without the organization and the account', async () => {
    expect(await evaluate(unitsAbove('$path'), { path: PATH })).toEqual(['ou-ab12-22222222', 'ou-ab12-11111111', 'r-ab12']);
    expect(await evaluate(unitsAbove('$path'), { path: 'o-sandbox0123/r-ab12/111111111111/' })).toEqual(['r-ab12']);
    expect(await evaluate(unitsAbove('$path'), { path: '' })).toEqual([]);
  });

  test.each([
    [['ou-ab12-22222222', 'r-ab12'], '22222222'],
    [['ou-ab12-0123456789abcdef'], '89abcdef'],
    [['r-ab12'], 'r-ab12'],
  ])('of %j leave the parent %s', async (above, parent) => {
    expect(await evaluate(parentIn('$above'), { above })).toBe(parent);
  });
});

describe('an account to set', () => {
  test('has the numbers of its contacts, none for what is left alone, and its parent if that matters', async () => {
    const variables = { id: '222222222222', numbers: ['x', '-', '12'], above: ['ou-ab12-22222222', 'r-ab12'] };
    expect(await evaluate(accountToSet('$id', '$numbers'), variables)).toBe('222222222222 -.-.12');
    expect(await evaluate(accountToSet('$id', '$numbers', '$above'), variables)).toBe('222222222222 -.-.12 22222222');
  });

  test('is read as one object per contact, also if there is only one', async () => {
    expect(await evaluate(contactsIn('$accounts'), { accounts: ['222222222222 0.-.3', '333333333333 -.12.- 11111111'] })).toEqual([
      { id: '222222222222', type: 'BILLING', contact: 0 },
      { id: '222222222222', type: 'SECURITY', contact: 3 },
      { id: '333333333333', parent: '11111111', type: 'OPERATIONS', contact: 12 },
    ]);
    expect(await evaluate(contactsIn('$accounts'), { accounts: ['222222222222 -.-.0'] })).toEqual([{ id: '222222222222', type: 'SECURITY', contact: 0 }]);
  });
});
