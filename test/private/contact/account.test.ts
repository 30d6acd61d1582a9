import { App, Aws, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { AlternateContact } from '../../../src';
import { logicalIdsOf, SECURITY_CONTACT, stackIn } from '../../contacts';

/** Declares the security contact of an account. */
function declare(accountId?: string, stackAccount?: string): Stack {
  const stack = stackIn(stackAccount);
  new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId });
  return stack;
}

describe('the logical id', () => {
  test.each([
    ['by omission', undefined],
    ['by its id', '111111111111'],
    ['by AWS::AccountId', Aws.ACCOUNT_ID],
    ['by AWS::NoValue', Aws.NO_VALUE],
    ['by a lazy value', Lazy.string({ produce: () => '111111111111' })],
  ])("is the same if the stack's account is named %s", (_, accountId) => {
    const stack = declare(accountId, '111111111111');
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity']);
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: Match.absent() });
  });

  test('of a lazy value is that of the account that it names', () => {
    const stack = declare(Lazy.string({ produce: () => '222222222222' }), '111111111111');
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity222222222222']);
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: '222222222222' });
  });

  test('differs for two accounts that only the deployment knows', () => {
    const stack = stackIn();
    const [one, two] = ['One', 'Two'].map(name => new CfnParameter(stack, name).valueAsString);
    new AlternateContact(stack, 'A', { ...SECURITY_CONTACT, accountId: one });
    new AlternateContact(stack, 'B', { ...SECURITY_CONTACT, accountId: two });
    expect(logicalIdsOf(stack)).toEqual([expect.stringMatching(/^AlternateContactSecurityToken[0-9A-F]{8}$/), expect.any(String)]);
    expect(new Set(logicalIdsOf(stack)).size).toBe(2);
  });

  test('differs for the accounts of two stacks of one class, whose tokens look the same', () => {
    const stack = stackIn('111111111111');
    for (const name of ['One', 'Two']) {
      const account = new CfnAccount(stackIn('111111111111', stack.node.root as App, name), 'Shop', { accountName: 'shop', email: 'shop@example.com' });
      new AlternateContact(stack, name, { ...SECURITY_CONTACT, accountId: account.attrAccountId });
    }
    const [one, two] = logicalIdsOf(stack);
    expect(one).not.toBe(two);
  });

  test.each(['{{resolve:ssm:/account}}', 'dummy-value-for-/account'])('of %s is that of a token, whether it is lazy or written out', accountId => {
    const idsOf = ['111111111111', undefined].flatMap(account => [accountId, Lazy.string({ produce: () => accountId })].map(value => {
      const stack = declare(value, account);
      Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: accountId });
      return logicalIdsOf(stack);
    }));
    expect(idsOf[0]).toEqual([expect.stringMatching(/^AlternateContactSecurityToken[0-9A-F]{8}$/)]);
    expect(new Set(idsOf.flat()).size).toBe(1);
    expect(logicalIdsOf(declare(`${accountId}2`))).not.toEqual(idsOf[0]);
  });

  test('of a token is that of the first release, because it must not change', () => {
    const stack = stackIn();
    const accountId = new CfnAccount(stack, 'Shop', { accountName: 'shop', email: 'shop@example.com' }).attrAccountId;
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId });
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurityToken885BBE70']);
  });
});

test.each([
  ['is not set yet', undefined, 'accountId must be known when the contact is constructed, because it identifies the contact; got a lazy value that is not set yet. '
    + 'Construct the contact after the value is set, or pass the value itself.'],
  ['is null', null, 'accountId must be known when the contact is constructed'],
  ['is empty', '', 'accountId must be a string of 12 digits; got a lazy value that is ""'],
  ['holds what cannot be seen', '222222222222\u2060', 'accountId must be a string of 12 digits, without control or invisible characters; got a lazy value that is "222222222222\\u{2060}"'],
  ['is not an account id', 'shop', 'accountId must be a string of 12 digits; got a lazy value that is "shop"'],
])('a lazy account id that %s is refused, and the error says what to do', (_, value, message) => {
  expect(() => declare(Lazy.string({ produce: () => value as string | undefined }))).toThrow(`Stack/Contact: ${message}`);
});
