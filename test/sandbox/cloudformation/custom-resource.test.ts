import { request } from 'node:http';
import { echo, start, StackBench, topic } from './fixtures';
import { CustomResourceEvent } from '../../../sandbox';
import { responseTrouble, readResponse } from '../../../sandbox/cloudformation/custom-resource-response';
import { SteppedClock } from '../../stepped-clock';

/* What CloudFormation makes of the answers to its events. */
const bench = new StackBench();
const put = (url: string, body: string) => fetch(url, { method: 'PUT', body: Buffer.from(body) });
const answersTo = (event: CustomResourceEvent) => bench.sandbox.responses.filter(answer => answer.event === event);

describe('ResponseURL', () => {
  test('tells when CloudFormation sent the event, and how long it is valid', async () => {
    await bench.deploy({ First: echo({ Seconds: '100' }), Second: echo({}, { DependsOn: 'First' }) });
    const queries = [bench.sent('Create First')[0], bench.sent('Create Second')[0]].map(({ ResponseURL }) => new URL(ResponseURL).searchParams);
    for (const query of queries) {
      expect(query.get('X-Amz-Date')).toMatch(/^\d{8}T\d{6}Z$/);
      expect(query.get('X-Amz-Expires')).toBe('7200');
      expect(query.get('X-Amz-Credential')).toMatch(new RegExp(`/${query.get('X-Amz-Date')?.slice(0, 8)}/us-east-1/s3/aws4_request$`));
    }
    const [first, second] = queries.map(query =>
      Date.parse(String(query.get('X-Amz-Date')).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')));
    expect(second - first).toBeGreaterThanOrEqual(100_000);
    expect(Math.abs(bench.sandbox.clock.now() - second)).toBeLessThan(600_000);
  });

  test('refuses a content type, and any method but PUT', async () => {
    await bench.deploy({ Thing: echo() });
    const { ResponseURL } = bench.sent('Create Thing')[0];
    expect((await fetch(ResponseURL, { method: 'PUT', body: '{}' })).status).toBe(403);
    expect((await fetch(ResponseURL, { method: 'POST', body: Buffer.from('{}') })).status).toBe(403);
    expect(bench.sandbox.responses.slice(-2).map(({ violations }) => violations)).toEqual([['non-empty Content-Type'], ['method POST']]);
  });

  test('refuses a response without a Content-Length', async () => {
    await bench.deploy({ Thing: echo() });
    const status = await new Promise(resolve => {
      const sending = request(bench.sent('Create Thing')[0].ResponseURL, { method: 'PUT' }, response => resolve(response.resume().statusCode));
      sending.flushHeaders(); // makes it chunked
      sending.end('{}');
    });
    expect([status, bench.sandbox.responses.at(-1)?.violations]).toEqual([501, ['no Content-Length: S3 does not implement Transfer-Encoding']]);
  });

  test('refuses a response to an event that was never sent', async () => {
    await bench.deploy({ Thing: echo() });
    const [origin, query] = [new URL(bench.sent('Create Thing')[0].ResponseURL).origin, 'X-Amz-Signature=1'];
    const before = bench.sandbox.responses.length;
    expect((await put(`${origin}/stack%7CThing%7Canother?${query}`, '{}')).status).toBe(403);
    expect(bench.sandbox.responses).toHaveLength(before);
  });

  test('is refused after two hours', async () => {
    const clock = new SteppedClock(100);
    const stopped = await start({ clock });
    await stopped.deploy({ stackName: 'Stopped', account: '111111111111', template: { Resources: { Thing: echo() } } });
    clock.stop();
    const { ResponseURL } = stopped.events[0];
    expect((await put(ResponseURL, '{}')).status).toBe(200);
    clock.advance(7200);
    const refused = await put(ResponseURL, '{}');
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  test.each(['500', '429', 'drop-before'] as const)('does not take a response during the fault %s, so CloudFormation goes on waiting', async kind => {
    bench.sandbox.faults.add({ api: 'ResponseURL', kind });
    const result = await bench.deploy({ Thing: echo({ ServiceTimeout: 30 }) });
    expect(result.reason).toContain('CloudFormation did not receive a response');
  });

  test('takes a response even if the connection is cut afterwards', async () => {
    // Breaks all: otherwise the answer would be taken when Lambda delivers the event again.
    bench.sandbox.faults.add({ api: 'ResponseURL', kind: 'drop-after', times: 100 });
    const { status } = await bench.deploy({ Thing: echo({ ServiceTimeout: 600 }) });
    bench.sandbox.faults.clear();
    expect(status).toBe('CREATE_COMPLETE');
  });
});

describe('a response', () => {
  test('is used if it is the first to its event; later ones are accepted and ignored', async () => {
    await bench.deploy({ Thing: echo() }, { duplicates: () => true });
    await bench.sandbox.idle();
    expect(answersTo(bench.sent('Create Thing')[0]).map(({ httpStatus, used }) => [httpStatus, used])).toEqual([[200, true], [200, false]]);
  });

  test('that comes after CloudFormation has given up is accepted and ignored', async () => {
    const result = await bench.deploy({ Slow: echo({ Seconds: '120' }), Bad: topic() }, { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    await bench.sandbox.idle();
    expect(answersTo(bench.sent('Create Slow')[0]).map(({ httpStatus, used }) => [httpStatus, used])).toEqual([[200, false]]);
    expect(result.status).toBe('ROLLBACK_COMPLETE');
  });

  test.each([
    ['Response object is too long.', { Reason: 'x'.repeat(4000) }],
    ['Invalid Status', { Status: 'DONE' }],
    ['Invalid StackId', { StackId: 'another' }],
    ['Invalid RequestId', { RequestId: 'another' }],
    ['Invalid LogicalResourceId', { LogicalResourceId: 'another' }],
    ['Invalid PhysicalResourceId', { PhysicalResourceId: '' }],
    ['Invalid Reason: it must be a non-null string when Status is FAILED', { Status: 'FAILED' }],
    ['Invalid Data: it must be an object', { Data: 'text' }],
  ])('that is not valid makes the resource fail at once: %s', async (reason, Answer) => {
    const result = await bench.deploy({ Thing: echo({ Answer }) });
    expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason });
  });

  describe('as text', () => {
    const EVENT = { RequestType: 'Delete', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Thing', PhysicalResourceId: 'id' } as CustomResourceEvent;
    const body = (more: object = {}) =>
      JSON.stringify({ Status: 'SUCCESS', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Thing', PhysicalResourceId: 'id', ...more });

    test('has at most 4096 bytes', () => {
      const filled = (bytes: number) => body({ NoEcho: 'x'.repeat(bytes - Buffer.byteLength(body({ NoEcho: '' }))) });
      expect(readResponse(filled(4096), EVENT).violations).toEqual([]);
      expect(readResponse(filled(4097), EVENT).violations).toEqual(['Response object is too long.']);
    });

    test('is measured in bytes, not in characters', () => {
      expect(readResponse(body({ Reason: 'é'.repeat(2050) }), EVENT).violations).toEqual(['Response object is too long.']);
    });

    test('has a physical id of at most 1024 bytes', () => {
      expect(readResponse(body({ PhysicalResourceId: 'x'.repeat(1024) }), EVENT).violations).toEqual([]);
      expect(readResponse(body({ PhysicalResourceId: 'x'.repeat(1025) }), EVENT).violations).toEqual(['Invalid PhysicalResourceId']);
    });

    test.each(['', 'null', '"text"', '{'])('must be a JSON object, not %j', raw => {
      expect(readResponse(raw, EVENT).violations).toEqual(['Response is not valid JSON']);
    });

    test('to a Delete violates the protocol if it has another physical id', () => {
      const trouble = (PhysicalResourceId: string, RequestType = 'Delete') =>
        responseTrouble({ event: { ...EVENT, RequestType }, body: { PhysicalResourceId } } as unknown as Parameters<typeof responseTrouble>[0]);
      expect(trouble('id')).toEqual([]);
      expect(trouble('another')).toEqual(['Delete answered with another PhysicalResourceId']);
      expect(trouble('another', 'Update')).toEqual([]);
    });
  });
});
