import { CloudWatch } from '../../../sandbox/cloudwatch/metrics';
import { Traffic } from '../../../sandbox/core/traffic';
import { VirtualClock } from '../../../sandbox/core/virtual-clock';
import { Statement } from '../../../sandbox/iam/policy';
import { Iam } from '../../../sandbox/iam/service';
import { roleOf } from '../step-functions/state-machines';

const ACCOUNT = '111111111111';
const CALLER = { account: ACCOUNT, partition: 'aws', roleName: 'Role', functionName: 'Machine', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Role/Machine` };
const DATUM = { MetricName: 'Completed', Value: 1 };

function start(statements?: Statement[]) {
  const clock = new VirtualClock();
  const iam = new Iam(clock, 0);
  const traffic = new Traffic(clock);
  iam.putRole(ACCOUNT, 'Role', roleOf('*', statements));
  const cloudWatch = new CloudWatch(traffic, iam);
  const put = (input: object, region = 'us-east-1') => cloudWatch.call('putMetricData', { Namespace: 'Contacts', ...input }, CALLER, region);
  return { clock, cloudWatch, put, faults: traffic.faults, calls: traffic.calls };
}

test('values are recorded with their account, region, namespace, dimensions and time', async () => {
  const { clock, cloudWatch, put, calls } = start();
  await clock.advance(60);
  const Dimensions = [{ Name: 'StateMachine', Value: 'Machine' }, { Name: 'Stage', Value: 'prod' }];
  expect(await put({ MetricData: [{ ...DATUM, Dimensions, Unit: 'Count' }, { ...DATUM, Timestamp: '2025-12-31T00:00:00Z' }] }, 'eu-west-1')).toEqual({});
  const common = { account: ACCOUNT, region: 'eu-west-1', namespace: 'Contacts', metricName: 'Completed', value: 1 };
  expect(cloudWatch.data).toEqual([
    { ...common, dimensions: { StateMachine: 'Machine', Stage: 'prod' }, unit: 'Count', at: Date.UTC(2026, 0, 1, 0, 1) },
    { ...common, dimensions: {}, unit: 'None', at: Date.UTC(2025, 11, 31) },
  ]);
  expect(calls).toMatchObject([{ api: 'PutMetricData', account: ACCOUNT, outcome: 'ok' }]);
});

test.each<[string, Statement, boolean]>([
  ['all resources', { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*' }, true],
  ['one resource, which the action does not take', { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: 'arn:aws:cloudwatch:us-east-1:111111111111:*' }, false],
  ['its namespace', { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'Contacts' } } }, true],
  ['another namespace', { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'Other' } } }, false],
  ['all but its namespace', { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringNotLike: { 'cloudwatch:namespace': 'Con*' } } }, false],
  ['any of its namespaces', { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { 'ForAnyValue:StringEquals': { 'cloudwatch:namespace': ['Other', 'Contacts'] } } }, true],
])('a role that may put values to %s', async (_, statement, allowed) => {
  const { cloudWatch, put } = start([statement]);
  const outcome = await put({ MetricData: [DATUM] }).catch((reason: Error) => `${reason.name}: ${reason.message}`);
  expect(outcome).toEqual(allowed ? {} : expect.stringMatching(/^CloudWatchException: User: \S+ is not authorized to perform: cloudwatch:PutMetricData on resource: \* because/));
  expect(cloudWatch.data).toHaveLength(allowed ? 1 : 0);
});

test.each([
  ['no namespace', { Namespace: undefined, MetricData: [DATUM] }, 'MissingRequiredParameterException'],
  ['a namespace of AWS', { Namespace: 'AWS/States', MetricData: [DATUM] }, 'InvalidParameterValueException'],
  ['a name that is not ASCII', { MetricData: [{ ...DATUM, MetricName: 'é' }] }, 'InvalidParameterValueException'],
  ['a dimension without a value', { MetricData: [{ ...DATUM, Dimensions: [{ Name: 'a', Value: ' ' }] }] }, 'InvalidParameterValueException'],
  ['no value', { MetricData: [{ MetricName: 'a' }] }, 'InvalidParameterValueException'],
  ['too much', { MetricData: Array.from({ length: 1001 }, () => DATUM) }, 'InvalidParameterValueException'],
  ['statistics, which the sandbox does not model', { MetricData: [{ ...DATUM, StatisticValues: {} }] }, 'Error'],
])('%s is refused', async (_, input, name) => {
  const { cloudWatch, put } = start();
  await expect(put(input)).rejects.toMatchObject({ name });
  expect(cloudWatch.data).toEqual([]);
});

test('a value is put even if the answer is lost', async () => {
  const { cloudWatch, put, faults, calls } = start();
  for (const kind of ['drop-before', 'drop-after', '429', '500'] as const) {
    faults.add({ api: 'PutMetricData', kind });
    await expect(put({ MetricData: [{ ...DATUM, MetricName: kind }] })).rejects.toThrow();
  }
  expect(cloudWatch.data.map(({ metricName }) => metricName)).toEqual(['drop-after']);
  expect(calls.map(({ outcome }) => outcome)).toEqual(['drop-before', 'drop-after', 'CloudWatchException', 'InternalServiceException']);
});
