import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations as CdkAnnotations, App, Aspects, CfnParameter, CfnResource, Duration, Lazy, NestedStack, Stack, StackProps, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { AlternateContact, AlternateContactProvider, AlternateContactProviderProps, AlternateContacts, AlternateContactType } from '../src';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;
const VALUES = { name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '+1 555 0100' };
const OWN = { account: '111111111111', region: 'eu-west-1' };

interface Statement { Action: string | string[]; Resource: unknown; Condition?: unknown; Effect: string }
interface Policy { PolicyDocument: { Statement: Statement[] } }
const statementsOf = (template: Template): Statement[] => Object.values(template.findResources('AWS::IAM::Role'))
  .flatMap(role => role.Properties.Policies as Policy[]).flatMap(policy => policy.PolicyDocument.Statement);
const managedPoliciesOf = (template: Template) => Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
  .map(policy => policy.Properties as Policy & { Roles?: unknown[] });
const putStatementsOf = (template: Template) => statementsOf(template).filter(statement => statement.Action.includes('account:PutAlternateContact'));

/** Writes what a stack of the given environment resolves as a plain text, and shows the rest as `{Name}`. */
function rendered(value: unknown): unknown {
  const text = (part: unknown): string => {
    if (typeof part === 'string') { return part; }
    const { 'Ref': ref, 'Fn::GetAtt': attribute, 'Fn::Join': parts } = part as { 'Ref'?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
    return parts ? parts[1].map(text).join(parts[0]) : `{${ref ?? attribute!.join('.')}}`;
  };
  if (Array.isArray(value)) { return value.map(rendered); }
  return text(value);
}

/** What the references of a policy are replaced with, at their longest. */
const LONGEST: { [ref: string]: string } = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-2',
  'AWS::AccountId': '111111111111',
  'AWS::StackId': `arn:aws-us-gov:cloudformation:ap-southeast-2:111111111111:stack/${'s'.repeat(128)}/${'i'.repeat(36)}`,
  'referencetoRootAWSStackId': `arn:aws-us-gov:cloudformation:ap-southeast-2:111111111111:stack/${'s'.repeat(128)}/${'i'.repeat(36)}`,
  'referencetoRootAWSStackName': 's'.repeat(128),
};
/** How many characters each policy has once it is deployed. */
const sizesOf = (policies: Policy[]) => policies.map(({ PolicyDocument: { Statement: statements } }) => JSON.stringify({
  Version: '2012-10-17', Statement: statements.map(({ Resource, ...others }) => ({ ...others, Resource: rendered(Resource) })),
}).replace(/\{([\w:]+)\}/g, (_, ref: string) => LONGEST[ref]).length);

/** A stack with a provider and no contacts. */
function makeStack(props: StackProps): Stack {
  const stack = new Stack(new App(), 'Stack', props);
  AlternateContactProvider.getOrCreate(stack);
  return stack;
}

/** `count` billing contacts of as many accounts, none of them the stack's. */
function declareMany(scope: Construct, count: number, provider?: AlternateContactProvider): void {
  for (let i = 0; i < count; i++) {
    new AlternateContact(scope, `C${i}`, { ...VALUES, alternateContactType: BILLING, accountId: String(200000000000 + i), provider });
  }
}

test('a stack has one function, one role and one log group, however many contacts', () => {
  const stack = new Stack();
  new AlternateContacts(stack, 'Own', { billing: VALUES, operations: VALUES, security: VALUES });
  new AlternateContacts(stack, 'Other', { accountId: '222222222222', billing: VALUES });
  const template = Template.fromStack(stack);
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']) { template.resourceCountIs(type, 1); }
  expect(Object.keys(template.toJSON().Resources)).toHaveLength(3 + 4);
  expect(AlternateContactProvider.getOrCreate(stack)).toBe(AlternateContactProvider.getOrCreate(stack));
});

test('the function is inline, writes to its own log group and is made after its role', () => {
  const stack = new Stack();
  AlternateContactProvider.getOrCreate(stack);
  Template.fromStack(stack).hasResource('AWS::Lambda::Function', {
    Properties: {
      Description: 'Sets the alternate contacts of AWS accounts (cdk-alternate-contact)',
      Code: { ZipFile: Match.stringLikeRegexp('PutAlternateContactCommand') },
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 256,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.anyValue() } },
    },
    DependsOn: [Match.stringLikeRegexp('Role')],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Description: 'Sets the alternate contacts that this stack declares' });
});

test('a provider that only has the id of the shared one is another one', () => {
  const stack = new Stack();
  const shared = AlternateContactProvider.getOrCreate(stack);
  const provider = new AlternateContactProvider(new Construct(stack, 'Around'), shared.node.id);
  new AlternateContact(stack, 'Contact', { ...VALUES, alternateContactType: BILLING, provider });
  expect(Object.keys(Template.fromStack(stack).findResources('Custom::AlternateContact'))).toEqual([expect.stringMatching(/^AlternateContactBillingProvider[0-9A-F]{8}$/)]);
  expect(shared.node.path).toMatch(/\/Custom::AlternateContactProvider$/);
});

test('the code of the function has nothing that CloudFormation would resolve as a dynamic reference', () => {
  expect(JSON.stringify(Template.fromStack(makeStack({ env: OWN })).toJSON())).not.toContain('{{');
});

test('the function runs on Node.js 22 or newer where the CDK knows that the region has it', () => {
  const template = Template.fromStack(makeStack({ env: OWN })).toJSON();
  const { Runtime } = Object.values<{ Type: string; Properties: { Runtime: unknown } }>(template.Resources)
    .find(({ Type }) => Type === 'AWS::Lambda::Function')!.Properties;
  // Older versions of the CDK write a map of all regions, newer ones a name.
  const name = typeof Runtime === 'string' ? Runtime : template.Mappings[(Runtime as { 'Fn::FindInMap': [string] })['Fn::FindInMap'][0]]['eu-west-1'].value;
  expect(Number(/^nodejs(\d+)\.x$/.exec(name)?.[1])).toBeGreaterThanOrEqual(22);
});

test('the function runs on Node.js 22 or newer in a region that the CDK does not know yet', () => {
  const template = Template.fromStack(makeStack({ env: { ...OWN, region: 'eu-new-1' } }));
  template.hasResourceProperties('AWS::Lambda::Function', { Runtime: Match.stringLikeRegexp('^nodejs2[2-9]\\.x$') });
});

describe('the permissions', () => {
  test.each([
    ['aws', 'eu-west-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('of a provider without contacts, in %s', (partition, region) => {
    // The flag makes the CDK write the partition of a region that it knows.
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region } });
    AlternateContactProvider.getOrCreate(stack);
    const statements = statementsOf(Template.fromStack(stack)).map(({ Resource, ...others }) => ({ ...others, Resource: rendered(Resource) }));
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: expect.stringMatching(/^\{CustomAlternateContactProviderLogGroup\w{8}\.Arn\}$/),
      },
      {
        Effect: 'Allow',
        Action: 'account:DeleteAlternateContact',
        Resource: [`arn:${partition}:account::111111111111:account`, `arn:${partition}:account::*:account/o-*/*`],
      },
      { Effect: 'Allow', Action: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], Resource: '{AWS::StackId}' },
    ]);
  });

  test('are those of a role that Lambda alone may assume', () => {
    const template = Template.fromStack(makeStack({ env: { account: '111111111111', region: 'cn-north-1' } }));
    expect(Object.values(template.findResources('AWS::IAM::Role')).map(role => role.Properties.AssumeRolePolicyDocument)).toEqual([{
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    }]);
  });

  test('to put have a condition on the type, and one statement per type', () => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    for (const accountId of ['222222222222', '333333333333']) {
      new AlternateContacts(stack, accountId, { accountId, billing: VALUES, operations: VALUES, security: VALUES });
    }
    expect(putStatementsOf(Template.fromStack(stack)).map(({ Resource, ...others }) => ({ ...others, Resource: rendered(Resource) })))
      .toEqual([BILLING, OPERATIONS, SECURITY].map(type => ({
        Effect: 'Allow',
        Action: ['account:PutAlternateContact', 'account:GetAlternateContact'],
        Resource: ['arn:{AWS::Partition}:account::*:*/222222222222', 'arn:{AWS::Partition}:account::*:*/333333333333'],
        Condition: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': type } },
      })));
  });

  test.each([
    ['the own account', {}, undefined, 'arn:{AWS::Partition}:account::{AWS::AccountId}:account'],
    ['the own account of a stack that knows it', { env: OWN }, '111111111111', 'arn:{AWS::Partition}:account::111111111111:account'],
    ['another account', { env: OWN }, '222222222222', 'arn:{AWS::Partition}:account::*:*/222222222222'],
    [
      'an account that may be the own one', {}, '222222222222',
      ['arn:{AWS::Partition}:account::222222222222:account', 'arn:{AWS::Partition}:account::*:*/222222222222'],
    ],
  ])('to put are those of %s alone', (_, env, accountId, resources) => {
    const stack = new Stack(new App(), 'Stack', env);
    new AlternateContact(stack, 'Contact', { ...VALUES, alternateContactType: BILLING, accountId });
    expect(putStatementsOf(Template.fromStack(stack)).map(({ Resource }) => rendered(Resource))).toEqual([resources]);
  });

  // A stack set or a product deploys such a template, to any account, region and partition; the CDK takes the environment of the stage for its own.
  test('of a template that others deploy follow where it is deployed, though its stage names an environment', () => {
    class StackSetStack extends Stack {
      public readonly templateFile = 'contacts.stackset.template.json';
    }
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new StackSetStack(new Stage(app, 'Stage', { env: OWN }), 'Everywhere');
    new AlternateContact(stack, 'Own', { ...VALUES, alternateContactType: BILLING });
    new AlternateContact(stack, 'Other', { ...VALUES, alternateContactType: SECURITY, accountId: OWN.account });
    new NestedStack(stack, 'Nested');
    const own = 'arn:{AWS::Partition}:account::{AWS::AccountId}:account';
    expect(statementsOf(Template.fromStack(stack)).slice(1).map(({ Resource }) => rendered(Resource))).toEqual([
      [own, 'arn:{AWS::Partition}:account::*:account/o-*/*'],
      ['{AWS::StackId}', 'arn:{AWS::Partition}:cloudformation:{AWS::Region}:{AWS::AccountId}:stack/StackSet-*/*'],
      own,
      ['arn:{AWS::Partition}:account::111111111111:account', 'arn:{AWS::Partition}:account::*:*/111111111111'],
    ]);
  });

  test('that do not fit the role are in managed policies of the same role', () => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    declareMany(stack, 400);
    const template = Template.fromStack(stack);
    const [{ Properties }] = Object.values(template.findResources('AWS::IAM::Role'));
    const logicalIds = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
    const { children } = AlternateContactProvider.getOrCreate(stack).node;
    expect(children.map(({ node }) => node.id)).toEqual(expect.arrayContaining(['Policy1', 'Policy2']));
    expect(logicalIds).toHaveLength(2);
    expect(Properties.ManagedPolicyArns).toEqual(logicalIds.map(Ref => ({ Ref })));
  });

  test.each<[string, (stack: Stack) => IRole | undefined]>([
    ['a role of its own', () => undefined],
    ['a role of the stack', stack => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })],
    ['an imported role', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/own')],
    ['an immutable role', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/own', { mutable: false })],
  ])('to put follow the contacts that are in the app at synthesis, with %s', (_, give) => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    const provider = new AlternateContactProvider(stack, 'Provider', { role: give(stack) });
    const around = new Construct(stack, 'Around');
    declareMany(around, 400, provider);
    new AlternateContact(stack, 'Stays', { ...VALUES, alternateContactType: SECURITY, accountId: '333333333333', provider });
    stack.node.tryRemoveChild('Around');
    const template = Template.fromStack(stack);
    const warnings = provider.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning');
    const text = JSON.stringify([template.toJSON(), warnings]);
    expect(new Set(text.match(/\*\/\d{12}/g))).toEqual(new Set(['*/333333333333']));
    // Nor is the function told that there are many contacts.
    expect(text).not.toContain('"CONTACTS"');
  });

  test('are granted to a contact that an aspect adds when the others are granted', () => {
    const stack = makeStack({ env: OWN });
    let isAdded = false;
    const visit = (construct: IConstruct) => {
      if (construct.node.id !== 'Function' || isAdded) { return; }
      isAdded = true;
      new AlternateContact(stack, 'Late', { ...VALUES, alternateContactType: BILLING, accountId: '222222222222' });
    };
    Aspects.of(stack).add({ visit });
    expect(putStatementsOf(Template.fromStack(stack)).map(({ Resource }) => rendered(Resource))).toEqual(['arn:{AWS::Partition}:account::*:*/222222222222']);
  });

  test('are the same when the app is synthesized again', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: OWN });
    declareMany(stack, 200);
    const templateOf = () => app.synth({ force: true }).getStackByName('Stack').template as unknown;
    expect(templateOf()).toEqual(templateOf());
  });

  test('have no wildcard for an action, and none for a resource', () => {
    const stack = new Stack();
    new AlternateContacts(stack, 'Contacts', { accountId: '222222222222', billing: VALUES });
    for (const { Action, Resource } of statementsOf(Template.fromStack(stack))) {
      expect([Action].flat().join()).not.toContain('*');
      expect([Resource].flat()).not.toContain('*');
    }
  });

  test('of a function whose log group has a long name and whose stack has the longest leave room in its first policy', () => {
    const app = new App();
    const parent = new Stack(app, 'Root');
    const stack = new NestedStack(parent, 'Nested');
    const provider = new AlternateContactProvider(stack, 'Provider', { logGroup: LogGroup.fromLogGroupName(stack, 'Logs', 'l'.repeat(400)) });
    declareMany(stack, 150, provider);
    const template = Template.fromStack(stack);
    const [inline] = sizesOf(Object.values(template.findResources('AWS::IAM::Role')).flatMap(role => role.Properties.Policies as Policy[]));
    expect(inline).toBeLessThanOrEqual(10_240);
    expect(inline).toBeGreaterThan(9_000);
    for (const size of sizesOf(managedPoliciesOf(template))) { expect(size).toBeLessThanOrEqual(6_144); }
  });
});

describe('in a tree of stacks', () => {
  const TREE_ACTIONS = ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'];
  const askedBy = (stack: Stack) => statementsOf(Template.fromStack(stack)).filter(({ Action }) => Action.includes('cloudformation:DescribeStacks'));
  const environmentOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment as unknown);
  const arnOf = (rootName: unknown) => ({
    'Fn::Join': ['', [
      'arn:', { Ref: 'AWS::Partition' }, ':cloudformation:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':stack/', rootName, '-*/*',
    ]],
  });

  test('the function of a stack without nested stacks asks its own stack alone', () => {
    const stack = makeStack({});
    // A stack of its own that happens to stand below it is no nested stack.
    new NestedStack(new Stack(stack, 'Below'), 'Nested');
    expect(askedBy(stack)).toEqual([{ Effect: 'Allow', Action: TREE_ACTIONS, Resource: { Ref: 'AWS::StackId' } }]);
    expect(environmentOf(stack)).toEqual([undefined]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['NestedStack', stack => { new NestedStack(new Construct(stack, 'Around'), 'Nested'); }],
    ['CfnResource', stack => { new CfnResource(stack, 'Nested', { type: 'AWS::CloudFormation::Stack', properties: { TemplateURL: 'https://example.com/t' } }); }],
  ])('the function of the root asks the nested stacks too, where one is added later as a %s', (_, nest) => {
    const stack = makeStack({});
    nest(stack);
    expect(askedBy(stack)).toEqual([{
      Effect: 'Allow', Action: TREE_ACTIONS, Resource: [{ Ref: 'AWS::StackId' }, arnOf({ Ref: 'AWS::StackName' })],
    }]);
    expect(environmentOf(stack)).toEqual([undefined]);
  });

  // CloudFormation cuts the names of nested stacks, down to 43 characters of the root's.
  test.each([
    [43, { Ref: 'AWS::StackName' }, '-*/*'],
    [44, undefined, `:stack/${'n'.repeat(43)}*/*`],
    [120, undefined, `:stack/${'n'.repeat(43)}*/*`],
  ])('the root finds its nested stacks though its name has %i characters', (length, name, end) => {
    const stack = new Stack(new App(), 'Stack', { stackName: 'n'.repeat(length) });
    AlternateContactProvider.getOrCreate(stack);
    new NestedStack(stack, 'Nested');
    const [, nested] = askedBy(stack)[0].Resource as { 'Fn::Join': [string, unknown[]] }[];
    expect(nested['Fn::Join'][1].at(-1)).toBe(end);
    expect(nested['Fn::Join'][1].includes(':stack/') ? nested['Fn::Join'][1].at(-2) : undefined).toEqual(name);
  });

  test.each([
    ['stackset', 'StackSet-*'],
    ['product', 'SC-*'],
  ])('the stacks of a %s template are found by the name that they are given at deployment', (kind, names) => {
    class TemplateStack extends Stack {
      public readonly templateFile = `contacts.${kind}.template.json`;
    }
    // This name is long enough to be cut, but no deployed stack has it.
    const stack = new TemplateStack(new App(), 'n'.repeat(60));
    const tree = [stack, new NestedStack(stack, 'Nested')];
    for (const each of tree) { AlternateContactProvider.getOrCreate(each); }
    for (const each of tree) {
      const resources = [askedBy(each)[0].Resource].flat();
      expect(rendered(resources.at(-1))).toBe(`arn:{AWS::Partition}:cloudformation:{AWS::Region}:{AWS::AccountId}:stack/${names}/*`);
    }
  });

  test('the root asks them too through a role that is given', () => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    declareMany(stack, 200, new AlternateContactProvider(stack, 'Provider', { role }));
    new NestedStack(stack, 'Nested');
    const policies = [...Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties as Policy),
      ...managedPoliciesOf(Template.fromStack(stack))];
    expect(policies.flatMap(({ PolicyDocument: { Statement: statements } }) => statements).filter(({ Action }) => Action.includes(TREE_ACTIONS[0])))
      .toEqual([{ Effect: 'Allow', Action: TREE_ACTIONS, Resource: [{ Ref: 'AWS::StackId' }, arnOf({ Ref: 'AWS::StackName' })] }]);
  });

  test('the root asks them too through a role that was imported in another stack', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: OWN });
    const role = Role.fromRoleArn(new Stack(app, 'Elsewhere', { env: OWN }), 'Own', 'arn:aws:iam::111111111111:role/own');
    new AlternateContactProvider(stack, 'Provider', { role });
    new NestedStack(stack, 'Nested');
    const [{ PolicyDocument: { Statement: statements } }] = managedPoliciesOf(Template.fromStack(stack));
    expect(statements.find(({ Action }) => Action.includes(TREE_ACTIONS[0]))!.Resource).toHaveLength(2);
  });

  test('the function of a nested stack of any depth knows the root, and asks itself, the root and the nested stacks', () => {
    const root = new Stack(new App(), 'Root');
    const one = new NestedStack(root, 'One');
    const two = new NestedStack(one, 'Two');
    for (const stack of [one, two]) { AlternateContactProvider.getOrCreate(stack); }
    for (const stack of [one, two]) {
      expect(askedBy(stack)).toEqual([{
        Effect: 'Allow',
        Action: TREE_ACTIONS,
        Resource: [{ Ref: 'AWS::StackId' }, { Ref: 'referencetoRootAWSStackId' }, arnOf({ Ref: 'referencetoRootAWSStackName' })],
      }]);
      expect(environmentOf(stack)).toEqual([{ Variables: { ROOT_STACK_ID: { Ref: 'referencetoRootAWSStackId' } } }]);
    }
    // The levels hand the root's id and name down.
    const parametersOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudFormation::Stack')).map(({ Properties }) => Properties.Parameters as unknown);
    expect(parametersOf(root)).toEqual([{ referencetoRootAWSStackId: { Ref: 'AWS::StackId' }, referencetoRootAWSStackName: { Ref: 'AWS::StackName' } }]);
    expect(parametersOf(one)).toEqual([{
      referencetoRootAWSStackId: { Ref: 'referencetoRootAWSStackId' }, referencetoRootAWSStackName: { Ref: 'referencetoRootAWSStackName' },
    }]);
  });
});

test.each([[100, undefined], [101, '100'], [149, '100'], [150, '150'], [199, '150']])(
  'the function of a stack with %i contacts is told that it has %s', (count, contacts) => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    declareMany(stack, count, AlternateContactProvider.getOrCreate(stack));
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    expect((Properties.Environment as { Variables: { CONTACTS: string } } | undefined)?.Variables.CONTACTS).toBe(contacts);
  });

describe('a role that is given', () => {
  const roleIn = (scope: Construct) => new Role(scope, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const importIn = (scope: Construct) => Role.fromRoleArn(scope, 'Own', 'arn:aws:iam::111111111111:role/path/own');
  const functionOf = (template: Template) => Object.values(template.findResources('AWS::Lambda::Function'))[0] as { Properties: { Role: unknown }; DependsOn?: string[] };

  // The CDK moves what does not fit a role's own policies. That left a policy empty at some numbers of contacts, and the role too large at others.
  const NUMBERS = [1, 33, 65, 100, 130, 268, 300, 480];
  test.each([...NUMBERS.map(count => [count, {}] as const), ...NUMBERS.map(count => [count, { env: OWN }] as const)])(
    'of the same stack gets no more than managed policies that fit, with %i contacts in a stack with %j', (count, props) => {
      const app = new App();
      const stack = new Stack(app, 'Stack', props);
      const role = roleIn(stack);
      declareMany(stack, count, new AlternateContactProvider(stack, 'Provider', { role }));
      expect(() => app.synth()).not.toThrow();
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::IAM::Policy', 0);
      template.hasResource('AWS::IAM::Role', { Properties: { Policies: Match.absent(), ManagedPolicyArns: Match.absent() } });
      const policies = managedPoliciesOf(template);
      expect(policies.length).toBeLessThanOrEqual(10);
      for (const { Roles } of policies) { expect(Roles).toEqual([stack.resolve(role.roleName)]); }
      expect(Math.max(...sizesOf(policies))).toBeLessThanOrEqual(6_144);
      const documents = policies.map(policy => JSON.stringify(policy));
      for (let i = 0; i < count; i++) { expect(documents.filter(document => document.includes(`*/${200000000000 + i}`))).toHaveLength(1); }
    });

  // CloudFormation changes a policy first, and then has removed contacts deleted: what a Delete needs must not be in a policy that stays.
  test('of the same stack keeps its own policies as they are, and what a Delete needs is in a policy that goes after the function', () => {
    const stack = new Stack();
    const role = roleIn(stack);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/*'] }));
    new AlternateContact(stack, 'Contact', { ...VALUES, alternateContactType: BILLING, provider: new AlternateContactProvider(stack, 'Provider', { role }) });
    const template = Template.fromStack(stack);
    const actionsOf = (type: string) => Object.values(template.findResources(type))
      .map(({ Properties }) => (Properties as Policy).PolicyDocument.Statement.flatMap(({ Action }) => Action));
    expect(actionsOf('AWS::IAM::Policy')).toEqual([['s3:GetObject']]);
    expect(actionsOf('AWS::IAM::ManagedPolicy')).toEqual([[
      'logs:CreateLogStream', 'logs:PutLogEvents', 'account:DeleteAlternateContact', 'cloudformation:DescribeStacks', 'cloudformation:ListStackResources',
      'account:PutAlternateContact', 'account:GetAlternateContact',
    ]]);
    expect(functionOf(template).DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::IAM::ManagedPolicy'))));
  });

  test('of the same stack can be given by an aspect that creates the provider', () => {
    const app = new App({ context: { '@aws-cdk/core:aspectStabilization': true } });
    const stack = new Stack(app, 'Stack', { env: OWN });
    const role = roleIn(stack);
    Aspects.of(stack).add({
      visit: construct => {
        if (construct === stack) { declareMany(stack, 2, new AlternateContactProvider(stack, 'Provider', { role })); }
      },
    });
    expect(() => app.synth()).not.toThrow();
    expect(JSON.stringify(managedPoliciesOf(Template.fromStack(stack)))).toContain('*/200000000001');
  });

  test.each<[string, (stack: Stack) => IRole, unknown, unknown]>([
    ['is imported by its ARN', importIn, 'own', 'arn:aws:iam::111111111111:role/path/own'],
    ['is imported by its name', stack => Role.fromRoleName(stack, 'Own', 'own'), 'own', 'arn:aws:iam::111111111111:role/own'],
    ['is imported in another stack', stack => importIn(new Stack(stack.node.root, 'Other', { env: OWN })), 'own', 'arn:aws:iam::111111111111:role/path/own'],
    ['is made in another stack', stack => roleIn(new Stack(stack.node.root, 'Other', { env: OWN })),
      { 'Fn::ImportValue': expect.stringMatching(/^Other:ExportsOutputRefOwn/) }, { 'Fn::ImportValue': expect.stringMatching(/^Other:ExportsOutputFnGetAttOwn\w+Arn/) }],
  ])('that %s gets managed policies, none too large and each there before the function', (_, give, roleName, roleArn) => {
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new Stack(app, 'Stack', { env: OWN });
    declareMany(stack, 300, new AlternateContactProvider(stack, 'Provider', { role: give(stack) }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::Role', 0);
    const policies = managedPoliciesOf(template);
    expect(policies.length).toBe(3);
    for (const { Roles, PolicyDocument } of policies) {
      expect(Roles).toEqual([roleName]);
      expect(JSON.stringify(PolicyDocument).length).toBeLessThanOrEqual(6_144);
    }
    const resources = policies.flatMap(({ PolicyDocument: { Statement: statements } }) => statements).flatMap(({ Resource }) => Resource);
    for (let i = 0; i < 300; i++) { expect(resources.filter(arn => arn === `arn:aws:account::*:*/${200000000000 + i}`)).toHaveLength(1); }
    expect(functionOf(template).Properties.Role).toEqual(roleArn);
    expect(functionOf(template).DependsOn).toEqual(Object.keys(template.findResources('AWS::IAM::ManagedPolicy')).sort());
  });

  test.each<[string, (stack: Stack) => IRole]>([
    ['imported', stack => Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111111111111:role/own', { mutable: false })],
    ['made', stack => roleIn(stack).withoutPolicyUpdates()],
  ])('that is %s immutable gets nothing, and one warning says all that it needs', (_, give) => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    const provider = new AlternateContactProvider(stack, 'Provider', { role: give(stack) });
    declareMany(stack, 300, provider);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ id }) => id)).toEqual(['/Stack/Provider/Permissions']);
    const [, document, id] = /^The role is immutable, so nothing is granted to it\. The function needs: (.*) \[ack: (.*)\]$/.exec(String(warnings[0].entry.data))!;
    const { Statement: statements } = JSON.parse(document) as Policy['PolicyDocument'];
    expect(statements.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: expect.stringMatching(/^\$\{ProviderLogGroup\w{8}\.Arn\}$/) },
      {
        Action: 'account:DeleteAlternateContact',
        Resource: ['arn:${AWS::Partition}:account::111111111111:account', 'arn:${AWS::Partition}:account::*:account/o-*/*'],
      },
      { Action: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], Resource: '${AWS::StackId}' },
      {
        Action: ['account:PutAlternateContact', 'account:GetAlternateContact'],
        Resource: Array.from({ length: 300 }, (_entry, i) => `arn:\${AWS::Partition}:account::*:*/${200000000000 + i}`),
      },
    ]);
    expect(id).toBe('cdk-alternate-contact:roleMustBeGranted');
  });

  test('that is immutable is no warning once it is acknowledged', () => {
    const stack = new Stack(new App(), 'Stack');
    const provider = new AlternateContactProvider(stack, 'Provider', { role: roleIn(stack).withoutPolicyUpdates() });
    CdkAnnotations.of(provider).acknowledgeWarning('cdk-alternate-contact:roleMustBeGranted');
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('a role that is created outside of the app', () => {
  interface Report { roles: { roleConstructPath: string; managedPolicyStatements: Statement[]; identityPolicyStatements: Statement[] }[] }
  const needed = (accounts: string | string[]) => [
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: expect.stringMatching(/LogGroup\/Resource\.Arn\)$/) },
    {
      Effect: 'Allow',
      Action: 'account:DeleteAlternateContact',
      Resource: ['arn:(PARTITION):account::111111111111:account', 'arn:(PARTITION):account::*:account/o-*/*'],
    },
    { Effect: 'Allow', Action: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], Resource: '(Stack.AWS::StackId)' },
    {
      Effect: 'Allow',
      Action: ['account:PutAlternateContact', 'account:GetAlternateContact'],
      Resource: accounts,
      Condition: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': 'BILLING' } },
    },
  ];

  test.each([true, false])('is reported with all permissions, and made only if the report is all that was asked for (preventSynthesis: %s)', preventSynthesis => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: OWN });
    const usePrecreatedRoles = { 'Stack/Custom::AlternateContactProvider/Role': 'contacts', 'Stack/Given': 'given' };
    Role.customizeRoles(stack, { preventSynthesis, usePrecreatedRoles });
    declareMany(stack, 2);
    const role = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const provider = new AlternateContactProvider(stack, 'Provider', { role });
    new AlternateContact(stack, 'Own', { ...VALUES, alternateContactType: BILLING, provider });

    const { roles } = JSON.parse(readFileSync(join(app.synth().directory, 'iam-policy-report.json'), 'utf8')) as Report;
    const reported = roles.map(one => [one.roleConstructPath, [...one.managedPolicyStatements, ...one.identityPolicyStatements]]);
    expect(Object.fromEntries(reported)).toEqual({
      'Stack/Custom::AlternateContactProvider/Role': needed(['arn:(PARTITION):account::*:*/200000000000', 'arn:(PARTITION):account::*:*/200000000001']),
      'Stack/Given': needed('arn:(PARTITION):account::111111111111:account'),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', preventSynthesis ? 0 : 2);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', preventSynthesis ? 0 : 2);
    expect(Object.values(template.findResources('AWS::IAM::Role')).flatMap(({ Properties }) => (Properties.Policies ?? []) as Policy[])).toEqual([]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

test('the log group, its retention, the timeout and the memory can be chosen', () => {
  const stack = new Stack();
  const logGroup = new LogGroup(stack, 'Logs');
  const one = new AlternateContactProvider(stack, 'One', { logGroup, timeout: Duration.minutes(3), memorySize: 512 });
  new AlternateContactProvider(stack, 'Two', { logRetention: RetentionDays.ONE_WEEK });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 180, MemorySize: 512, LoggingConfig: { LogGroup: stack.resolve(logGroup.logGroupName) } });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  template.resourceCountIs('AWS::Logs::LogGroup', 2);
  expect(one.logGroup).toBe(logGroup);
  expect(one.lambdaFunction.metricErrors().metricName).toBe('Errors');
});

test('managed policies can be added to its role', () => {
  const stack = new Stack();
  AlternateContactProvider.getOrCreate(stack).role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [Match.anyValue()] });
});

test.each<[AlternateContactProviderProps, string]>([
  [{ timeout: Duration.seconds(59) }, 'timeout must be 1 to 15 minutes; got 59 seconds'],
  [{ timeout: Duration.millis(59_500) }, 'timeout must be 1 to 15 minutes; got 59 seconds 500 millis'],
  [{ timeout: Duration.minutes(16) }, 'timeout must be 1 to 15 minutes; got 16 minutes'],
  [{ timeout: Duration.seconds(901) }, 'timeout must be 1 to 15 minutes; got 15 minutes 1 second'],
  [{ memorySize: 127 }, 'memorySize must be a whole number from 128 to 10240; got 127'],
  [{ memorySize: 128.5 }, 'memorySize must be a whole number from 128 to 10240; got 128.5'],
  [{ memorySize: 10_241 }, 'memorySize must be a whole number from 128 to 10240; got 10241'],
])('%j is refused', (props, message) => {
  expect(() => new AlternateContactProvider(new Stack(new App(), 'Stack'), 'Provider', props)).toThrow(`Stack/Provider: ${message}`);
});

test.each<[string, (value: number) => Duration]>([['seconds', Duration.seconds], ['minutes', Duration.minutes]])(
  'a timeout that only the deployment knows, in %s, is refused', (_, timeout) => {
    const stack = new Stack(new App(), 'Stack');
    const value = new CfnParameter(stack, 'Timeout', { type: 'Number' }).valueAsNumber;
    expect(() => new AlternateContactProvider(stack, 'Provider', { timeout: timeout(value) }))
      .toThrow('Stack/Provider: timeout must be known at synthesis, because the ServiceTimeout of each contact follows from it; got a token');
  });

test.each<AlternateContactProviderProps>([
  { timeout: Duration.minutes(1) }, { timeout: Duration.minutes(15) }, { memorySize: 128 }, { memorySize: 10_240 },
  { memorySize: Lazy.number({ produce: () => 1 }) },
])('%j is accepted', props => {
  expect(() => new AlternateContactProvider(new Stack(), 'Provider', props)).not.toThrow();
});

test('a retention together with a log group is refused', () => {
  const stack = new Stack();
  expect(() => new AlternateContactProvider(stack, 'P', { logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_DAY }))
    .toThrow('logRetention must not be combined with logGroup, which has its own retention; got 1');
});
