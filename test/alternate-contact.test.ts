import {
  Annotations as CdkAnnotations, App, Aws, BootstraplessSynthesizer, CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, CfnResource,
  Duration, Lazy, Names, NestedStack, RemovalPolicy, Stack, Stage,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { Construct } from 'constructs';
import { AlternateContact, AlternateContactProps, AlternateContactProvider, AlternateContactType } from '../src';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;
const VALUES = { name: 'Security team', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' };
const SECURITY_CONTACT = { alternateContactType: SECURITY, ...VALUES };

const stackIn = (account?: string, app: Construct = new App(), id = 'Stack') =>
  new Stack(app, id, account ? { env: { account, region: 'eu-west-1' } } : {});
const contactsOf = (stack: Stack) => Template.fromStack(stack).findResources('Custom::AlternateContact');
const logicalIdsOf = (stack: Stack) => Object.keys(contactsOf(stack)).sort();

/** As StackSetStack of cdk-stacksets, it names its template so. A stack set deploys it. */
class StackSetStack extends Stack {
  public readonly templateFile = `${Names.uniqueId(this)}.stackset.template.json`;
}

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
        Name: 'Security team',
        Title: 'On call',
        EmailAddress: 'security@example.com',
        PhoneNumber: '+1 555 0100',
      },
    }]);
  });

  test('names another account, and says when nothing is to be overwritten', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId: '222222222222', overwriteExisting: false });
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: '222222222222', OverwriteExisting: false });
  });

  test('refuses the string false, which the context of the command line has, because it would count as true', () => {
    const overwriteExisting = 'false' as unknown as boolean;
    expect(() => new AlternateContact(stackIn(), 'Contact', { ...SECURITY_CONTACT, overwriteExisting }))
      .toThrow('overwriteExisting must be true or false; got "false"');
  });

  test('says nothing of overwriting by default', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, overwriteExisting: true });
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { OverwriteExisting: Match.absent() });
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
  ])('with the removal policy %s is left in place, also when it is replaced', (removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, removalPolicy });
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy, UpdateReplacePolicy });
  });

  test.each([[undefined], [RemovalPolicy.DESTROY]])('with the removal policy %s is deleted', removalPolicy => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, removalPolicy });
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy: Match.absent(), UpdateReplacePolicy: Match.absent() });
  });

  test('a removal policy can still be applied afterwards', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT).applyRemovalPolicy(RemovalPolicy.RETAIN);
    Template.fromStack(stack).hasResource('Custom::AlternateContact', { DeletionPolicy: 'Retain' });
  });

  test('tells its account and type', () => {
    const stack = stackIn('111111111111');
    const own = new AlternateContact(stack, 'Own', SECURITY_CONTACT);
    const other = new AlternateContact(stack, 'Other', { ...SECURITY_CONTACT, accountId: '222222222222' });
    expect([own.accountId, own.alternateContactType]).toEqual(['111111111111', 'SECURITY']);
    expect(other.accountId).toBe('222222222222');
    expect(stackIn().resolve(new AlternateContact(stackIn(), 'Contact', SECURITY_CONTACT).accountId)).toEqual({ Ref: 'AWS::AccountId' });
  });
});

describe('the logical id', () => {
  const idOf = (props: Partial<AlternateContactProps>, account?: string, make: (stack: Stack) => Construct = stack => stack) => {
    const stack = stackIn(account);
    new AlternateContact(make(stack), 'Contact', { ...SECURITY_CONTACT, ...props });
    return logicalIdsOf(stack)[0];
  };

  test('follows from the account and the type', () => {
    expect(idOf({})).toBe('AlternateContactSecurity');
    expect(idOf({ alternateContactType: BILLING, accountId: '222222222222' })).toBe('AlternateContactBilling222222222222');
  });

  test('does not change when the construct is renamed or moved, nor with its values', () => {
    const moved = idOf({ name: 'Other', title: 'x', removalPolicy: RemovalPolicy.RETAIN }, undefined, stack => new Construct(new Construct(stack, 'A'), 'B'));
    expect(moved).toBe(idOf({}));
  });

  test.each([
    ['omitted', undefined],
    ['the digits', '111111111111'],
    ['AWS::AccountId', Aws.ACCOUNT_ID],
    ['a lazy value', Lazy.string({ produce: () => '111111111111' })],
  ])('is the same however the own account is named: %s', (_, accountId) => {
    const stack = stackIn('111111111111');
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId });
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity']);
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: Match.absent() });
  });

  test('of a lazy value is that of the account that it names', () => {
    const stack = stackIn('111111111111');
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId: Lazy.string({ produce: () => '222222222222' }) });
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity222222222222']);
    Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: '222222222222' });
  });

  test('tells accounts apart that are only known at deployment', () => {
    const stack = stackIn();
    const [one, two] = ['One', 'Two'].map(name => new CfnParameter(stack, name).valueAsString);
    new AlternateContact(stack, 'A', { ...SECURITY_CONTACT, accountId: one });
    new AlternateContact(stack, 'B', { ...SECURITY_CONTACT, accountId: two });
    expect(logicalIdsOf(stack)).toEqual([expect.stringMatching(/^AlternateContactSecurityToken[0-9A-F]{8}$/), expect.any(String)]);
    expect(new Set(logicalIdsOf(stack)).size).toBe(2);
  });

  test.each(['{{resolve:ssm:/account}}', 'dummy-value-for-/account'])('of %s is that of a token, whether it is written out or not', accountId => {
    const idsOf = ['111111111111', undefined].flatMap(account => [accountId, Lazy.string({ produce: () => accountId })].map(value => {
      const stack = stackIn(account);
      new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId: value });
      Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { AccountId: accountId });
      return logicalIdsOf(stack);
    }));
    expect(idsOf[0]).toEqual([expect.stringMatching(/^AlternateContactSecurityToken[0-9A-F]{8}$/)]);
    expect(new Set(idsOf.flat()).size).toBe(1);
    expect(idOf({ accountId: `${accountId}2` })).not.toBe(idsOf[0][0]);
  });

  test('of a token is that of the first release: it must not change', () => {
    const stack = stackIn();
    const accountId = new CfnAccount(stack, 'Shop', { accountName: 'shop', email: 'shop@example.com' }).attrAccountId;
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId });
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurityToken885BBE70']);
  });

  test('follows from the provider too: CloudFormation refuses to update a ServiceToken', () => {
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

describe('a contact that is declared twice', () => {
  test('in a stack is an error that names both', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: '222222222222' });
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: '222222222222' }))
      .toThrow('Stack/Two: the SECURITY contact of this account is already declared by Stack/One.');
  });

  test.each([
    ['by another name', '111111111111', '111111111111', undefined],
    ['by AWS::AccountId', undefined, undefined, Aws.ACCOUNT_ID],
  ])('is found when the own account goes %s', (_, env, one, two) => {
    const stack = stackIn(env);
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: one });
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: two })).toThrow('already declared by Stack/One');
  });

  test('is found by a token, and with another provider', () => {
    const stack = stackIn();
    const account = new CfnAccount(stack, 'Account', { accountName: 'a', email: 'a@example.com' });
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: account.attrAccountId });
    const provider = new AlternateContactProvider(stack, 'Provider');
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: account.attrAccountId, provider })).toThrow('already declared by Stack/One');
  });

  test('is found by a dynamic reference, as a token and written out', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/account').toString() });
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: '{{resolve:ssm:/account}}' })).toThrow('already declared by Stack/One');
  });

  test.each<[string, (root: Stack) => [one: Stack, two: Stack]]>([
    ['in a stack and its nested stack', root => [root, new NestedStack(root, 'Nested')]],
    ['in a nested stack and the stack around it', root => [new NestedStack(root, 'Nested'), root]],
    ['in two nested stacks', root => [new NestedStack(root, 'One'), new NestedStack(new NestedStack(root, 'Around'), 'Two')]],
  ])('%s is an error, as in one stack', (_, stacksOf) => {
    const root = stackIn();
    const shop = new CfnAccount(root, 'Shop', { accountName: 'shop', email: 'shop@example.com' }).attrAccountId;
    const [one, two] = stacksOf(root);
    for (const [name, accountId] of Object.entries({ Own: undefined, Literal: '222222222222', Token: shop, Reference: '{{resolve:ssm:/account}}' })) {
      new AlternateContact(one, name, { ...SECURITY_CONTACT, accountId });
      expect(() => new AlternateContact(two, `${name}Again`, { ...SECURITY_CONTACT, accountId })).toThrow(
        `${two.node.path}/${name}Again: the SECURITY contact of this account is already declared by ${one.node.path}/${name}. `
        + 'An account has one contact of each type, so a stack and its nested stacks can declare it only once: remove one of the two.');
    }
  });

  test('by tokens that look the same in two nested stacks is no matter: each means another account', () => {
    const root = stackIn();
    for (const nested of [new NestedStack(root, 'One'), new NestedStack(root, 'Two')]) {
      new AlternateContact(nested, 'Contact', { ...SECURITY_CONTACT, accountId: new CfnParameter(nested, 'Account').valueAsString });
    }
    expect(root.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
  });

  test('is no matter when the first is removed from the tree, alone or with what is around it', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'One', SECURITY_CONTACT);
    new AlternateContact(new Construct(stack, 'Around'), 'Two', { ...SECURITY_CONTACT, alternateContactType: BILLING });
    stack.node.tryRemoveChild('One');
    stack.node.tryRemoveChild('Around');
    new AlternateContact(stack, 'One', SECURITY_CONTACT);
    new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, alternateContactType: BILLING });
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactBilling', 'AlternateContactSecurity']);
    expect(() => new AlternateContact(stack, 'Three', SECURITY_CONTACT)).toThrow('already declared by Stack/One');
  });

  test('by tokens of two stacks of one class is no matter: each account gets its own contact', () => {
    const app = new App();
    const accountIn = (id: string) => new CfnAccount(stackIn(undefined, app, id), 'Shop', { accountName: 'shop', email: 'shop@example.com' }).attrAccountId;
    const stack = stackIn(undefined, app, 'Contacts');
    const [prod, dev] = [accountIn('Prod'), accountIn('Dev')];
    new AlternateContact(stack, 'ProdSecurity', { ...SECURITY_CONTACT, accountId: prod, name: 'Prod' });
    // Wrapped in other tokens it is told apart too.
    new AlternateContact(stack, 'DevSecurity', { ...SECURITY_CONTACT, accountId: Lazy.string({ produce: () => dev }), name: 'Dev' });
    expect(() => new AlternateContact(stack, 'Again', { ...SECURITY_CONTACT, accountId: prod })).toThrow('already declared by Contacts/ProdSecurity');
    const accountIds = Object.values(contactsOf(stack)).map(({ Properties }) => [Properties.Name, Properties.AccountId['Fn::ImportValue']]);
    expect(accountIds.sort()).toEqual([
      ['Dev', expect.stringMatching(/^Dev:ExportsOutputFnGetAttShopAccountId/)],
      ['Prod', expect.stringMatching(/^Prod:ExportsOutputFnGetAttShopAccountId/)],
    ]);
  });

  test('in two stacks is a warning that can be acknowledged', () => {
    const app = new App();
    const one = stackIn('111111111111', app, 'One');
    const two = stackIn('222222222222', app, 'Two');
    new AlternateContact(one, 'Contact', { ...SECURITY_CONTACT, accountId: '222222222222' });
    const second = new AlternateContact(two, 'Contact', SECURITY_CONTACT);
    expect(Annotations.fromStack(one).findWarning('*', Match.anyValue())).toEqual([]);
    expect(Annotations.fromStack(two).findWarning('/Two/Contact', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      'The SECURITY contact of 222222222222 is also declared in another stack, by One/Contact. If both stacks are deployed, the last deployment sets the values, '
      + 'and the stack that stops declaring the contact deletes it. Declare it in one stack only. To keep it while you move it, first deploy it with RemovalPolicy.RETAIN '
      + 'in the stack that it leaves. [ack: cdk-alternate-contact:declaredInTwoStacks]',
    ]);
    CdkAnnotations.of(second).acknowledgeWarning('cdk-alternate-contact:declaredInTwoStacks');
    expect(Annotations.fromStack(two).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('in two stacks whose account is unknown is a warning, for it may be the same one', () => {
    const app = new App();
    new AlternateContact(stackIn(undefined, app, 'One'), 'Contact', SECURITY_CONTACT);
    const two = stackIn(undefined, app, 'Two');
    new AlternateContact(two, 'Contact', SECURITY_CONTACT);
    Annotations.fromStack(two).hasWarning('/Two/Contact',
      Match.stringLikeRegexp('The SECURITY contact of the stack.s account is also declared in another stack, by One/Contact. If both stacks are deployed to the same account, '));
  });

  test('in two stacks outside of an app is a warning as in an app', () => {
    const root = new Construct(undefined as unknown as Construct, '');
    const [, second] = ['One', 'Two'].map(id => new AlternateContact(stackIn(undefined, root, id), 'Contact', SECURITY_CONTACT));
    expect(second.node.metadata.map(({ data }) => String(data))).toEqual([expect.stringContaining('by One/Contact')]);
  });

  test('in two stacks whose account is unknown is no matter in two stages', () => {
    const app = new App();
    const [, two] = ['Beta', 'Prod'].map(id => {
      const stack = stackIn(undefined, new Stage(app, id));
      new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
      return stack;
    });
    expect(Annotations.fromStack(two).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('in two stages that name the same account is a warning', () => {
    const app = new App();
    const [, two] = ['Beta', 'Prod'].map(id => {
      const stack = stackIn('111111111111', new Stage(app, id));
      new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
      return stack;
    });
    Annotations.fromStack(two).hasWarning('/Prod/Stack/Contact', Match.stringLikeRegexp('of 111111111111 is also declared in another stack, by Beta/Stack/Contact'));
  });

  test.each([
    ['', undefined],
    [', though their stage names an account', { account: '111111111111', region: 'eu-west-1' }],
  ])('in the templates of two stack sets, or of a stack set and a stack, is no matter%s', (_, env) => {
    const parent = new Stack(new Stage(new App(), 'Stage', { env }), 'Parent');
    const contacts = [parent, new StackSetStack(parent, 'One'), new StackSetStack(parent, 'Two')]
      .map(stack => new AlternateContact(stack, 'Contact', SECURITY_CONTACT));
    expect(contacts.flatMap(({ node }) => node.metadata)).toEqual([]);
  });

  test('in the templates of two stack sets that name the same account is a warning', () => {
    const parent = new Stack(new App(), 'Parent');
    const [, second] = ['One', 'Two'].map(id => new AlternateContact(new StackSetStack(parent, id), 'Contact', { ...SECURITY_CONTACT, accountId: '222222222222' }));
    expect(second.node.metadata).toHaveLength(1);
  });

  test('in two stacks whose templates are only called like those of stack sets is a warning', () => {
    class OddlyNamedStack extends Stack {
      public readonly templateFile = `${Names.uniqueId(this)}.stackset.template.json.template.json`;
    }
    const app = new App();
    const [, second] = ['One', 'Two'].map(id => new AlternateContact(new OddlyNamedStack(app, id), 'Contact', SECURITY_CONTACT));
    expect(second.node.metadata).toHaveLength(1);
  });

  test('by tokens of two stacks, or with another type or account, is no matter', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map(id => stackIn('111111111111', app, id));
    for (const stack of [one, two]) {
      new AlternateContact(stack, 'Token', { ...SECURITY_CONTACT, accountId: new CfnParameter(stack, 'Account').valueAsString });
    }
    new AlternateContact(one, 'Security', SECURITY_CONTACT);
    new AlternateContact(two, 'Billing', { ...SECURITY_CONTACT, alternateContactType: BILLING });
    new AlternateContact(two, 'Other', { ...SECURITY_CONTACT, accountId: '222222222222' });
    expect(Annotations.fromStack(two).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('a contact in a template that others deploy', () => {
  const ENV = { account: '111111111111', region: 'eu-west-1' };

  test.each([['stack set', StackSetStack], ['product', ProductStack]])('of a %s belongs to the account that it is deployed to, though its stage names another', (_, StackClass) => {
    const stack = new StackClass(new Stack(new Stage(new App(), 'Stage', { env: ENV }), 'Parent'), 'Everywhere');
    const contact = new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    new AlternateContact(stack, 'Billing', { ...SECURITY_CONTACT, alternateContactType: BILLING, accountId: Aws.ACCOUNT_ID });
    expect(stack.resolve(contact.accountId)).toEqual({ Ref: 'AWS::AccountId' });
    const resources = stack.node.children.map(({ node }) => node.defaultChild).filter(CfnResource.isCfnResource);
    expect(resources.map(({ logicalId }) => stack.resolve(logicalId) as string)).toEqual(['AlternateContactSecurity', 'AlternateContactBilling']);
  });

  test.each([
    ['the account of the stage', {}, ENV.account],
    ['an account', { env: undefined }, '222222222222'],
  ])('names %s by its digits, for it may be deployed to any', (_, props, accountId) => {
    const stack = new StackSetStack(new Stack(new Stage(new App(), 'Stage', { env: ENV, ...props }), 'Parent'), 'Everywhere');
    const contact = new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, accountId });
    expect([contact.accountId, stack.resolve((contact.node.defaultChild as CfnResource).logicalId)]).toEqual([accountId, `AlternateContactSecurity${accountId}`]);
  });
});

describe('where it can be used', () => {
  test('a stack without assets, also without a bootstrap', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { synthesizer: new BootstraplessSynthesizer() });
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    const assembly = app.synth();
    expect(assembly.getStackByName('Stack').assets).toEqual([]);
  });

  test('a stage', () => {
    const stage = new Stage(new App(), 'Stage');
    const stack = stackIn('111111111111', stage);
    new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
    expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity']);
  });

  test('489 contacts of as many accounts fit in a stack whose account and partition are unknown, policies included', () => {
    const stack = stackIn();
    for (let i = 0; i < 489; i++) {
      new AlternateContact(stack, `Contact${i}`, {
        ...SECURITY_CONTACT, accountId: String(200000000000 + i), alternateContactType: [BILLING, OPERATIONS, SECURITY][i % 3],
      });
    }
    const template = Template.fromStack(stack);
    const resources = Object.values(template.toJSON().Resources) as { Type: string; Properties: Record<string, unknown> }[];
    // One is left for the metadata that the CDK adds.
    expect(resources.length).toBeLessThanOrEqual(499);
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);

    // As CloudFormation fills the tokens in, in the partition with the longest name; IAM does not count white space.
    const rendered = (document: unknown) => JSON.stringify(document)
      .replace(/\{"Fn::Join":\["",\[([^[\]]*)\]\]\}/g, (_, parts: string) => `"${(JSON.parse(`[${parts}]`) as (string | { Ref: string })[])
        .map(part => (typeof part === 'string' ? part : { 'AWS::Partition': 'aws-us-gov', 'AWS::AccountId': '111111111111' }[part.Ref])).join('')}"`);
    const inline = resources.filter(resource => resource.Type === 'AWS::IAM::Role')
      .flatMap(role => (role.Properties.Policies as { PolicyDocument: unknown }[]).map(policy => rendered(policy.PolicyDocument)));
    const managed = resources.filter(resource => resource.Type === 'AWS::IAM::ManagedPolicy').map(policy => rendered(policy.Properties.PolicyDocument));
    expect(inline.join('').length).toBeLessThanOrEqual(10_240);
    expect(Math.max(...managed.map(document => document.length))).toBeLessThanOrEqual(6_144);
    expect(managed.length).toBeLessThanOrEqual(10);
    for (let i = 0; i < 489; i++) {
      expect([...inline, ...managed].filter(document => document.includes(`*/${200000000000 + i}"`))).toHaveLength(1);
    }
  });
});

test('a contact takes the service timeout from its provider', () => {
  const stack = stackIn();
  const provider = new AlternateContactProvider(stack, 'Provider', { timeout: Duration.minutes(2) });
  new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, provider });
  Template.fromStack(stack).hasResourceProperties('Custom::AlternateContact', { ServiceTimeout: 420 });
});
