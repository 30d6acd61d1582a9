import { MEMBER, OTHER_VALUES, OWN, useHarness, VALUES } from './harness';

/* Reads may be behind the writes: here by a quarter of a second, which the handler's pauses (none in these tests) don't hide. */
const harness = useHarness({ readDelaySeconds: 0.25 });
const settle = () => new Promise(resolve => setTimeout(resolve, 300));
const FREE = { AccountId: MEMBER, AlternateContactType: 'OPERATIONS' };
const putJustNow = (values = OTHER_VALUES) => harness.sandbox.contacts.put(MEMBER, { AlternateContactType: 'OPERATIONS', ...values }, 'api');

beforeEach(async () => {
  await settle();
  // What is seen between the older write and the put lasts as long as the time between the two.
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: 'slow', seconds: 0.1 });
});

test('a Create that first reads nothing finds the contact that was put just before', async () => {
  putJustNow();
  expect(await harness.deliver({ RequestType: 'Create' }, FREE)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` });
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});

test('a Create takes over a contact that it reads although it was deleted just before: such a read looks like one of an older replica', async () => {
  putJustNow();
  await settle();
  harness.sandbox.contacts.delete(MEMBER, 'OPERATIONS', 'api');
  expect(await harness.deliver({ RequestType: 'Create' }, FREE)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` });
});

test('a Create waits until it reads what it put, where there was nothing', async () => {
  expect(await harness.deliver({ RequestType: 'Create' }, FREE)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(harness.sandbox.contacts.read(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});

test('a Create succeeds when its time is up before it reads what it put', async () => {
  const answer = await harness.deliver({ RequestType: 'Create' }, FREE, { remaining: 10_200 });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(harness.sandbox.contacts.read(MEMBER, 'OPERATIONS')).toBeUndefined();
});

test('a Create whose time is just up looks once more only', async () => {
  const now = Date.now();
  const looks = () => harness.callsMade.filter(call => call.startsWith('GetAlternateContact')).length;
  // Time stands still until a look that is too many.
  jest.spyOn(Date, 'now').mockImplementation(() => (looks() > 2 ? now + 1 : now));
  expect(await harness.deliver({ RequestType: 'Create' }, FREE, { remaining: 10_000 })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(looks()).toBe(2);
});

test('a Create with OverwriteExisting false gives back the contact that was put just before, and fails', async () => {
  putJustNow();
  const { Status, Reason, PhysicalResourceId } = await harness.deliver({ RequestType: 'Create' }, { ...FREE, OverwriteExisting: 'false' });
  expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
  expect(Reason).toContain(`Did not overwrite the OPERATIONS contact of account ${MEMBER}`);
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
});

test('a Create with OverwriteExisting false keeps what it put where another resource of the stack holds the contact', async () => {
  harness.sandbox.contacts.put(OWN, { AlternateContactType: 'SECURITY', ...OTHER_VALUES }, 'api');
  expect(await harness.deliver({ RequestType: 'Create' }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored()).toMatchObject(VALUES);
});
