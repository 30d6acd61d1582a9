import { SteppedClock } from '../../stepped-clock';
import { faultOf, MEMBER, OTHER_VALUES, OWN, useHarness, VALUES } from '../harness';

/*
 * Reads may lag behind the writes: here by a minute. The handler and the service have one clock. A Get takes 20 seconds of it and a Put 10, and nothing
 * else takes any time: a Create reads first after 20 seconds, puts after 30, and looks again after 50, 70, 90.
 */
const clock = new SteppedClock(1);
let lag = 0;
const harness = useHarness({ clock, readDelaySeconds: () => lag });
const FREE = { AccountId: MEMBER, AlternateContactType: 'OPERATIONS' };
const create = (properties: object = FREE, remaining = 900_000) => harness.deliver({ RequestType: 'Create' }, properties, { remaining });
const putJustNow = () => harness.sandbox.contacts.put(MEMBER, { AlternateContactType: 'OPERATIONS', ...OTHER_VALUES }, 'api');
const looks = () => harness.callsMade.filter(call => call.startsWith('GetAlternateContact')).length - 1;

beforeEach(() => {
  lag = 60;
  clock.stop();
  jest.spyOn(Date, 'now').mockImplementation(() => clock.now());
  slowDown();
});

function slowDown(): void {
  harness.sandbox.faults.add({ api: 'GetAlternateContact', kind: 'slow', seconds: 20, times: 1000 });
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: 'slow', seconds: 10, times: 1000 });
}

test('a Create that first reads nothing finds the contact that was put just before', async () => {
  putJustNow();
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` });
  expect(looks()).toBe(2);
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});

test('a Create takes over a contact that was deleted just before, if a read still shows it', async () => {
  harness.putByHand(MEMBER, 'OPERATIONS');
  harness.sandbox.contacts.delete(MEMBER, 'OPERATIONS', 'api');
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` });
  expect(looks()).toBe(2);
});

test('a Create waits until it reads what it put, where there was nothing', async () => {
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(looks()).toBe(3);
  expect(harness.sandbox.contacts.read(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});

test('a Create looks for ninety seconds at most', async () => {
  lag = 300;
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(looks()).toBe(5);
  expect(harness.sandbox.contacts.read(MEMBER, 'OPERATIONS')).toBeUndefined();
});

test.each([[60_000, 1], [60_001, 2]])('a Create that has %i ms looks again while it has time for calls: %i looks', async (remaining, expected) => {
  expect(await create(FREE, remaining)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(looks()).toBe(expected);
});

test('a Create with OverwriteExisting false gives back the contact that was put just before, and fails', async () => {
  putJustNow();
  const { Status, Reason, PhysicalResourceId } = await create({ ...FREE, OverwriteExisting: 'false' });
  expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
  expect(Reason).toContain(`Did not overwrite the OPERATIONS contact of account ${MEMBER}`);
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
});

describe('a Create with OverwriteExisting false that fails after its put', () => {
  const REFUSED = { ...FREE, OverwriteExisting: 'false' };
  const FAILED = { Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' };
  const puts = () => harness.callsMade.filter(call => call.startsWith('PutAlternateContact')).length;
  /** Lets the second put fail a number of times: the one that gives the contact back. */
  const failGiveBack = (fault: { kind: '500' | '429' | 'error'; times: number; status?: number; name?: string }) => {
    harness.sandbox.faults.clear();
    harness.sandbox.faults.add({ api: 'PutAlternateContact', ...fault, match: () => puts() > 1 });
    slowDown();
  };
  beforeEach(putJustNow);

  test('gives the contact back when CloudFormation may not be asked who holds it', async () => {
    harness.sandbox.faults.add(faultOf('ListStackResources', 'AccessDenied', 403, 'x (a cause)'));
    const { Reason, ...response } = await create(REFUSED);
    expect(response).toMatchObject(FAILED);
    expect(Reason).toContain('Could not ask CloudFormation whether the contact is still declared: AccessDenied');
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
  });

  test('keeps half of its time for giving the contact back while CloudFormation is throttled', async () => {
    failGiveBack({ kind: '429', times: 2 });
    // Each question takes twenty seconds.
    harness.sandbox.faults.add({ api: 'ListStackResources', kind: '429', times: 1000, match: () => void clock.sleep(20) === undefined });
    expect(await create(REFUSED, 300_000)).toMatchObject(FAILED);
    expect(harness.callsMade.filter(call => call.startsWith('ListStackResources')).length).toBeGreaterThan(3);
    expect(puts()).toBe(4);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
  });

  test.each([
    ['may have', { kind: '500', times: 1000 }, 'InternalServerException'],
    ['has', { kind: 'error', status: 400, name: 'ValidationException', times: 1000 }, 'ValidationException'],
  ] as const)('says that the contact %s the declared values when it cannot be given back', async (has, fault, name) => {
    failGiveBack(fault);
    const { Reason, ...response } = await create(REFUSED, 85_000);
    expect(response).toMatchObject(FAILED);
    expect(Reason).toContain(`Restore the OPERATIONS contact of account ${MEMBER} by hand: it had other values before this deployment, overwriteExisting is false, and it ${has} the `
      + `declared values now. Could not set the OPERATIONS contact of account ${MEMBER}: ${name}. `);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
  });
});

test('a Create with OverwriteExisting false keeps what it put where another resource of the stack holds the contact', async () => {
  harness.sandbox.contacts.put(OWN, { AlternateContactType: 'SECURITY', ...OTHER_VALUES }, 'api');
  expect(await create({ OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored()).toMatchObject(VALUES);
});
