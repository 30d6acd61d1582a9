import { MEMBER, OTHER_VALUES, OWN, useHarness, VALUES } from './harness';
import { SteppedClock } from '../stepped-clock';

/*
 * Reads may be behind the writes: here by a minute. The handler and the service have one clock. A Get takes 20 seconds of it and a Put 10, nothing else takes
 * any time: a Create reads first after 20 seconds, puts after 30, and looks again after 50, 70, 90.
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
  harness.sandbox.faults.add({ api: 'GetAlternateContact', kind: 'slow', seconds: 20, times: 1000 });
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: 'slow', seconds: 10, times: 1000 });
});

test('a Create that first reads nothing finds the contact that was put just before', async () => {
  putJustNow();
  expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` });
  expect(looks()).toBe(2);
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});

test('a Create takes over a contact that it reads although it was deleted just before: it looks like a read of an older replica', async () => {
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

test('a Create with OverwriteExisting false keeps what it put where another resource of the stack holds the contact', async () => {
  harness.sandbox.contacts.put(OWN, { AlternateContactType: 'SECURITY', ...OTHER_VALUES }, 'api');
  expect(await create({ OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored()).toMatchObject(VALUES);
});
