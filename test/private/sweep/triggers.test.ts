import { Match } from 'aws-cdk-lib/assertions';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { SOC, templateOf } from './fixtures';
import { OrganizationHarness, SHOP } from './harness';
import type { OrganizationAlternateContactsProps } from '../../../src';
import { EVERYONE } from '../../contacts';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

test('sweeps start at once and every day, after deployments and rollbacks, but only when the machine has its permissions', () => {
  const template = templateOf();
  template.hasResource('AWS::Scheduler::Schedule', {
    Properties: { ScheduleExpression: 'rate(1 day)', StartDate: Match.absent(), Target: { Input: '{}', Arn: { Ref: Match.stringLikeRegexp('StateMachine') } } },
    // A rate starts at once, so both the role of the schedule and the machine need their permissions before.
    DependsOn: ['ScheduleRoleDefaultPolicy', 'StateMachinePolicy'].map(id => Match.stringLikeRegexp(id)),
  });
  template.hasResource('AWS::Events::Rule', {
    Properties: {
      EventPattern: {
        'source': ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        'detail': { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] } },
      },
      Targets: [Match.objectLike({ Input: '{"afterSeconds":60}' })],
    },
    DependsOn: [Match.stringLikeRegexp('StateMachinePolicy')],
  });
});

test('each trigger is created after the permissions of the machine', () => {
  const template = templateOf();
  const triggers = ['AWS::Scheduler::Schedule', 'AWS::Events::Rule'].flatMap(type => Object.values(template.findResources(type)) as { DependsOn?: string[] }[]);
  expect(triggers).toHaveLength(7);
  for (const { DependsOn } of triggers) { expect(DependsOn).toContainEqual(expect.stringMatching(/StateMachinePolicy/)); }
});

test('only the schedules of this account and region may start sweeps as the scheduler', () => {
  templateOf().hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': '111111111111',
            'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:us-east-1:111111111111:schedule-group/default']] },
          },
        },
      }],
    },
  });
});

test('the schedule starts a sweep of all accounts every day', async () => {
  organization = await OrganizationHarness.start();
  const before = organization.sweeps.length;
  await organization.clock.advance(2 * 24 * 3_600);
  await organization.settle();
  expect(organization.sweeps.slice(before).map(({ input, status }) => [input, status])).toEqual([[{}, 'SUCCEEDED'], [{}, 'SUCCEEDED']]);
});

test('a sweep starts when the stack is created, even with a cron schedule', () => {
  const expressionsOf = (props: Partial<OrganizationAlternateContactsProps>) =>
    (Object.values(templateOf({ ...SOC, ...props }).findResources('AWS::Scheduler::Schedule')) as { Properties: { ScheduleExpression: string } }[])
      .map(({ Properties }) => Properties.ScheduleExpression);
  expect(expressionsOf({})).toEqual(['rate(1 day)']);
  expect(expressionsOf({ schedule: ScheduleExpression.cron({ minute: '0', hour: '3' }) })).toEqual(['cron(0 3 * * ? *)', 'rate(365 days)']);
});

test('the first sweep does not depend on a rule that may miss the end of its own stack, even with a cron schedule', async () => {
  organization = await OrganizationHarness.start({ ...EVERYONE, schedule: ScheduleExpression.cron({ minute: '0', hour: '3' }) }, { eventBridge: { ruleDelaySeconds: 600 } });
  expect(organization.sweeps).toHaveLength(1);
  expect(organization.contactsOf(SHOP)).toEqual(['finance', 'platform', 'soc']);
});
