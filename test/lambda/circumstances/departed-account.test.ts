import { MEMBER, OTHER_VALUES, useHarness, VALUES } from '../harness';

/* An account that was closed, or has left the organization, refuses every put and delete with a 403 that does not say so. A closed one can be read. */
const harness = useHarness();
const SECURITY = `${MEMBER}/SECURITY`;
const update = (values = VALUES) => harness.deliver({ RequestType: 'Update', PhysicalResourceId: SECURITY }, { AccountId: MEMBER, ...values });
const outcomes = () => [...new Set(harness.sandbox.calls.map(({ api, outcome }) => `${api} ${outcome}`))];

beforeEach(() => {
  harness.putByHand(MEMBER, 'SECURITY', VALUES);
  // Each look at the clock takes a second, so that retries of a minute end soon.
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => (now += 1_000));
});
afterEach(() => {
  const { suspended, standalone, members } = harness.sandbox.organization;
  suspended.delete(MEMBER);
  standalone.delete(MEMBER);
  members.add(MEMBER);
});

test('an Update to the values that a closed account has succeeds: it is how a rollback passes', async () => {
  harness.sandbox.organization.close(MEMBER);
  expect(await update()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: SECURITY });
  expect(outcomes()).toEqual(['PutAlternateContact AccessDeniedException', 'GetAlternateContact ok']);
  expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'The account takes no changes, and has these values already' });
});

test('an Update of a closed account to other values fails, and says how to go on', async () => {
  harness.sandbox.organization.close(MEMBER);
  const { Status, Reason, PhysicalResourceId } = await update(OTHER_VALUES);
  expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: SECURITY });
  expect(Reason).toContain(`Could not set the SECURITY contact of account ${MEMBER}: AccessDeniedException. `);
  expect(Reason).toContain("If the account is closed, suspended or has left the organization, leave the contact's values as they were deployed, give it RemovalPolicy.RETAIN, deploy, "
    + 'then remove it. If a rollback fails: aws cloudformation continue-update-rollback --resources-to-skip <logical ids>. The service said: ');
  expect(harness.stored(MEMBER)).toMatchObject(VALUES);
});

test('an Update of a closed account that no longer has the contact fails', async () => {
  harness.sandbox.organization.close(MEMBER);
  harness.sandbox.contacts.delete(MEMBER, 'SECURITY');
  expect(await update()).toMatchObject({ Status: 'FAILED' });
  expect(outcomes()).toEqual(['PutAlternateContact AccessDeniedException', 'GetAlternateContact ResourceNotFoundException']);
});

test('an Update of an account that has left fails with the denial of the put: it cannot be read either', async () => {
  harness.sandbox.organization.leave(MEMBER);
  const { Status, Reason } = await update();
  expect(Status).toBe('FAILED');
  expect(Reason).toContain(`Could not set the SECURITY contact of account ${MEMBER}: AccessDeniedException. `);
  expect(outcomes()).toEqual(['PutAlternateContact AccessDeniedException', 'GetAlternateContact AccessDeniedException']);
});

test('an Update whose put is refused for another reason does not read', async () => {
  harness.sandbox.faults.add({ api: 'PutAlternateContact', kind: 'error', status: 400, name: 'ValidationException' });
  expect(await update()).toMatchObject({ Status: 'FAILED' });
  expect(outcomes()).toEqual(['PutAlternateContact ValidationException']);
});

test('a Create that a closed account denies fails, although it has these values: the stack has not held the contact yet', async () => {
  harness.sandbox.organization.close(MEMBER);
  expect(await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
});

test('a Delete in a closed account fails, and says how to go on', async () => {
  harness.sandbox.organization.close(MEMBER);
  harness.putByHand(MEMBER, 'OPERATIONS', VALUES);
  const { Status, Reason } = await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(Status).toBe('FAILED');
  expect(Reason).toContain("If the account is closed, suspended or has left the organization, its contact can't be deleted: give it RemovalPolicy.RETAIN before you remove it, or "
    + 'delete the stack with --retain-resources <logical ids>. The service said: ');
  expect(harness.stored(MEMBER, 'OPERATIONS')).toBeDefined();
});
