import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { AlternateContact, AlternateContactProvider } from '../../../src';
import { ENV, SECURITY_CONTACT, stackIn } from '../../contacts';

/** An account that is created, with its contact. */
class Member extends Construct {
  public readonly account: CfnAccount;
  public readonly contact: AlternateContact;

  constructor(scope: Construct, id: string, provider?: AlternateContactProvider) {
    super(scope, id);
    this.account = new CfnAccount(this, 'Account', { accountName: id, email: `${id}@example.com` });
    this.contact = new AlternateContact(this, 'Contact', { ...SECURITY_CONTACT, accountId: this.account.attrAccountId, provider });
  }
}

/** Two members, of which the second depends on the first in some way. */
function synthesize(
  depend: (second: Member, first: Member, stack: Stack) => void, provider?: (stack: Stack, i: number) => AlternateContactProvider,
): () => void {
  const app = new App();
  const stack = stackIn(ENV.account, app);
  const [first, second] = ['First', 'Second'].map((id, i) => new Member(stack, id, provider?.(stack, i)));
  depend(second, first, stack);
  return () => app.synth();
}

test('an account that depends on a contact of the same provider is refused, and the error shows the way that works', () => {
  expect(synthesize((second, first) => second.node.addDependency(first))).toThrow(
    'Stack/Second/Account must not depend on Stack/First/Contact: a provider sets no contact before all the accounts exist that its contacts name. '
    + 'Let the account depend on the other account alone, as in second.account.node.addDependency(first.account)');
});

test.each<[string, (second: Member, first: Member, stack: Stack) => void]>([
  ['through another resource', (second, first, stack) => {
    const between = new CfnResource(stack, 'Between', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: 'x' } });
    between.node.addDependency(first.contact);
    second.account.node.addDependency(between);
  }],
  ['of its own', second => second.account.node.addDependency(second.contact)],
])('so is one that depends on a contact %s', (_, depend) => {
  expect(synthesize(depend)).toThrow(/Stack\/Second\/Account must not depend on Stack\/(First|Second)\/Contact: /);
});

test('so is one that depends on the function', () => {
  expect(synthesize((second, _, stack) => second.account.node.addDependency(AlternateContactProvider.getOrCreate(stack))))
    .toThrow(/Stack\/Second\/Account must not depend on Stack\/Custom::AlternateContactProvider\/.+: /);
});

test('so is one that depends on the nested stack that holds its contact', () => {
  const app = new App();
  const stack = stackIn(ENV.account, app);
  const nested = new NestedStack(stack, 'Nested');
  const account = new CfnAccount(stack, 'Account', { accountName: 'shop', email: 'shop@example.com' });
  new AlternateContact(nested, 'Contact', { ...SECURITY_CONTACT, accountId: account.attrAccountId });
  account.node.addDependency(new AlternateContact(nested, 'Own', SECURITY_CONTACT));
  expect(() => app.synth()).toThrow(/Stack\/Account must not depend on Stack\/Nested: /);
});

test('an account may depend on another account of the same provider', () => {
  expect(synthesize((second, first) => second.account.node.addDependency(first.account))).not.toThrow();
});

test('an account may depend on a contact of another provider', () => {
  expect(synthesize((second, first) => second.node.addDependency(first), (stack, i) => new AlternateContactProvider(stack, `Provider${i}`))).not.toThrow();
});

test('an account may depend on a contact if the role is immutable, because then no policy names the account', () => {
  const providers: AlternateContactProvider[] = [];
  const provider = (stack: Stack) => providers[0] ??= new AlternateContactProvider(stack, 'Provider', {
    role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/given', { mutable: false }),
  });
  expect(synthesize((second, first) => second.account.node.addDependency(first), provider)).not.toThrow();
});

test('an account that no contact names may depend on a contact', () => {
  const app = new App();
  const stack = stackIn(ENV.account, app);
  const first = new Member(stack, 'First');
  const second = new CfnAccount(stack, 'Second', { accountName: 'second', email: 'second@example.com' });
  second.node.addDependency(first);
  expect(() => app.synth()).not.toThrow();
});
