import {
  Annotations as CdkAnnotations, App, Aws, CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, Fn, Lazy, Names, NestedStack, RemovalPolicy,
  Stack, Stage,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../../src';
import { contactsOf, ENV, logicalIdsOf, SECURITY_CONTACT, stackIn, StackSetStack } from '../../contacts';

const { BILLING } = AlternateContactType;

describe('two declarations of a contact', () => {
  test('in a stack are refused, and the error names both', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: '222222222222' });
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: '222222222222' }))
      .toThrow('Stack/Two: the SECURITY contact of this account is already declared by Stack/One.');
  });

  test.each([
    ['by its id and by omission', '111111111111', '111111111111', undefined],
    ['by omission and by AWS::AccountId', undefined, undefined, Aws.ACCOUNT_ID],
  ])("are found if the stack's account is named %s", (_, env, one, two) => {
    const stack = stackIn(env);
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: one });
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: two })).toThrow('already declared by Stack/One');
  });

  test('are found by their token, even with two providers', () => {
    const stack = stackIn();
    const account = new CfnAccount(stack, 'Account', { accountName: 'a', email: 'a@example.com' });
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: account.attrAccountId });
    const provider = new AlternateContactProvider(stack, 'Provider');
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: account.attrAccountId, provider })).toThrow('already declared by Stack/One');
  });

  test('are found by their dynamic reference, as a token and written out', () => {
    const stack = stackIn();
    new AlternateContact(stack, 'One', { ...SECURITY_CONTACT, accountId: new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/account').toString() });
    expect(() => new AlternateContact(stack, 'Two', { ...SECURITY_CONTACT, accountId: '{{resolve:ssm:/account}}' })).toThrow('already declared by Stack/One');
  });

  test.each<[string, (root: Stack) => [one: Stack, two: Stack]]>([
    ['in a stack and its nested stack', root => [root, new NestedStack(root, 'Nested')]],
    ['in a nested stack and the stack around it', root => [new NestedStack(root, 'Nested'), root]],
    ['in two nested stacks', root => [new NestedStack(root, 'One'), new NestedStack(new NestedStack(root, 'Around'), 'Two')]],
  ])('%s are refused, as in one stack', (_, stacksOf) => {
    const root = stackIn();
    const shop = new CfnAccount(root, 'Shop', { accountName: 'shop', email: 'shop@example.com' }).attrAccountId;
    const [one, two] = stacksOf(root);
    for (const [name, accountId] of Object.entries({ Own: undefined, Literal: '222222222222', Token: shop, Reference: '{{resolve:ssm:/account}}' })) {
      new AlternateContact(one, name, { ...SECURITY_CONTACT, accountId });
      expect(() => new AlternateContact(two, `${name}Again`, { ...SECURITY_CONTACT, accountId })).toThrow(
        `${two.node.path}/${name}Again: the SECURITY contact of this account is already declared by ${one.node.path}/${name}. `
        + 'An account has one contact of each type, so a stack and its nested stacks can declare it only once: remove one of the two. '
        + 'If a condition is to choose between them, declare one contact, and choose its values by Fn.conditionIf().');
    }
  });

  test('by tokens that look the same in two nested stacks are allowed, because each means another account', () => {
    const root = stackIn();
    for (const nested of [new NestedStack(root, 'One'), new NestedStack(root, 'Two')]) {
      new AlternateContact(nested, 'Contact', { ...SECURITY_CONTACT, accountId: new CfnParameter(nested, 'Account').valueAsString });
    }
    expect(root.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
  });

  test('are allowed if the first is removed from the tree, alone or with the construct around it', () => {
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

  test('by tokens of two stacks of one class are allowed, because each account gets a contact', () => {
    const app = new App();
    const accountIn = (id: string) => new CfnAccount(stackIn(undefined, app, id), 'Shop', { accountName: 'shop', email: 'shop@example.com' }).attrAccountId;
    const stack = stackIn(undefined, app, 'Contacts');
    const [prod, dev] = [accountIn('Prod'), accountIn('Dev')];
    new AlternateContact(stack, 'ProdSecurity', { ...SECURITY_CONTACT, accountId: prod, name: 'Prod' });
    // A token within a token is told apart too.
    new AlternateContact(stack, 'DevSecurity', { ...SECURITY_CONTACT, accountId: Lazy.string({ produce: () => dev }), name: 'Dev' });
    expect(() => new AlternateContact(stack, 'Again', { ...SECURITY_CONTACT, accountId: prod })).toThrow('already declared by Contacts/ProdSecurity');
    const accountIds = Object.values(contactsOf(stack)).map(({ Properties }) => [Properties.Name, Properties.AccountId['Fn::ImportValue']]);
    expect(accountIds.sort()).toEqual([
      ['Dev', expect.stringMatching(/^Dev:ExportsOutputFnGetAttShopAccountId/)],
      ['Prod', expect.stringMatching(/^Prod:ExportsOutputFnGetAttShopAccountId/)],
    ]);
  });

  describe.each(['first', 'last'])('of which the one without an account is %s, and the other may have no value for it,', order => {
    const NO_VALUE = Fn.conditionIf('HasMember', '222222222222', Aws.NO_VALUE).toString();
    const declare = (scopes: Construct[], accountId = NO_VALUE, type = BILLING) => {
      const ids = [undefined, accountId].map((id, i) => ({ id, scope: scopes[i], alternateContactType: [BILLING, type][i] }));
      const contacts = (order === 'first' ? ids : ids.reverse())
        .map(({ id, scope, alternateContactType }) => new AlternateContact(scope, id ? 'Named' : 'Omitted', { ...SECURITY_CONTACT, alternateContactType, accountId: id }));
      return contacts.map(({ node }) => node.metadata.map(({ data }) => String(data)));
    };

    test('raise a warning', () => {
      const stack = stackIn();
      expect(declare([stack, stack])).toEqual([[], [
        "The accountId of Stack/Named may have no value (AWS::NoValue), which means the stack's account. Stack/Omitted declares the BILLING contact of that "
        + 'account too: the last one to be deployed sets the values. Declare it once, or make sure that the accountId has a value. '
        + '[ack: cdk-alternate-contact:mayBeDeclaredTwice]',
      ]]);
    });

    test('raise a warning in nested stacks too', () => {
      const stack = stackIn();
      expect(declare([stack, new NestedStack(stack, 'Nested')])[1]).toEqual([expect.stringContaining('mayBeDeclaredTwice')]);
    });

    test.each<[string, () => string[][]]>([
      ['of different types', () => declare(Array<Stack>(2).fill(stackIn()), NO_VALUE, AlternateContactType.OPERATIONS)],
      ['in different stacks', () => declare([stackIn(), stackIn()])],
      ['by a token that always has a value', () => declare(Array<Stack>(2).fill(stackIn()), Fn.importValue('Member'))],
    ])('are allowed %s', (_, declared) => {
      expect(declared()).toEqual([[], []]);
    });
  });

  test('in two stacks raise a warning that can be acknowledged', () => {
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

  test('in two stacks whose account is unknown raise a warning, because it may be the same account', () => {
    const app = new App();
    new AlternateContact(stackIn(undefined, app, 'One'), 'Contact', SECURITY_CONTACT);
    const two = stackIn(undefined, app, 'Two');
    new AlternateContact(two, 'Contact', SECURITY_CONTACT);
    Annotations.fromStack(two).hasWarning('/Two/Contact',
      Match.stringLikeRegexp('The SECURITY contact of the stack.s account is also declared in another stack, by One/Contact. If both stacks are deployed to the same account, '));
  });

  test('in two stacks outside of an app raise a warning, as in an app', () => {
    const root = new Construct(undefined as unknown as Construct, '');
    const [, second] = ['One', 'Two'].map(id => new AlternateContact(stackIn(undefined, root, id), 'Contact', SECURITY_CONTACT));
    expect(second.node.metadata.map(({ data }) => String(data))).toEqual([expect.stringContaining('by One/Contact')]);
  });

  test('in two stacks whose account is unknown are allowed in different stages', () => {
    const app = new App();
    const [, two] = ['Beta', 'Prod'].map(id => {
      const stack = stackIn(undefined, new Stage(app, id));
      new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
      return stack;
    });
    expect(Annotations.fromStack(two).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('in two stages that name the same account raise a warning', () => {
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
    [', although their stage names an account', ENV],
  ])('in the templates of two stack sets, or of a stack set and a stack, are allowed%s', (_, env) => {
    const parent = new Stack(new Stage(new App(), 'Stage', { env }), 'Parent');
    const contacts = [parent, new StackSetStack(parent, 'One'), new StackSetStack(parent, 'Two')]
      .map(stack => new AlternateContact(stack, 'Contact', SECURITY_CONTACT));
    expect(contacts.flatMap(({ node }) => node.metadata)).toEqual([]);
  });

  test('in the templates of two stack sets that name the same account raise a warning', () => {
    const parent = new Stack(new App(), 'Parent');
    const [, second] = ['One', 'Two'].map(id => new AlternateContact(new StackSetStack(parent, id), 'Contact', { ...SECURITY_CONTACT, accountId: '222222222222' }));
    expect(second.node.metadata).toHaveLength(1);
  });

  test('in two stacks whose template files only resemble those of stack sets raise a warning', () => {
    class OddlyNamedStack extends Stack {
      public readonly templateFile = `${Names.uniqueId(this)}.stackset.template.json.template.json`;
    }
    const app = new App();
    const [, second] = ['One', 'Two'].map(id => new AlternateContact(new OddlyNamedStack(app, id), 'Contact', SECURITY_CONTACT));
    expect(second.node.metadata).toHaveLength(1);
  });

  test('by tokens of two stacks, or with different types or accounts, are allowed', () => {
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

test.each<[string, (stack: Stack) => object]>([
  ['a provider of another stack', stack => ({ provider: new AlternateContactProvider(new Stack(stack.node.root, 'Other'), 'Provider') })],
  ['a removal policy', () => ({ removalPolicy: RemovalPolicy.SNAPSHOT })],
  ['a value', () => ({ name: '' })],
])('a contact that is refused because of %s does not count as declared', (_, wrong) => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => new AlternateContact(stack, 'Refused', { ...SECURITY_CONTACT, ...wrong(stack) })).toThrow('Stack/Refused: ');
  new AlternateContact(stack, 'Contact', SECURITY_CONTACT);
  expect(logicalIdsOf(stack)).toEqual(['AlternateContactSecurity']);
});
