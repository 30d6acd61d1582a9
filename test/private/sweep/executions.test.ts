import { type Stack } from 'aws-cdk-lib';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EVERYONE } from './contacts';
import { DATA, failure, SHOP, OrganizationHarness } from './harness';
import { type OrganizationAlternateContactsProps as Props } from '../../../src';

/* Executions that run beside each other, and the events about them. */

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

test('a thousand running executions do not keep a sweep from starting', async () => {
  organization = await OrganizationHarness.start();
  const { stepFunctions } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const waiting = Array.from({ length: 1_000 }, () => stepFunctions.start(machineArn, { afterSeconds: 86_400 }));
  await organization.clock.advance(1);
  const execution = await organization.run({});
  expect(execution.status).toBe('SUCCEEDED');
  expect(execution.history.length).toBeLessThan(250);
  expect(waiting.every(({ status }) => status === 'RUNNING')).toBe(true);
}, 60_000);

test('of two sweeps that begin in the same millisecond one stops the other and finishes', async () => {
  organization = await OrganizationHarness.start();
  organization.edit(SHOP, 'SECURITY');
  const { stepFunctions } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const sweeps = [stepFunctions.start(machineArn, {}), stepFunctions.start(machineArn, {})];
  expect(sweeps[0].startedAt).toBe(sweeps[1].startedAt);
  await organization.settle();
  const [older, newer] = sweeps.sort((one, other) => one.identity.arn < other.identity.arn ? -1 : 1);
  expect(failure(older)).toMatchObject({ status: 'ABORTED', error: 'Superseded' });
  expect(newer.status).toBe('SUCCEEDED');
  expect(organization.contactsOf(SHOP)[2]).toBe('soc');
});

describe('the rule for completed sweeps', () => {
  /** The events that the rule matches after a deployment, its sweeps and a run that fails. */
  const matched = async (propsOf: (stack: Stack) => Partial<Props> = () => ({})) => {
    organization = await OrganizationHarness.start();
    await organization.deploy(EVERYONE, undefined, stack => ({ ...EVERYONE, ...propsOf(stack) }), (contacts, stack) =>
      contacts.onSweepCompleted('Completed', { target: new SnsTopic(new Topic(stack, 'Topic')) }));
    organization.sandbox.faults.add({ api: '*', kind: 'error', status: 403, name: 'AccessDeniedException', times: Infinity, match: call => call.accountId === DATA });
    await organization.run({ accountIds: [DATA] });
    await organization.settle();
    return organization.sandbox.deliveries.filter(({ outcome }) => outcome === 'not modelled')
      .map(({ input }) => (input as { detail: { status: string; input?: string; output?: string } }).detail);
  };

  test('matches sweeps, but not executions that wait for a deployment', async () => {
    const events = await matched();
    expect(events.map(({ status, input }) => [status, input])).toEqual([['SUCCEEDED', '{}'], ['FAILED', `{"accountIds":["${DATA}"]}`]]);
    expect(JSON.parse(events[0].output ?? '')).toMatchObject({ accounts: 5 });
  });

  test('matches with an encryption key too, where the events have no input and no result', async () => {
    const events = await matched(stack => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000') }));
    expect(events.map(({ status }) => status)).toEqual(expect.arrayContaining(['SUCCEEDED', 'FAILED']));
    expect(events.every(event => !('input' in event) && !('output' in event))).toBe(true);
  });
});

test('the first sweep does not depend on a rule that may miss the end of its own stack, even if the schedule is cron', async () => {
  organization = await OrganizationHarness.start({ ...EVERYONE, schedule: ScheduleExpression.cron({ minute: '0', hour: '3' }) }, { eventBridge: { ruleDelaySeconds: 600 } });
  expect(organization.sweeps).toHaveLength(1);
  expect(organization.contactsOf(SHOP)).toEqual(['finance', 'platform', 'soc']);
});
