import { AS_DECLARED, IS_WHERE_IT_WAS, KEY } from '../../../../../src/private/sweep/machine/set-contacts/turn';
import { evaluate } from '../evaluate';

test('a contact is named by type and account, and that of the stack\'s account by type alone', async () => {
  const work = [{ id: '111111111111', type: 'BILLING' }, { id: '222222222222', type: 'SECURITY' }];
  const keyAt = (at: number) => evaluate(KEY, { work, at, group: { ownAccount: '111111111111' } });
  expect([await keyAt(0), await keyAt(1)]).toEqual([{ AlternateContactType: 'BILLING' }, { AlternateContactType: 'SECURITY', AccountId: '222222222222' }]);
});

test('a contact is as declared if it differs in nothing but the white space around its values', async () => {
  const isAsDeclared = (contact: object) => evaluate(AS_DECLARED, {
    existing: contact, at: 0, work: [{ contact: 0 }], contacts: [{ EmailAddress: 'soc@example.com', Name: ' Security  team', PhoneNumber: '1', Title: 'On call' }],
  });
  const existing = { EmailAddress: 'soc@example.com', Name: 'Security  team', PhoneNumber: '1', Title: 'On call ' };
  expect(await isAsDeclared(existing)).toBe(true);
  expect(await isAsDeclared({ ...existing, Name: 'Security team' })).toBe(false);
  expect(await isAsDeclared({ ...existing, Title: 'On Call' })).toBe(false);
  expect(await isAsDeclared({ ...existing, EmailAddress: 'soc@example.org' })).toBe(false);
  expect(await isAsDeclared({ ...existing, PhoneNumber: '2' })).toBe(false);
  expect(await isAsDeclared({})).toBe(false);
});

test.each([
  ['ACTIVE', 'o-sandbox0123/r-ab12/ou-ab12-11111111/222222222222/', true],
  ['ACTIVE', 'o-sandbox0123/r-ab12/ou-ab12-22222222/222222222222/', false],
  ['ACTIVE', 'o-sandbox0123/r-ab12/ou-ab12-11111111/ou-ab12-22222222/222222222222/', false],
  ['SUSPENDED', 'o-sandbox0123/r-ab12/ou-ab12-11111111/222222222222/', false],
])('an account that is %s at %s is where it was: %j', async (State, path, expected) => {
  expect(await evaluate(IS_WHERE_IT_WAS, { states: { input: { account: { State, Paths: [path] } } }, work: [{ parent: '11111111' }], at: 0 })).toBe(expected);
});
