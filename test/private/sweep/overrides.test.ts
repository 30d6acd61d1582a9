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
