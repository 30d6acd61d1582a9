import { CfnDynamicReference, CfnDynamicReferenceService } from 'aws-cdk-lib';
import { contact } from './contacts';
import { AlternateContactOverride } from '../src';
import { definitionOf, SOC, templateOf, UNIT } from './private/sweep/fixtures';

const { exclude, forAccounts, forOrganizationalUnits } = AlternateContactOverride;

test.each<[string, () => unknown, string]>([
  ['a short account id', () => forAccounts(['22222222222'], SOC), 'AlternateContactOverride.forAccounts: each of accountIds must be an account id, a string of 12 digits; got "22222222222"'],
  ['an organizational unit as an account', () => forAccounts([UNIT], SOC), 'got "ou-ab12-11111111"'],
  ['an account as an organizational unit', () => forOrganizationalUnits(['222222222222'], SOC),
    'each of organizationalUnitIds must be the id of an organizational unit, such as ou-ab12-11111111'],
  ['the id of a unit in upper case', () => exclude(['OU-ab12-11111111']), 'each of targetIds must be an account id of 12 digits, or the id of an organizational unit'],
  ['a short id of a unit', () => exclude(['ou-ab1-11111111']), 'got "ou-ab1-11111111"'],
  ['an account id with a zero-width space', () => forAccounts(['222222222222\u200b'], SOC), 'got "222222222222\\u{200b}"'],
  ['a target with a non-breaking space', () => exclude(['222222222222\u00a0']), 'got "222222222222\\u{a0}"'],
  ['a value that begins an expression, with a space that is not plain', () => forOrganizationalUnits([UNIT], { security: { ...contact('soc'), name: '{%\u2003a' } }),
    'got "{%\\u{2003}a"'],
  ['no target', () => exclude([]), 'AlternateContactOverride.exclude: targetIds must not be empty'],
  ['a target twice', () => exclude([UNIT, UNIT]), 'targetIds must name each target once; got ou-ab12-11111111 twice'],
  // As from a table without the id: it must not turn into an exclusion.
  ['undefined contacts', () => forOrganizationalUnits([UNIT], ({} as Record<string, typeof SOC>)[UNIT]),
    'AlternateContactOverride.forOrganizationalUnits: at least one of billing, operations and security must be given for ou-ab12-11111111; got none'],
  ['no contacts', () => forAccounts(['222222222222'], {}), 'at least one of billing, operations and security must be given for 222222222222; got none'],
  ['a value that breaks a rule', () => forAccounts(['222222222222'], { billing: { ...contact('x'), title: '' } }), 'AlternateContactOverride.forAccounts, billing: title must be'],
])('an override with %s is refused', (_, define, message) => {
  expect(define).toThrow(message);
});

test.each(['r-ab12', 'ou-ab12-11111111', `ou-${'a'.repeat(32)}-${'1'.repeat(32)}`, '222222222222'])('%s can be excluded', target => {
  expect(() => exclude([target])).not.toThrow();
});

test('a dynamic reference can be a target', () => {
  const contacts = { security: { ...contact('soc'), emailAddress: '{{resolve:ssm:/mail}}' } };
  const definition = definitionOf(templateOf({
    overrides: [
      forAccounts(['{{resolve:ssm:/account}}'], contacts),
      forOrganizationalUnits([new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/unit').toString()], contacts),
      exclude(['{{resolve:ssm:/excluded}}']),
    ],
  }));
  for (const name of ['account', 'unit', 'excluded', 'mail']) { expect(definition).toContain(`{{resolve:ssm:/${name}}}`); }
  expect(() => exclude(['{resolve:ssm:/excluded}'])).toThrow('AlternateContactOverride.exclude: each of targetIds must be an account id');
});
