import { App, Aspects, Aws, CfnCondition, CfnParameter, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { AlternateContact, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../../../src';
import { contact, declareMany, ENV, stackWithProvider } from '../../contacts';
import { inlinePoliciesOf, inlineStatementsOf, managedPoliciesOf, rendered, sizesOf, withRenderedResources } from '../../policies';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;

/** The statements that allow contacts to be put. */
const putStatementsOf = (stack: Stack) => withRenderedResources(inlineStatementsOf(Template.fromStack(stack)))
  .filter(({ Action }) => Action.includes('account:PutAlternateContact'));

test.each([
  ['aws', 'eu-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('in %s, a function without contacts may write its logs, delete contacts and ask about its stack', (partition, region) => {
  // The flag makes the CDK write the partition of a region that it knows.
  const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region } });
  AlternateContactProvider.getOrCreate(stack);
  expect(withRenderedResources(inlineStatementsOf(Template.fromStack(stack)))).toEqual([
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

test('only Lambda may assume the role', () => {
  const template = Template.fromStack(stackWithProvider({ env: { account: '111111111111', region: 'cn-north-1' } }));
  expect(Object.values(template.findResources('AWS::IAM::Role')).map(role => role.Properties.AssumeRolePolicyDocument)).toEqual([{
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  }]);
});

test('one statement per type allows contacts to be put, with the type as its condition', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  for (const accountId of ['222222222222', '333333333333']) {
    new AlternateContacts(stack, accountId, { accountId, billing: contact('team'), operations: contact('team'), security: contact('team') });
  }
  expect(putStatementsOf(stack)).toEqual([BILLING, OPERATIONS, SECURITY].map(type => ({
    Effect: 'Allow',
    Action: ['account:PutAlternateContact', 'account:GetAlternateContact'],
    Resource: ['arn:{AWS::Partition}:account::*:*/222222222222', 'arn:{AWS::Partition}:account::*:*/333333333333'],
    Condition: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': type } },
  })));
});

test.each([
  ["the stack's account", {}, undefined, 'arn:{AWS::Partition}:account::{AWS::AccountId}:account'],
  ["the stack's account, if it is known", { env: ENV }, '111111111111', 'arn:{AWS::Partition}:account::111111111111:account'],
  ['another account', { env: ENV }, '222222222222', 'arn:{AWS::Partition}:account::*:*/222222222222'],
  [
    "an account that may be the stack's", {}, '222222222222',
    ['arn:{AWS::Partition}:account::222222222222:account', 'arn:{AWS::Partition}:account::*:*/222222222222'],
  ],
])('the function may put the contacts of %s, and no others', (_, env, accountId, resources) => {
  const stack = new Stack(new App(), 'Stack', env);
  new AlternateContact(stack, 'Contact', { ...contact('team'), alternateContactType: BILLING, accountId });
  expect(putStatementsOf(stack).map(({ Resource }) => Resource)).toEqual([resources]);
});

/** The account in the parameter `Member`, or the stack's account if the parameter is empty. */
function memberOrOwn(stack: Stack): string {
  const member = new CfnParameter(stack, 'Member', { default: '' }).valueAsString;
  const hasMember = new CfnCondition(stack, 'HasMember', { expression: Fn.conditionNot(Fn.conditionEquals(member, '')) });
  return Fn.conditionIf(hasMember.logicalId, member, Aws.NO_VALUE).toString();
}

test("the function may put the contacts of the stack's account too if a token may have no value", () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  new AlternateContact(stack, 'Contact', { ...contact('team'), alternateContactType: BILLING, accountId: memberOrOwn(stack) });
  const [{ Resource }] = inlineStatementsOf(Template.fromStack(stack)).filter(({ Action }) => Action.includes('account:PutAlternateContact'));
  expect((Resource as unknown[]).slice(2).map(rendered)).toEqual(['arn:{AWS::Partition}:account::111111111111:account']);
});

test.each<[string, (stack: Stack) => IRole | undefined]>([
  ['a new role', () => undefined],
  ['a role of the stack', stack => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })],
  ['an imported role', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/own')],
  ['an immutable role', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/own', { mutable: false })],
])('%s may put only the contacts that are in the app at synthesis', (_, give) => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const provider = new AlternateContactProvider(stack, 'Provider', { role: give(stack) });
  const around = new Construct(stack, 'Around');
  declareMany(around, 400, provider);
  new AlternateContact(stack, 'Stays', { ...contact('team'), alternateContactType: SECURITY, accountId: '333333333333', provider });
  stack.node.tryRemoveChild('Around');
  const template = Template.fromStack(stack);
  const warnings = provider.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning');
  const text = JSON.stringify([template.toJSON(), warnings]);
  expect(new Set(text.match(/\*\/\d{12}/g))).toEqual(new Set(['*/333333333333']));
  // The function does not expect many contacts either.
  expect(text).not.toContain('"CONTACTS"');
});

test('a contact that an aspect adds after the permissions are complete may be put too', () => {
  const stack = stackWithProvider({ env: ENV });
  let isAdded = false;
  const visit = (construct: IConstruct) => {
    if (construct.node.id !== 'Function' || isAdded) { return; }
    isAdded = true;
    new AlternateContact(stack, 'Late', { ...contact('team'), alternateContactType: BILLING, accountId: '222222222222' });
  };
  Aspects.of(stack).add({ visit });
  expect(putStatementsOf(stack).map(({ Resource }) => Resource)).toEqual(['arn:{AWS::Partition}:account::*:*/222222222222']);
});

test('an aspect that judges the role, as cdk-nag does, sees all permissions', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  new AlternateContact(stack, 'Contact', { ...contact('team'), alternateContactType: BILLING });
  const seen: string[] = [];
  const visit = (construct: IConstruct) => { if (construct instanceof CfnRole) { seen.push(JSON.stringify(stack.resolve(construct.policies))); } };
  Aspects.of(stack).add({ visit });
  Template.fromStack(stack);
  expect(seen).toEqual([expect.stringContaining('account:PutAlternateContact')]);
});

test('a second synthesis grants the same', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: ENV });
  declareMany(stack, 200);
  const templateOf = () => app.synth({ force: true }).getStackByName('Stack').template as unknown;
  expect(templateOf()).toEqual(templateOf());
});

test('no statement has a wildcard in an action, or allows all resources', () => {
  const stack = new Stack();
  new AlternateContacts(stack, 'Contacts', { accountId: '222222222222', billing: contact('team') });
  for (const { Action, Resource } of inlineStatementsOf(Template.fromStack(stack))) {
    expect([Action].flat().join()).not.toContain('*');
    expect([Resource].flat()).not.toContain('*');
  }
});

test('the first policy has room for a log group with a long name and a stack with the longest name', () => {
  const app = new App();
  const parent = new Stack(app, 'Root');
  const stack = new NestedStack(parent, 'Nested');
  const provider = new AlternateContactProvider(stack, 'Provider', { logGroup: LogGroup.fromLogGroupName(stack, 'Logs', 'l'.repeat(400)) });
  declareMany(stack, 150, provider);
  const template = Template.fromStack(stack);
  const [inline] = sizesOf(inlinePoliciesOf(template));
  expect(inline).toBeLessThanOrEqual(10_240);
  expect(inline).toBeGreaterThan(9_000);
  for (const size of sizesOf(managedPoliciesOf(template))) { expect(size).toBeLessThanOrEqual(6_144); }
});
