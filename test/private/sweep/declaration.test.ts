import { contact } from './contacts';
import { declare } from '../../../src/private/sweep/declaration';

const SOC = { security: contact('soc') };

test('a contact that several targets share is stored once', () => {
  const { contacts, rules, alternateContactTypes } = declare(SOC, [
    { target: '222222222222', contacts: { security: contact('lab'), billing: contact('soc') } },
    { target: '333333333333' },
  ]);
  expect(contacts.map(({ Name }) => Name)).toEqual(['soc', 'lab']);
  expect(rules).toEqual(['* -.-.0', '222222222222 0.-.1', '333333333333 x.x.x']);
  expect(alternateContactTypes).toEqual(['BILLING', 'SECURITY']);
});

test.each<[string, boolean]>([
  ['222222222222', false],
  ['ou-ab12-11111111', true],
  ['r-ab12', true],
  ['${Token[Account.1]}', true],
])('with a rule for %s, it matters where an account is: %j', (target, expected) => {
  expect(declare(SOC, [{ target }]).needsPaths).toBe(expected);
});
