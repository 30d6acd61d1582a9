import http from 'node:http';
import { OWN, Refusal, RequestFields, useHarness } from './harness';

const harness = useHarness();
const UPDATE = { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` } as const;

test.each<[string, Refusal[]]>([
  ['is refused twice', [500, 403]], ['is redirected', [300]], ['is dropped', ['drop', 'drop', 503]], ['is refused with a text that is cut off', ['cut off']],
])('a response that %s is sent again', async (_, list) => {
  harness.refusals = list;
  expect(await harness.deliver(UPDATE)).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.refusals).toEqual([]);
  expect(harness.callsMade).toEqual(['PutAlternateContact own']);
});

test.each<[string, RequestFields]>([
  ['GetAlternateContact', { RequestType: 'Create' }],
  ['PutAlternateContact', UPDATE],
  ['DeleteAlternateContact', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }],
  ['ListStackResources', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }],
  ['DescribeStacks', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` }],
])('the response is sent in time when %s does not return', async (api, request) => {
  // For longer than the test may take.
  harness.sandbox.faults.add({ api, kind: 'slow', seconds: 3_600 });
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const timeouts = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
  expect(await harness.deliver(request, {}, { remaining: 11_000 })).toMatchObject({ Status: 'FAILED' });
  expect(timeouts.mock.calls.flat()).toEqual(timeouts.mock.calls.map(() => 1_000));
});

test('a response that gets no reply within five seconds is sent again', async () => {
  const { request } = http;
  const requests = jest.spyOn(http, 'request').mockImplementation(((url: string, options: http.RequestOptions, respond: () => void) =>
    // Only those that hang: the others may take a while.
    request(url, { ...options, timeout: harness.refusals[0] === 'hang' ? 200 : options.timeout }, respond)) as typeof request);
  harness.refusals = ['hang'];
  expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: 'x' })).toMatchObject({ Status: 'SUCCESS' });
  expect(requests.mock.calls.map(([, options]) => (options as http.RequestOptions).timeout)).toEqual([5_000, 5_000]);

  harness.refusals = Array<Refusal>(100).fill('hang');
  await expect(harness.deliver({ RequestType: 'Delete', PhysicalResourceId: 'x' }, {}, { remaining: 520 })).rejects.toThrow('The response was not accepted in time');
});

test('a response that is never accepted is an error, so that Lambda delivers the event again', async () => {
  harness.refusals = Array<Refusal>(9).fill(500);
  const now = Date.now();
  // Each delivery takes fifty milliseconds: the fourth leaves the reserve of half a second.
  jest.spyOn(Date, 'now').mockImplementation(() => now + 50 * (9 - harness.refusals.length));
  await expect(harness.deliver({ RequestType: 'Delete', PhysicalResourceId: 'x' }, {}, { remaining: 700 })).rejects.toThrow('The response was refused with HTTP 500');
  expect(harness.refusals).toHaveLength(5);
});

describe('a response that CloudFormation no longer waits for', () => {
  const HOUR = 3_600_000;
  const late = (age: number) => harness.invoke(UPDATE, { ServiceTimeout: '1200' }, { remaining: 900_000, sentAt: Date.now() - age });

  test('is not sent again when it is refused with 403: the URL has expired', async () => {
    harness.refusals = [403, 403];
    await late(2.1 * HOUR);
    expect(harness.received).toEqual([]);
    expect(harness.refusals).toEqual([403]);
    expect(harness.logged).toMatchObject({ action: 'failed' });
  });

  test('is sent again when it is refused with another status', async () => {
    harness.refusals = [500, 404, 'drop'];
    await late(HOUR);
    expect(harness.received).toHaveLength(1);
  });
});

test('a response is not sent again when only the reserve of half a second is left', async () => {
  harness.refusals = Array<Refusal>(9).fill(500);
  const now = Date.now();
  // Time stands still until a delivery that is too many.
  jest.spyOn(Date, 'now').mockImplementation(() => (harness.refusals.length < 8 ? now + 1 : now));
  await expect(harness.deliver({ RequestType: 'Delete', PhysicalResourceId: 'x' }, {}, { remaining: 500 })).rejects.toThrow('The response was refused with HTTP 500');
  expect(harness.refusals).toHaveLength(8);
});
