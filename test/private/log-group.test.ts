import { Stack } from 'aws-cdk-lib';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AlternateContactProvider, OrganizationAlternateContacts } from '../../src';
import { contact, stackIn } from '../contacts';

interface Logs { readonly logGroup: ILogGroup; readonly logRetention: RetentionDays }

test.each<[string, (stack: Stack, logs: Logs) => unknown]>([
  ['a provider', (stack, logs) => new AlternateContactProvider(stack, 'Construct', logs)],
  ['the sweep of an organization', (stack, logs) => new OrganizationAlternateContacts(stack, 'Construct', { security: contact('soc'), ...logs })],
])('%s refuses a retention together with a log group', (_, define) => {
  const stack = stackIn();
  expect(() => define(stack, { logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_DAY }))
    .toThrow('Stack/Construct: logRetention must not be combined with logGroup, which has its own retention; got 1');
});
