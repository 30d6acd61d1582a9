import { App, BootstraplessSynthesizer, Duration, MissingRemovalPolicies, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { accounts, contactsOf, EVERYONE, logicalIdsOf, SECURITY_CONTACT, stackIn } from './contacts';
import { inlinePoliciesOf, managedPoliciesOf, sizesOf } from './policies';
import { AlternateContact, AlternateContactProps, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../src';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;

describe('the resource', () => {
  test('has the properties of the service and no others', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    expect(Object.values(contactsOf(stack))).toEqual([{
      Type: 'Custom::AlternateContact',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/Function/), 'Arn'] },
        ServiceTimeout: 1200,
        AlternateContactType: 'SECURITY',
        Name: 'security',
        Title: 'On call',
        EmailAddress: 'security@example.com',
        PhoneNumber: '+1 555 0100',
      },
    }]);
  });

  test('names another account, and says if an existing contact must not be overwritten', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId: '222222222222', overwriteExisting: false });
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: '222222222222', OverwriteExisting: false });
  });

  test('refuses the string false, as the context passes it, because it would count as true', () => {
    const overwriteExisting = 'false' as unknown as boolean;
    expect(() => new AlternateContact(stackIn(), 'Contact', { ...SECURITY_CONTACT, overwriteExisting }))
      .toThrow('overwriteExisting must be true or false; got "false"');
  });

  test('does not mention overwriting by default', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, overwriteExisting: true });
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { OverwriteExisting: Match.absent() });
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
  ])('with the removal policy %s is retained, even if it is replaced', (removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, removalPolicy });
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy, UpdateReplacePolicy });
  });

  test('without a removal policy is deleted, and does not say so, because hundreds of contacts need not repeat it', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy: Match.absent(), UpdateReplacePolicy: Match.absent() });
  });

  test('with the removal policy DESTROY is deleted, although the app retains everything that has no policy', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Kept', SECURITY_CONTACT);
    new AlternateContacts(stack, 'Deleted', { removalPolicy: RemovalPolicy.DESTROY, billing: EVERYONE.billing, operations: EVERYONE.operations });
    MissingRemovalPolicies.of(stack.node.root).retain();
    const policies = Object.values(contactsOf(stack)).map(({ Properties, DeletionPolicy, UpdateReplacePolicy }) =>
      [Properties.AlternateContactType, DeletionPolicy, UpdateReplacePolicy]);
    expect(policies.sort()).toEqual([['BILLING', 'Delete', 'Delete'], ['OPERATIONS', 'Delete', 'Delete'], ['SECURITY', 'Retain', 'Retain']]);
  });

  test('accepts a removal policy later', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT).applyRemovalPolicy(RemovalPolicy.RETAIN);
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy: 'Retain' });
  });

  test('has its account and type as attributes', () => {
    const stack = stackIn('111111111111');
    const own = new AlternateContact(stack, 'Own', SECURITY_CONTACT);
    const other = new AlternateContact(stack, 'Other', { ...SECURITY_CONTACT, accountId: '222222222222' });
    expect([own.accountId, own.alternateContactType]).toEqual(['111111111111', 'SECURITY']);
    expect(other.accountId).toBe('222222222222');
    expect(stackIn().resolve(new AlternateContact(stackIn(), 'Contact', SECURITY_CONTACT).accountId)).toEqual({ Ref: 'AWS::AccountId' });
  });

  const noSnapshots = 'Stack/Contact: removalPolicy must not be SNAPSHOT, because contacts have no snapshots; got "snapshot"';

  test('refuses a snapshot as its removal policy', () => {
    expect(() => new AlternateContact(stackIn(), 'Contact', { ...SECURITY_CONTACT, removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(noSnapshots);
  });

  test('refuses a snapshot as a removal policy that is applied later, and stays as it is', () => {
    const stack = stackIn();
    const contact = new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    expect(() => contact.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(noSnapshots);
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy: Match.absent(), UpdateReplacePolicy: Match.absent() });
  });
});

describe('the logical id', () => {
  const idOf = (props: Partial<AlternateContactProps>, scopeIn: (stack: Stack) => Construct = stack => stack) => {
    const stack = stackIn();
    new AlternateContact(scopeIn(stack), 'Contact', { ...SECURITY_CONTACT, ...props });
    return logicalIdsOf(stack)[0];
  };

  test('follows from the account and the type', () => {
    expect(idOf({})).toBe('AlternateContactSecurity');
    expect(idOf({ alternateContactType: BILLING, accountId: '222222222222' })).toBe('AlternateContactBilling222222222222');
  });

  test('stays the same if the construct is renamed or moved, or if its values change', () => {
    const moved = idOf({ name: 'Other', title: 'x', removalPolicy: RemovalPolicy.RETAIN }, stack => new Construct(new Construct(stack, 'A'), 'B'));
    expect(moved).toBe(idOf({}));
  });

  test('also follows from the provider, because CloudFormation refuses to update a ServiceToken', () => {
    const ids = ['P', 'Q'].map(id => {
      const stack = stackIn();
      new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, provider: new AlternateContactProvider(stack, id) });
      const [[logicalId, resource]] = Object.entries(contactsOf(stack));
      return { logicalId, serviceToken: JSON.stringify(resource.Properties.ServiceToken) };
    });
    expect(ids[0].serviceToken).not.toBe(ids[1].serviceToken);
    expect(new Set([...ids.map(id => id.logicalId), 'AlternateContactSecurity']).size).toBe(3);
  });
});

test('a contact needs neither assets nor a bootstrap', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { synthesizer: new BootstraplessSynthesizer() });
  new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
  expect(app.synth().getStackByName('Stack').assets).toEqual([]);
});

test('a contact can be in a stage', () => {
  const stack = stackIn('111111111111', new Stage(new App(), 'Stage'));
  new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
  expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity']);
});

test('a stack whose account and partition are unknown has room for 489 contacts of as many accounts, policies included', () => {
  const stack = stackIn();
  accounts(489).forEach((accountId, i) => new AlternateContact(stack, `Contact${i}`, {
    ...SECURITY_CONTACT, accountId, alternateContactType: [BILLING, OPERATIONS, SECURITY][i % 3],
  }));
  const template = Template.fromStack(stack);
  // One is left for the metadata that the CDK adds.
  expect(Object.keys(template.toJSON().Resources as object).length).toBeLessThanOrEqual(499);
  expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);

  const [inline, managed] = [inlinePoliciesOf(template), managedPoliciesOf(template)];
  expect(sizesOf(inline).reduce((sum, size) => sum + size)).toBeLessThanOrEqual(10_240);
  expect(Math.max(...sizesOf(managed))).toBeLessThanOrEqual(6_144);
  expect(managed.length).toBeLessThanOrEqual(10);
  const documents = [...inline, ...managed].map(policy => JSON.stringify(policy));
  for (const account of accounts(489)) { expect(documents.filter(document => document.includes(`*/${account}"`))).toHaveLength(1); }
});

test('a contact takes the service timeout from its provider', () => {
  const stack = stackIn();
  const provider = new AlternateContactProvider(stack, 'Provider', { timeout: Duration.minutes(2) });
  new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, provider });
  Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { ServiceTimeout: 420 });
});
