import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AlternateContactProvider, OrganizationAlternateContacts } from '../../src';
import { contact, stackIn } from '../contacts';

interface Logs { readonly logGroup: ILogGroup; readonly logRetention: RetentionDays }

const CONSTRUCTS: [string, (stack: Stack, logs?: Logs) => unknown][] = [
  ['a provider', (stack, logs) => new AlternateContactProvider(stack, 'Construct', logs)],
  ['the sweep of an organization', (stack, logs) => new OrganizationAlternateContacts(stack, 'Construct', { security: contact('soc'), ...logs })],
];

test.each(CONSTRUCTS)('%s keeps its logs for three months, and its log group is deleted with the stack', (_, define) => {
  const stack = stackIn();
  define(stack);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
  template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test.each(CONSTRUCTS)('%s refuses a retention together with a log group', (_, define) => {
  const stack = stackIn();
  expect(() => define(stack, { logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_DAY }))
    .toThrow('Stack/Construct: logRetention must not be combined with logGroup, which has its own retention; got 1');
});
