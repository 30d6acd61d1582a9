import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { declare, definitionOf, ENV, SOC, stackIn, templateOf } from './fixtures';
import { AlternateContactOverride, SweepMode } from '../../../src';
import { contact } from '../../contacts';
import { attachedStatementsOf } from '../../policies';

test('the machine may list accounts, and read and set contacts of the declared types, and nothing else', () => {
  const P = { Ref: 'AWS::Partition' };
  const resource = (...parts: unknown[]) => ({ 'Fn::Join': ['', ['arn:', P, ...parts]] });
  expect(attachedStatementsOf(templateOf(), /ContactsRoleDefaultPolicy/).map(({ Action, Resource, Condition }) => ({ Action, Resource, Condition }))).toEqual([
    { Action: 'organizations:ListAccounts', Resource: '*' },
    { Action: 'organizations:DescribeAccount', Resource: resource(':organizations::*:account/o-*/*') },
    {
      Action: ['account:GetAlternateContact', 'account:PutAlternateContact'],
      Resource: [resource(':account::111111111111:account'), resource(':account::*:account/o-*/*')],
      Condition: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': ['SECURITY'] } },
    },
    // The permissions that Step Functions needs to write logs take no resource.
    { Action: expect.arrayContaining(['logs:CreateLogDelivery']), Resource: '*' },
  ]);
});

test('the machine may start, list, describe and stop only its own executions', () => {
  const name = { 'Fn::GetAtt': [expect.stringMatching(/StateMachine/), 'Name'] };
  const executions = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states:us-east-1:111111111111:execution:', name, ':*']] };
  expect(attachedStatementsOf(templateOf(), /StateMachinePolicy/)).toEqual([
    { Effect: 'Allow', Action: ['states:StartExecution', 'states:ListExecutions'], Resource: { Ref: expect.stringMatching(/StateMachine/) } },
    { Effect: 'Allow', Action: ['states:DescribeExecution', 'states:StopExecution'], Resource: executions },
  ]);
});

test('only Step Functions may assume the role of the machine', () => {
  const role = Object.entries(templateOf().findResources('AWS::IAM::Role')).find(([id]) => /^ContactsRole/.test(id))?.[1] as { Properties: { AssumeRolePolicyDocument: { Statement: object[] } } };
  expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }]);
});

test('the types that an override declares are allowed too, even if it is added later', () => {
  const { stack, contacts } = declare();
  contacts.addOverride(AlternateContactOverride.forAccounts(['222222222222'], { billing: contact('lab') }));
  const [, , { Condition }] = attachedStatementsOf(Template.fromStack(stack), /ContactsRoleDefaultPolicy/);
  expect(Condition).toEqual({ 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': ['BILLING', 'SECURITY'] } });
});

test('the machine may only read contacts in report only mode', () => {
  const template = templateOf({ ...SOC, mode: SweepMode.REPORT_ONLY });
  expect(JSON.stringify(template.toJSON())).not.toContain('PutAlternateContact');
  expect(definitionOf(template)).not.toContain('putAlternateContact');
});

test('the machine may never delete a contact', () => {
  expect(JSON.stringify(templateOf().toJSON())).not.toMatch(/DeleteAlternateContact/i);
});

test('a given role gets the permissions, without a warning', () => {
  const stack = stackIn(ENV);
  const template = templateOf({ ...SOC, role: new Role(stack, 'Own', { assumedBy: new ServicePrincipal('states.amazonaws.com') }) }, stack);
  expect(JSON.stringify(attachedStatementsOf(template, /^OwnDefaultPolicy/))).toContain('account:GetAlternateContact');
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('an immutable role gets no permissions, and a warning lists them', () => {
  const stack = stackIn(ENV);
  const immutable = Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/own', { mutable: false });
  const template = templateOf({ ...SOC, role: immutable, encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1') }, stack);
  Annotations.fromStack(stack).hasWarning('/Stack/Contacts/Permissions', Match.stringLikeRegexp(
    'The role is immutable, so nothing is granted to it. The state machine needs: .*organizations:ListAccounts.*"account:AlternateContactTypes":\\["SECURITY"\\]'
    + '.*states:StartExecution.*logs:CreateLogDelivery.*kms:Decrypt","kms:GenerateDataKey"'));
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('account:GetAlternateContact');
});
