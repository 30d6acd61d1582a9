import { Sandbox, SandboxOptions } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';
import { functionOf, MANAGEMENT, MEMBER } from '../functions';

/** Calls so often at once, again after each pause, and says how each call ended. */
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
exports.handler = async ({ call, times, pauses = [] }) => {
  const counts = [];
  for (const pause of [0, ...pauses]) {
    await new Promise(resolve => setTimeout(resolve, pause * 1000));
    const outcomes = await Promise.all(Array.from({ length: times }, () => calls[call]().then(() => 'ok', error => error)));
    counts.push(outcomes.filter(error => !['TooManyRequestsException', 'Throttling'].includes(error.name)).length);
    exports.last = outcomes.find(error => error.name === 'TooManyRequestsException' || error.name === 'Throttling');
  }
  const { name, message, $metadata } = exports.last ?? {};
  return { counts, error: name && [name, message, $metadata.httpStatusCode] };
};`;

let sandbox: Sandbox;
const start = async (options: Partial<SandboxOptions> = {}) => {
  // Slow enough that little is refilled while a burst lasts.
  sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [MEMBER], timeScale: 1, reuseProcesses: true, ...options });
  const arn = await functionOf(sandbox, CALL);
  return async (call: string, times: number, pauses?: number[]) =>
    (await sandbox.invoke(arn, { call, times, pauses })).result as { counts: number[]; error?: [string, string, number] };
};
afterEach(() => sandbox.close());
const SLOW = { rate: 0.01, burst: 3 };

test.each([
  ['documented', 'put', 8], ['documented', 'get', 15], ['documented', 'delete', 6],
  ['documented-china', 'put', 6], ['documented-china', 'get', 5], ['documented-china', 'delete', 6],
] as const)('with the quotas %s, %s takes a burst of %d', async (quotas, call, burst) => {
  const calls = await start({ quotas });
  const { counts: [granted], error } = await calls(call, 40);
  // What was refilled meanwhile counts too.
  expect(granted).toBeGreaterThanOrEqual(burst);
  expect(granted).toBeLessThan(burst + 8);
  expect(error).toEqual(['TooManyRequestsException', 'Rate exceeded', 429]);
});

test('a bucket is refilled at its rate, up to its burst', async () => {
  const calls = await start({ quotas: { put: { rate: 0.1, burst: 4 }, get: SLOW, delete: SLOW }, timeScale: 20 });
  expect((await calls('put', 8, [22, 60])).counts).toEqual([4, 2, 4]);
});

test('the actions have a bucket each, and the accounts of an organization share it', async () => {
  const calls = await start({ quotas: { put: SLOW, get: SLOW, delete: SLOW } });
  expect((await calls('put', 5)).counts).toEqual([3]);
  expect((await calls('get', 5)).counts).toEqual([3]);
  const member = await functionOf(sandbox, CALL, { account: MEMBER });
  expect((await sandbox.invoke(member, { call: 'put', times: 5 })).result).toMatchObject({ counts: [0] });
});

test.each([
  [false, [3, 0, 1]],
  [true, [3, 0, 0]],
])('with refusedTakesToken %p, what was refused meanwhile keeps the bucket from filling', async (refusedTakesToken, counts) => {
  // A token takes 40 seconds; the second round comes 20 seconds after the first, and the third 50.
  const calls = await start({ quotas: { put: { rate: 0.025, burst: 3 }, get: SLOW, delete: SLOW }, refusedTakesToken, timeScale: 20 });
  expect((await calls('put', 5, [20, 30])).counts).toEqual(counts);
});

describe('CloudFormation', () => {
  test.each(['describe', 'list'])('throttles its own action %s as soon as there are quotas', async action => {
    const calls = await start({ quotas: 'documented' });
    const { counts: [granted], error } = await calls(action, 30);
    expect(granted).toBeGreaterThanOrEqual(5);
    expect(granted).toBeLessThan(12);
    expect(error).toEqual(['Throttling', 'Rate exceeded', 400]);
  });

  test.each([
    ['without quotas', {}],
    ['when its own are turned off', { quotas: 'documented', cloudFormationQuotas: 'none' }],
  ] as const)('throttles nothing %s', async (_, options) => {
    const calls = await start(options);
    expect(await calls('describe', 40)).toEqual({ counts: [40] });
    expect(await calls('list', 40)).toEqual({ counts: [40] });
  });

  test('has a bucket per action, account and region', async () => {
    const calls = await start({ cloudFormationQuotas: { describeStacks: SLOW } });
    expect((await calls('describe', 5)).counts).toEqual([3]);
    expect((await calls('list', 5)).counts).toEqual([5]);
    for (const place of [{ account: MEMBER }, { region: 'eu-west-1' }]) {
      const other = await functionOf(sandbox, CALL, place);
      expect((await sandbox.invoke(other, { call: 'describe', times: 5 })).result).toMatchObject({ counts: [3] });
    }
  });
});
