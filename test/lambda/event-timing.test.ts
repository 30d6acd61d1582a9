import { OWN, useHarness } from './harness';

const harness = useHarness();

describe('an event that waited in a queue', () => {
  const MINUTE = 60_000;
  const EVENTS = [
    { RequestType: 'Create' },
    { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` },
    { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` },
  ] as const;

  test.each(EVENTS)('for longer than the ServiceTimeout only gets a response: a $RequestType', async request => {
    harness.putByHand(OWN, 'OPERATIONS');
    const { Status, Reason, PhysicalResourceId } = await harness.deliver(request, { ServiceTimeout: '1200' }, { sentAt: Date.now() - 20.1 * MINUTE });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe('Nothing was done: when the event reached the function, CloudFormation was no longer waiting for the response. Too many functions ran at once in this account: '
      + 'raise the account\'s quota of concurrent executions and the reserved concurrency of the function, if it has one, or deploy fewer contacts at once');
    expect(PhysicalResourceId).toBe('PhysicalResourceId' in request ? request.PhysicalResourceId : 'AlternateContactSecurity/not-created');
    expect(harness.callsMade).toEqual([]);
    expect(harness.stored(OWN, 'OPERATIONS')).toBeDefined();
  });

  test.each(EVENTS)('for less than the ServiceTimeout is handled: a $RequestType', async request => {
    expect(await harness.deliver(request, { ServiceTimeout: '1200' }, { sentAt: Date.now() - 19 * MINUTE })).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each([[59, 'SUCCESS'], [61, 'FAILED']])('for %i minutes ends in %s without a ServiceTimeout: CloudFormation waits an hour', async (minutes, Status) => {
    expect(await harness.deliver({ RequestType: 'Create' }, { ServiceTimeout: undefined }, { sentAt: Date.now() - minutes * MINUTE })).toMatchObject({ Status });
  });

  test.each([[0, 0], [1, 0], [2, 3]])('is handled only if more than a second is left of the ServiceTimeout: %i s left, %i calls', async (left, calls) => {
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    jest.spyOn(Date, 'now').mockReturnValue(now);
    expect(await harness.deliver({ RequestType: 'Create' }, {}, { sentAt: now - 20 * MINUTE + 1_000 * left })).toMatchObject({ Status: calls ? 'SUCCESS' : 'FAILED' });
    expect(harness.callsMade).toHaveLength(calls);
  });

  test('puts nothing once CloudFormation might not wait: what is put after a rollback stays', async () => {
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    // The Get takes three seconds, and leaves one.
    jest.spyOn(Date, 'now').mockImplementation(() => now + (harness.callsMade.length > 0 ? 3_000 : 0));
    const { Status, Reason, PhysicalResourceId } = await harness.deliver({ RequestType: 'Create' }, {}, { sentAt: now - 20 * MINUTE + 4_000 });
    expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
    expect(Reason).toBe(`Could not set the SECURITY contact of account ${OWN}: NotAwaited. CloudFormation was no longer waiting for the response. Too many functions ran at once in this account: `
      + 'raise the account\'s quota of concurrent executions and the reserved concurrency of the function, if it has one, or deploy fewer contacts at once');
    expect(harness.callsMade).toEqual(['GetAlternateContact own']);
  });

  test('does not try again when CloudFormation soon stops waiting', async () => {
    harness.sandbox.faults.add({ api: 'GetAlternateContact', kind: '429', times: 1000 });
    expect(await harness.deliver({ RequestType: 'Create' }, {}, { remaining: 900_000, sentAt: Date.now() - 1190_000 })).toMatchObject({ Status: 'FAILED' });
    expect(harness.callsMade).toEqual(['GetAlternateContact own']);
  });
});
