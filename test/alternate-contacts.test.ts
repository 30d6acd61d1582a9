import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { contact, contactsOf, EVERYONE, SECURITY_CONTACT, stackIn } from './contacts';
import { AlternateContactProvider, AlternateContacts, AlternateContactType } from '../src';

test('at least one contact must be given', () => {
  expect(() => new AlternateContacts(stackIn(), 'Contacts', {}))
    .toThrow('Stack/Contacts: at least one of billing, operations and security must be given; got none');
});

test.each(['billing', 'operations', 'security'] as const)('only the %s contact is declared if no other is given', type => {
  const contacts = new AlternateContacts(new Stack(), 'Contacts', { [type]: contact('team') });
  const declared = (['billing', 'operations', 'security'] as const).flatMap(each => contacts[each] ?? []);
  expect(declared).toEqual([contacts[type]]);
  expect(contacts[type]!.alternateContactType).toBe(type.toUpperCase());
  expect(contacts[type]!.node.path).toMatch(new RegExp(`/Contacts/${type}$`, 'i'));
  expect(contacts[type]!.node.id).toMatch(/^[A-Z]/);
});

test('only the values are taken from an object that holds more', () => {
  const stack = stackIn('111111111111');
  const team = { ...SECURITY_CONTACT, accountId: '333333333333', removalPolicy: RemovalPolicy.RETAIN, alternateContactType: AlternateContactType.BILLING };
  new AlternateContacts(stack, 'Contacts', { accountId: '222222222222', security: team });
  Template.fromStack(stack).templateMatches({
    Resources: {
      AlternateContactSecurity222222222222: {
        Type: 'Custom::AlternateContact',
        Properties: { AccountId: '222222222222', AlternateContactType: 'SECURITY', Name: SECURITY_CONTACT.name },
        DeletionPolicy: Match.absent(),
      },
    },
  });
});

test('each contact has the options: the account, the removal policy, whether it overwrites, and the provider', () => {
  const stack = stackIn('111111111111');
  const provider = new AlternateContactProvider(stack, 'Provider');
  new AlternateContacts(stack, 'Contacts', {
    ...EVERYONE, accountId: '222222222222', removalPolicy: RemovalPolicy.RETAIN, overwriteExisting: false, provider,
  });
  const contacts = Object.values(contactsOf(stack));
  expect(contacts).toHaveLength(3);
  for (const { DeletionPolicy, UpdateReplacePolicy, Properties } of contacts) {
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    expect(Properties).toMatchObject({ AccountId: '222222222222', OverwriteExisting: false, ServiceToken: stack.resolve(provider.lambdaFunction.functionArn) });
  }
});
