import { Aws, CfnParameter } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { declare as declareInStack, definitionOf, stackIn, templateOf, UNIT } from './fixtures';
import { AlternateContactOverride } from '../../../src';
import { declare } from '../../../src/private/sweep/declaration';
import { contact } from '../../contacts';

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

test.each(['name', 'title', 'emailAddress', 'phoneNumber'] as const)('two contacts that differ in the %s alone are stored apart', value => {
  const { contacts, rules } = declare(SOC, [{ target: '222222222222', contacts: { security: { ...SOC.security, [value]: 'x' } } }]);
  expect(contacts).toHaveLength(2);
  expect(rules).toEqual(['* -.-.0', '222222222222 -.-.1']);
});

test.each<[string, boolean]>([
  ['222222222222', false],
  ['ou-ab12-11111111', true],
  ['r-ab12', true],
  ['${Token[Account.1]}', true],
])('with a rule for %s, it matters where an account is: %j', (target, expected) => {
  expect(declare(SOC, [{ target }]).needsPaths).toBe(expected);
});

test('the definition has the declaration as it is when the app is synthesized', () => {
  const { stack, contacts } = declareInStack();
  contacts.addOverride(AlternateContactOverride.forOrganizationalUnits([UNIT], { operations: contact('shop') }));
  const definition = JSON.parse(definitionOf(Template.fromStack(stack))) as object;
  expect(JSON.stringify(definition)).toContain('"* -.-.0","ou-ab12-11111111 -.1.-"');
  expect(JSON.stringify(definition)).toContain('shop@example.com');
});

test('accounts, organizational units and values can be tokens', () => {
  const stack = stackIn();
  const account = new CfnAccount(stack, 'Shop', { accountName: 'shop', email: 'aws+shop@example.com' });
  const mailbox = new CfnParameter(stack, 'Mailbox').valueAsString;
  const unit = new CfnParameter(stack, 'Unit').valueAsString;
  const template = templateOf({
    security: { ...contact('soc'), emailAddress: mailbox },
    overrides: [
      AlternateContactOverride.forAccounts([account.attrAccountId], { security: contact('lab') }),
      AlternateContactOverride.forOrganizationalUnits([unit], { security: contact('lab') }),
      AlternateContactOverride.exclude([Aws.ACCOUNT_ID]),
    ],
  }, stack);
  const definition = definitionOf(template);
  expect(definition).toContain('"EmailAddress":"<Mailbox>"');
  expect(definition).toContain('["* -.-.0","<Shop.AccountId> -.-.1","<Unit> -.-.1","<AWS::AccountId> x.x.x"]');
});
