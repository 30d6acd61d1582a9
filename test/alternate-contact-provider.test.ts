import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { determineLatestNodeRuntime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AlternateContact, AlternateContactProvider, AlternateContactProviderProps, AlternateContacts, AlternateContactType } from '../src';

const VALUES = { name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '+1 555 0100' };
const OWN = { account: '111111111111', region: 'eu-west-1' };

interface Statement { Action: string | string[]; Resource: unknown; Condition?: unknown; Effect: string }
const statementsOf = (template: Template): Statement[] => Object.values(template.findResources('AWS::IAM::Role'))
  .flatMap(role => role.Properties.Policies).flatMap(policy => policy.PolicyDocument.Statement);
const putStatementsOf = (template: Template) => statementsOf(template).filter(statement => statement.Action.includes('account:PutAlternateContact'));

test('a stack has one function, one role and one log group, however many contacts', () => {
  const stack = new Stack();
  new AlternateContacts(stack, 'Own', { billing: VALUES, operations: VALUES, security: VALUES });
  new AlternateContacts(stack, 'Other', { accountId: '222222222222', billing: VALUES });
  const template = Template.fromStack(stack);
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']) template.resourceCountIs(type, 1);
  expect(Object.keys(template.toJSON().Resources)).toHaveLength(3 + 4);
  expect(AlternateContactProvider.getOrCreate(stack)).toBe(AlternateContactProvider.getOrCreate(stack));
});

test('the function is inline, follows the newest runtime, writes to its own log group and is made after its role', () => {
  const stack = new Stack();
  AlternateContactProvider.getOrCreate(stack);
  Template.fromStack(stack).hasResource('AWS::Lambda::Function', {
    Properties: {
      Code: { ZipFile: Match.stringLikeRegexp('PutAlternateContactCommand') },
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 256,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.anyValue() } },
    },
    DependsOn: [Match.stringLikeRegexp('Role')],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  // The CDK decides, by region where that is known: older ones write a map, newer ones a name.
  const runtime = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0].Properties.Runtime;
  expect(runtime).toEqual(stack.resolve(determineLatestNodeRuntime(stack).name));
});

describe('the permissions', () => {
  test('of a provider without contacts', () => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    AlternateContactProvider.getOrCreate(stack);
    expect(statementsOf(Template.fromStack(stack))).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/LogGroup/), 'Arn'] } },
      {
        Effect: 'Allow',
        Action: 'account:DeleteAlternateContact',
        Resource: expect.arrayContaining([expect.anything(), expect.anything()]),
      },
      { Effect: 'Allow', Action: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], Resource: { Ref: 'AWS::StackId' } },
    ]);
  });

  const resourcesFor = (env: object, accountId?: string) => {
    const stack = new Stack(new App(), 'Stack', env);
    new AlternateContact(stack, 'Contact', { ...VALUES, alternateContactType: AlternateContactType.BILLING, accountId });
    const [put, ...others] = putStatementsOf(Template.fromStack(stack));
    expect(others).toEqual([]);
    expect(put.Action).toEqual(['account:PutAlternateContact', 'account:GetAlternateContact']);
    expect(put.Condition).toEqual({ 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': 'BILLING' } });
    return JSON.stringify(put.Resource).replaceAll('{"Ref":"AWS::Partition"}', 'P').replaceAll('{"Ref":"AWS::AccountId"}', 'OWN')
      .replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replace(/"?,"?|"/g, '')}"`);
  };

  test.each([
    ['the own account', {}, undefined, '"arn:P:account::OWN:account"'],
    ['the own account of a stack that knows it', { env: OWN }, '111111111111', '"arn:P:account::111111111111:account"'],
    ['another account', { env: OWN }, '222222222222', '"arn:P:account::*:*/222222222222"'],
    ['an account that may be the own one', {}, '222222222222', '["arn:P:account::222222222222:account","arn:P:account::*:*/222222222222"]'],
    ['another account in China', { env: { account: '111111111111', region: 'cn-north-1' } }, '222222222222', '"arn:P:account::*:*/222222222222"'],
  ])('to put are those of %s alone', (_, env, accountId, resources) => {
    expect(resourcesFor(env, accountId)).toBe(resources);
  });

  test('have one statement a type', () => {
    const stack = new Stack(new App(), 'Stack', { env: OWN });
    for (const accountId of ['222222222222', '333333333333']) new AlternateContacts(stack, accountId, { accountId, billing: VALUES, security: VALUES });
    expect(putStatementsOf(Template.fromStack(stack)).map(statement => (statement.Resource as unknown[]).length)).toEqual([2, 2]);
  });

  test('have no wildcard for an action, and none for a resource', () => {
    const stack = new Stack();
    new AlternateContacts(stack, 'Contacts', { accountId: '222222222222', billing: VALUES });
    for (const { Action, Resource } of statementsOf(Template.fromStack(stack))) {
      expect([Action].flat().join()).not.toContain('*');
      expect([Resource].flat()).not.toContain('*');
    }
  });

  test('go to a role that is given, in pieces that it can sort into policies', () => {
    const stack = new Stack();
    const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const provider = new AlternateContactProvider(stack, 'Provider', { role });
    for (let i = 0; i < 200; i++) {
      new AlternateContact(stack, `C${i}`, { ...VALUES, alternateContactType: AlternateContactType.BILLING, accountId: String(200000000000 + i), provider });
    }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 1);
    const policies = JSON.stringify([template.findResources('AWS::IAM::Policy'), template.findResources('AWS::IAM::ManagedPolicy')]);
    for (let i = 0; i < 200; i++) expect(policies).toContain(`*/${200000000000 + i}`);
    template.hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('DefaultPolicy')]) });
  });

  test('are not given to an immutable role', () => {
    const stack = new Stack();
    const role = Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111111111111:role/own', { mutable: false });
    new AlternateContact(stack, 'C', { ...VALUES, alternateContactType: AlternateContactType.BILLING, provider: new AlternateContactProvider(stack, 'P', { role }) });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
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
  [{ timeout: Duration.minutes(16) }, 'timeout must be 1 to 15 minutes; got 16 minutes'],
  [{ memorySize: 127 }, 'memorySize must be a whole number from 128 to 10240; got 127'],
  [{ memorySize: 128.5 }, 'memorySize must be a whole number from 128 to 10240; got 128.5'],
  [{ memorySize: 10_241 }, 'memorySize must be a whole number from 128 to 10240; got 10241'],
])('%j is refused', (props, message) => {
  expect(() => new AlternateContactProvider(new Stack(new App(), 'Stack'), 'Provider', props)).toThrow(`Stack/Provider: ${message}`);
});

test('a retention together with a log group is refused', () => {
  const stack = new Stack();
  expect(() => new AlternateContactProvider(stack, 'P', { logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_DAY }))
    .toThrow('logRetention must not be given together with logGroup');
});
