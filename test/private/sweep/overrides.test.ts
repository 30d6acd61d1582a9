import { declare, SOC, UNIT } from './fixtures';
import { AlternateContactOverride } from '../../../src';
import { contact } from '../../contacts';

const { exclude, forAccounts, forOrganizationalUnits } = AlternateContactOverride;

test.each<[string, () => unknown, string]>([
  ['is an expression', () => declare({ billing: { ...contact('x'), name: '{% $x %}' } }), 'Stack/Contacts, billing: name must not begin with {% or end with %}'],
  ['ends as an expression', () => declare({ billing: { ...contact('x'), name: 'x %}' } }),
    'name must not begin with {% or end with %}, which mark an expression of Step Functions; got "x %}"'],
  ['begins as an expression in an override', () => forAccounts(['222222222222'], { billing: { ...contact('x'), title: '{%' } }),
    'AlternateContactOverride.forAccounts, billing: title must not begin with {%'],
  ['ends as an expression in an override', () => forAccounts(['222222222222'], { billing: { ...contact('x'), title: '50 %}' } }),
    'AlternateContactOverride.forAccounts, billing: title must not begin with {% or end with %}'],
])('a value that %s is refused, because Step Functions would evaluate it', (_, define, message) => {
  expect(define).toThrow(message);
});

test('two overrides for one target are refused', () => {
  expect(() => declare({ ...SOC, overrides: [exclude([UNIT]), forOrganizationalUnits([UNIT], SOC)] }))
    .toThrow('Stack/Contacts: each target can have only one override; got two for ou-ab12-11111111');
});

test('a second override that is added later is refused too', () => {
  const { contacts } = declare({ ...SOC, overrides: [exclude([UNIT])] });
  expect(() => contacts.addOverride(exclude([UNIT]))).toThrow('got two for ou-ab12-11111111');
});

const LONGEST_UNIT = `ou-${'a'.repeat(32)}-${'1'.repeat(32)}`;
const LONGEST_ROOT = `r-${'a'.repeat(32)}`;

test('the shortest and the longest ids of organizational units and roots are accepted', () => {
  for (const id of ['ou-ab12-11111111', LONGEST_UNIT, 'r-ab12', LONGEST_ROOT]) {
    expect(() => forOrganizationalUnits([id], SOC)).not.toThrow();
    expect(() => exclude([id])).not.toThrow();
  }
});

test('ids that are shorter or longer are refused', () => {
  for (const id of ['ou-ab1-11111111', 'ou-ab12-1111111', `ou-${'a'.repeat(33)}-11111111`, `${LONGEST_UNIT}1`, 'r-ab1', `${LONGEST_ROOT}a`]) {
    expect(() => forOrganizationalUnits([id], SOC)).toThrow(`each of organizationalUnitIds must be the id of an organizational unit, such as ou-ab12-11111111, or of a root, such as r-ab12; got "${id}"`);
    expect(() => exclude([id])).toThrow('each of targetIds must be an account id of 12 digits, or');
  }
  for (const id of ['22222222222', '2222222222222']) { expect(() => forAccounts([id], SOC)).toThrow(`accountIds must be an account id, a string of 12 digits; got "${id}"`); }
});
