import { Match, Template } from 'aws-cdk-lib/assertions';
import { attachedStatementsOf } from './policies';
import { OrganizationEventForwarder } from '../src';
import { ENV, stackIn } from './private/sweep/fixtures';

test('the events about accounts are forwarded to the default bus of another region', () => {
  const stack = stackIn(ENV);
  new OrganizationEventForwarder(stack, 'Forwarder', { targetRegion: 'eu-west-1' });
  const template = Template.fromStack(stack);
  const bus = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:eu-west-1:111111111111:event-bus/default']] };
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      'source': ['aws.organizations'],
      'detail-type': ['AWS Service Event via CloudTrail', 'AWS API Call via CloudTrail'],
      'detail': { eventSource: ['organizations.amazonaws.com'], eventName: ['CreateAccountResult', 'AccountJoinedOrganization', 'MoveAccount'] },
    },
    Targets: [{ Arn: bus, Id: 'Target0', RoleArn: Match.anyValue() }],
  });
  expect(attachedStatementsOf(template)).toEqual([{ Effect: 'Allow', Action: 'events:PutEvents', Resource: bus }]);
});

test('the events are forwarded to another account', () => {
  const stack = stackIn(ENV);
  const forwarder = new OrganizationEventForwarder(stack, 'Forwarder', { targetRegion: 'us-east-1', targetAccountId: '222222222222' });
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain(':events:us-east-1:222222222222:event-bus/default');
  expect(forwarder.rule.node.path).toBe('Stack/Forwarder/Rule');
});

test.each<[string, string, string | undefined, string]>([
  ['eu-west-1', 'eu-central-1', undefined, 'the stack must be in us-east-1 (cn-northwest-1 in China, us-gov-west-1 in GovCloud), because Organizations sends its events only there; got eu-west-1'],
  ['cn-north-1', 'cn-northwest-1', undefined, 'the stack must be in us-east-1 (cn-northwest-1 in China'],
  ['us-east-1', 'us-east-1', undefined, 'targetRegion must be another region, because the events are in this one already; got us-east-1'],
  ['us-east-1', 'us-east-1', '111111111111', 'targetRegion must be another region'],
  ['us-east-1', 'cn-north-1', undefined, 'targetRegion must be in the partition of the stack, aws; got cn-north-1, which is in aws-cn'],
  ['us-east-1', 'Ireland', undefined, 'targetRegion must be a region, such as eu-west-1; got "Ireland"'],
  ['us-east-1', 'eu-west-1', '2222', 'targetAccountId must be a string of 12 digits; got "2222"'],
  ['us-east-1', 'eu-west-1', '2222222222222', 'targetAccountId must be a string of 12 digits; got "2222222222222"'],
])('forwarding from %s to %s (of account %s) is refused', (region, targetRegion, targetAccountId, message) => {
  expect(() => new OrganizationEventForwarder(stackIn({ ...ENV, region }), 'Forwarder', { targetRegion, targetAccountId })).toThrow(`Stack/Forwarder: ${message}`);
});

test.each([['us-east-1', 'eu-west-1'], ['cn-northwest-1', 'cn-north-1'], ['us-gov-west-1', 'us-gov-east-1']])(
  'forwarding from %s, where Organizations sends its events, to %s is accepted', (region, targetRegion) => {
    expect(() => new OrganizationEventForwarder(stackIn({ ...ENV, region }), 'Forwarder', { targetRegion })).not.toThrow();
  });
