import { Sandbox, SandboxOptions, VirtualClock } from '../../../sandbox';
import { accountBuckets, cloudFormationBuckets, QuotaOptions, TokenBuckets } from '../../../sandbox/core/quotas';
import { openSandbox } from '../../open-sandbox';
import { functionOf, MANAGEMENT, MEMBER } from '../functions';

/** Calls so often at once, and says how many calls were not throttled. */
const CALL = `
const { Account } = require('@aws-sdk/client-account');
const { CloudFormation } = require('@aws-sdk/client-cloudformation');
const account = new Account({ maxAttempts: 1 });
const cloudFormation = new CloudFormation({ maxAttempts: 1 });
const contact = { AlternateContactType: 'SECURITY' };
const calls = {
  put: () => account.putAlternateContact({ ...contact, Name: 'n', Title: 't', EmailAddress: 'e@example.com', PhoneNumber: '1' }),
  get: () => account.getAlternateContact(contact),
  delete: () => account.deleteAlternateContact(contact),
  describe: () => cloudFormation.describeStacks({ StackName: 'functions' }),
  list: () => cloudFormation.listStackResources({ StackName: 'functions' }),
};
exports.handler = async ({ call, times }) => {
  const outcomes = await Promise.all(Array.from({ length: times }, () => calls[call]().then(() => 'ok', error => error)));
  const throttled = outcomes.filter(({ name }) => name === 'TooManyRequestsException' || name === 'Throttling');
  const [{ name, message, $metadata } = {}] = throttled;
  return { count: times - throttled.length, error: name && [name, message, $metadata.httpStatusCode] };
};`;

let sandbox: Sandbox;
const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [MEMBER], reuseProcesses: true, ...options });
  const arn = await functionOf(sandbox, CALL);
  return async (call: string, times: number) =>
    (await sandbox.lambda.invoke(arn, { call, times })).result as { count: number; error?: [string, string, number] };
};
afterEach(() => sandbox?.close());

/** Nothing is refilled while a test lasts. */
const SLOW = { rate: 0.0001, burst: 3 };
const ALL_SLOW = { put: SLOW, get: SLOW, delete: SLOW };

describe('a bucket', () => {
  /** Takes so many tokens at once, again after each pause of so many seconds, and says how many there were each time. */
  const taken = async (make: (clock: VirtualClock) => TokenBuckets, action: string, pauses: number[]) => {
    const clock = new VirtualClock();
    const buckets = make(clock);
    const counts: number[] = [];
    for (const pause of [0, ...pauses]) {
      await clock.advance(pause);
      counts.push(Array.from({ length: 20 }, () => buckets.take(MANAGEMENT, action)).filter(isTaken => isTaken).length);
    }
    return counts;
  };

  test.each([
    ['documented', 'Put', 8, 5], ['documented', 'Get', 15, 10], ['documented', 'Delete', 6, 1],
    ['documented-china', 'Put', 6, 1], ['documented-china', 'Get', 5, 3], ['documented-china', 'Delete', 6, 1],
  ] as const)('of the quotas %s for %s has a burst of %d, and %d per second', async (quotas, action, burst, rate) => {
    expect(await taken(clock => accountBuckets(clock, { quotas }), `${action}AlternateContact`, [1])).toEqual([burst, rate]);
  });

  test.each(['DescribeStacks', 'ListStackResources'])('of CloudFormation throttles %s if there are quotas', async action => {
    expect(await taken(clock => cloudFormationBuckets(clock, { quotas: 'documented' }), action, [1])).toEqual([5, 5]);
  });

  const takenAt = (rate: number, burst: number, pauses: number[], options: QuotaOptions = {}) =>
    taken(clock => accountBuckets(clock, { quotas: { ...ALL_SLOW, put: { rate, burst } }, ...options }), 'PutAlternateContact', pauses);

  test('is refilled at its rate, up to its burst', async () => {
    expect(await takenAt(0.1, 4, [22, 60])).toEqual([4, 2, 4]);
  });

  test.each([
    [false, [3, 0, 1]],
    [true, [3, 0, 0]],
  ])('with refusedTakesToken %p grants the right number of calls after refusals', async (refusedTakesToken, counts) => {
    // A token takes 40 seconds; the second round comes 20 seconds after the first, and the third 50.
    expect(await takenAt(0.025, 3, [20, 30], { refusedTakesToken })).toEqual(counts);
  });
});

test.each(['put', 'get', 'delete'])('Account Management throttles %s', async call => {
  const calls = await start({ quotas: ALL_SLOW });
  expect(await calls(call, 5)).toEqual({ count: 3, error: ['TooManyRequestsException', 'Rate exceeded', 429] });
});

test('each action has a bucket per calling account', async () => {
  const calls = await start({ quotas: ALL_SLOW });
  expect((await calls('put', 5)).count).toBe(3);
  expect((await calls('get', 5)).count).toBe(3);
  const member = await functionOf(sandbox, CALL, { account: MEMBER });
  expect((await sandbox.lambda.invoke(member, { call: 'put', times: 5 })).result).toMatchObject({ count: 3 });
});

describe('CloudFormation', () => {
  test.each(['describe', 'list'])('throttles the action %s', async action => {
    const calls = await start({ cloudFormationQuotas: { describeStacks: SLOW, listStackResources: SLOW } });
    expect(await calls(action, 5)).toEqual({ count: 3, error: ['Throttling', 'Rate exceeded', 400] });
  });

  test.each([
    ['without quotas', {}],
    ['when its own are turned off', { quotas: 'documented', cloudFormationQuotas: 'none' }],
  ] as const)('throttles nothing %s', async (_, options) => {
    const calls = await start(options);
    expect(await calls('describe', 40)).toEqual({ count: 40 });
    expect(await calls('list', 40)).toEqual({ count: 40 });
  });

  test('has a bucket per action, account and region', async () => {
    const calls = await start({ cloudFormationQuotas: { describeStacks: SLOW } });
    expect((await calls('describe', 5)).count).toBe(3);
    expect((await calls('list', 5)).count).toBe(5);
    for (const place of [{ account: MEMBER }, { region: 'eu-west-1' }]) {
      const other = await functionOf(sandbox, CALL, place);
      expect((await sandbox.lambda.invoke(other, { call: 'describe', times: 5 })).result).toMatchObject({ count: 3 });
    }
  });
});
