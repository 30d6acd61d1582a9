import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations as CdkAnnotations, App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AlternateContact, AlternateContactProvider, AlternateContactType, OrganizationAlternateContacts } from '../../src';
import { PutStatements } from '../../src/private/contact/permissions';
import { policiesOf } from '../../src/private/role-policies';
import { accounts, declareMany, ENV, EVERYONE, SECURITY_CONTACT, StackSetStack } from '../contacts';
import { attachedPoliciesOf, inlinePoliciesOf, managedPoliciesOf, Policy, sizesOf, Statement, statementsIn } from '../policies';

const roleIn = (scope: Construct) => new Role(scope, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

/* The limits of IAM less the space that is kept free: in the first policy, 1,400 characters for other statements. A statement takes 220 beside its resources. */
const FIXED = 1_400;
const INLINE = 10_240 - 100 - FIXED;
const MANAGED = 6_144 - 100;
const STATEMENT = 220;

interface Counts { readonly inline: number[]; readonly managed: number[][] }

/** Allows contacts whose resources have these sizes, and counts the resources of each statement, by policy. */
function policiesFor(...contacts: [type: string, size: number][]): Counts {
  const stack = new Stack(new App(), 'Stack');
  const statements = new PutStatements(policiesOf(stack), FIXED);
  contacts.forEach(([type, size], i) => statements.allow(type, [`arn:aws:account::${i}:account`], size));
  return countsIn(Template.fromStack(stack));
}

function countsIn(template: Template): Counts {
  const countsOf = (policy: Policy) => statementsIn([policy]).map(({ Resource }) => [Resource].flat().length);
  return { inline: inlinePoliciesOf(template).flatMap(countsOf), managed: managedPoliciesOf(template).map(countsOf) };
}

test('an inline policy is filled to the last character', () => {
  expect(policiesFor(['BILLING', INLINE - STATEMENT])).toEqual({ inline: [1], managed: [] });
  expect(policiesFor(['BILLING', 100], ['BILLING', INLINE - STATEMENT - 100])).toEqual({ inline: [2], managed: [] });
  expect(policiesFor(['BILLING', 100], ['SECURITY', INLINE - 2 * STATEMENT - 100])).toEqual({ inline: [1, 1], managed: [] });
});

test('contacts that no longer fit in the inline policy go into a managed policy', () => {
  expect(policiesFor(['BILLING', 100], ['BILLING', INLINE - STATEMENT - 99])).toEqual({ inline: [1], managed: [[1]] });
  expect(policiesFor(['BILLING', 5_000], ['SECURITY', INLINE - 2 * STATEMENT - 4_999])).toEqual({ inline: [1], managed: [[1]] });
});

test('a managed policy is filled to the last character before the next one begins', () => {
  const full: [string, number] = ['BILLING', INLINE - STATEMENT];
  expect(policiesFor(full, ['BILLING', 100], ['BILLING', MANAGED - STATEMENT - 100])).toEqual({ inline: [1], managed: [[2]] });
  expect(policiesFor(full, ['BILLING', 100], ['BILLING', MANAGED - STATEMENT - 99])).toEqual({ inline: [1], managed: [[1], [1]] });
  expect(policiesFor(full, ['BILLING', MANAGED - STATEMENT])).toEqual({ inline: [1], managed: [[1]] });
});

test('the first managed policy of a given role has space for the other statements, and the next ones are filled to the last character', () => {
  const stack = new Stack(new App(), 'Stack');
  const role = roleIn(stack);
  const statements = new PutStatements(policiesOf(new Construct(stack, 'Provider'), role), FIXED);
  const sizes = [100, MANAGED - FIXED - STATEMENT - 100, MANAGED - STATEMENT, 1];
  sizes.forEach((size, i) => statements.allow('BILLING', [`arn:aws:account::${i}:account`], size));
  expect(countsIn(Template.fromStack(stack))).toEqual({ inline: [], managed: [[2], [1], [1]] });
});

test('permissions that do not fit in the new role go into managed policies of that role', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  declareMany(stack, 400);
  const template = Template.fromStack(stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::IAM::Role'));
  const logicalIds = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
  const { children } = AlternateContactProvider.getOrCreate(stack).node;
  expect(children.map(({ node }) => node.id)).toEqual(expect.arrayContaining(['Policy1', 'Policy2']));
  expect(logicalIds).toHaveLength(2);
  expect(Properties.ManagedPolicyArns).toEqual(logicalIds.map(Ref => ({ Ref })));
});

describe('a given role', () => {
  const importIn = (scope: Construct) => Role.fromRoleArn(scope, 'Own', 'arn:aws:iam::111111111111:role/path/own');
  const functionOf = (template: Template) => Object.values(template.findResources('AWS::Lambda::Function'))[0] as { Properties: { Role: unknown }; DependsOn?: string[] };

  // The CDK moves statements that do not fit in the role's policies. At some numbers of contacts that left a policy empty, at others the role too large.
  const NUMBERS = [1, 33, 65, 100, 130, 268, 300, 480];
  test.each([...NUMBERS.map(count => [count, {}] as const), ...NUMBERS.map(count => [count, { env: ENV }] as const)])(
    'of the same stack gets only managed policies, each of which fits, with %i contacts in a stack with %j', (count, props) => {
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
      for (const account of accounts(count)) { expect(documents.filter(document => document.includes(`*/${account}`))).toHaveLength(1); }
    });

  // CloudFormation updates a policy before it deletes removed contacts, so a policy that stays must not hold the permissions of a Delete.
  test('of the same stack keeps its policies, and the permissions of a Delete are in a policy that is deleted after the function', () => {
    const stack = new Stack();
    const role = roleIn(stack);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/*'] }));
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, provider: new AlternateContactProvider(stack, 'Provider', { role }) });
    const template = Template.fromStack(stack);
    const actionsOf = (policy: Policy) => statementsIn([policy]).flatMap(({ Action }) => Action);
    expect(attachedPoliciesOf(template).map(actionsOf)).toEqual([['s3:GetObject']]);
    expect(managedPoliciesOf(template).map(actionsOf)).toEqual([[
      'logs:CreateLogStream', 'logs:PutLogEvents', 'account:DeleteAlternateContact', 'cloudformation:DescribeStacks', 'cloudformation:ListStackResources',
      'account:PutAlternateContact', 'account:GetAlternateContact',
    ]]);
    expect(functionOf(template).DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::IAM::ManagedPolicy'))));
  });

  test('of the same stack may come from an aspect that creates the provider', () => {
    const app = new App({ context: { '@aws-cdk/core:aspectStabilization': true } });
    const stack = new Stack(app, 'Stack', { env: ENV });
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
    ['is imported in another stack', stack => importIn(new Stack(stack.node.root, 'Other', { env: ENV })), 'own', 'arn:aws:iam::111111111111:role/path/own'],
    ['is created in another stack', stack => roleIn(new Stack(stack.node.root, 'Other', { env: ENV })),
      { 'Fn::ImportValue': expect.stringMatching(/^Other:ExportsOutputRefOwn/) }, { 'Fn::ImportValue': expect.stringMatching(/^Other:ExportsOutputFnGetAttOwn\w+Arn/) }],
  ])('that %s gets managed policies, each of which fits and exists before the function', (_, give, roleName, roleArn) => {
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new Stack(app, 'Stack', { env: ENV });
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
    const resources = statementsIn(policies).flatMap(({ Resource }) => Resource);
    for (const account of accounts(300)) { expect(resources.filter(arn => arn === `arn:aws:account::*:*/${account}`)).toHaveLength(1); }
    expect(functionOf(template).Properties.Role).toEqual(roleArn);
    expect(functionOf(template).DependsOn).toEqual(Object.keys(template.findResources('AWS::IAM::ManagedPolicy')).sort());
  });

  test.each<[string, (stack: Stack) => IRole]>([
    ['is imported as', stack => Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111111111111:role/own', { mutable: false })],
    ['is made', stack => roleIn(stack).withoutPolicyUpdates()],
  ])('that %s immutable gets no policies, and one warning lists all its permissions', (_, give) => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
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
        Resource: accounts(300).map(account => `arn:\${AWS::Partition}:account::*:*/${account}`),
      },
    ]);
    expect(id).toBe('cdk-alternate-contact:roleMustBeGranted');
  });

  test('that is immutable raises no warning once the warning is acknowledged', () => {
    const stack = new Stack(new App(), 'Stack');
    const provider = new AlternateContactProvider(stack, 'Provider', { role: roleIn(stack).withoutPolicyUpdates() });
    CdkAnnotations.of(provider).acknowledgeWarning('cdk-alternate-contact:roleMustBeGranted');
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('a role that is created outside of the app', () => {
  interface Report { roles: { roleConstructPath: string; managedPolicyStatements: Statement[]; identityPolicyStatements: Statement[] }[] }
  const needed = (alternateContactType: AlternateContactType, arns: string | string[]) => [
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
      Resource: arns,
      Condition: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': alternateContactType } },
    },
  ];

  test.each([true, false])('is reported with all its permissions, and is in the template only if that is not prevented (preventSynthesis: %s)', preventSynthesis => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const usePrecreatedRoles = { 'Stack/Custom::AlternateContactProvider/Role': 'contacts', 'Stack/Own': 'own' };
    Role.customizeRoles(stack, { preventSynthesis, usePrecreatedRoles });
    declareMany(stack, 2);
    const provider = new AlternateContactProvider(stack, 'Provider', { role: roleIn(stack) });
    new AlternateContact(stack, 'Contact', { ...SECURITY_CONTACT, provider });

    const { roles } = JSON.parse(readFileSync(join(app.synth().directory, 'iam-policy-report.json'), 'utf8')) as Report;
    const reported = roles.map(one => [one.roleConstructPath, [...one.managedPolicyStatements, ...one.identityPolicyStatements]]);
    expect(Object.fromEntries(reported)).toEqual({
      'Stack/Custom::AlternateContactProvider/Role': needed(AlternateContactType.BILLING, ['arn:(PARTITION):account::*:*/200000000000', 'arn:(PARTITION):account::*:*/200000000001']),
      'Stack/Own': needed(AlternateContactType.SECURITY, 'arn:(PARTITION):account::111111111111:account'),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', preventSynthesis ? 0 : 2);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', preventSynthesis ? 0 : 2);
    expect(inlinePoliciesOf(template)).toEqual([]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('a role of another account', () => {
  const importIn = (stack: Stack) => Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::222222222222:role/own');
  const message = /^Stack\/(Provider|Sweep): role must be in the account of the stack, which is 111111111111, because AWS passes no role of another account to a service; got a role of 222222222222$/;

  test.each<[string, (stack: Stack) => IRole]>([
    ['is imported', importIn],
    ['is imported as immutable', stack => Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::222222222222:role/own', { mutable: false })],
    ['is created in another stack', ({ node: { root } }) => roleIn(new Stack(root, 'Other', { env: { ...ENV, account: '222222222222' } }))],
  ])('that %s is refused, for a function and for a sweep', (_, give) => {
    const stackIn = () => new Stack(new App(), 'Stack', { env: ENV });
    for (const [stack, define] of [
      [stackIn(), (one: Stack) => new AlternateContactProvider(one, 'Provider', { role: give(one) })],
      [stackIn(), (one: Stack) => new OrganizationAlternateContacts(one, 'Sweep', { ...EVERYONE, role: give(one) })],
    ] as const) {
      expect(() => define(stack)).toThrow(message);
    }
  });

  test.each<[string, (app: App) => Stack]>([
    ['a stack that does not name its account', app => new Stack(app, 'Stack')],
    ['a stack set, although its stage names an account', app => new StackSetStack(new Stack(new Stage(app, 'Stage', { env: ENV }), 'Parent'), 'Stack')],
  ])('may be the own account of %s', (_, stackIn) => {
    const stack = stackIn(new App());
    expect(() => new AlternateContactProvider(stack, 'Provider', { role: importIn(stack) })).not.toThrow();
  });
});
