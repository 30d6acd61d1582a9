import { MEMBER, OWN } from './harness';
import { useNestedStacks } from './nested-stacks';
import type { ResourceState } from '../../sandbox/cloudformation/resource';

/*
 * The service denies access to an account without saying why. The handler's clock stands still but for the denied calls, each of which takes ten seconds.
 * So the minute for which any denial is worth trying ends after six calls, and five minutes more end after thirty-six.
 */
const { harness, stackOf, callsOf } = useNestedStacks();
const HOUR = 3_600_000;
const ACCOUNT = { type: 'AWS::Organizations::Account', status: 'CREATE_COMPLETE', physicalId: MEMBER };
let now: number;

beforeEach(() => {
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => { delete process.env.ROOT_STACK_ID; });

/** Denies a number of calls, while a stack lists an account, and returns how many were made. */
async function callsWhile(listed: Partial<ResourceState>, { path = '', accountId = MEMBER, remaining = 900_000, denied = 1_000, from = '' } = {}): Promise<number> {
  harness.sandbox.faults.add({
    api: 'GetAlternateContact', kind: 'error', name: 'AccessDeniedException', status: 403, message: 'no', times: denied, match: () => (now += 10_000) > 0,
  });
  await harness.whileListed(stackOf(path).id, 'Account', { updatedAt: now, ...listed }, () =>
    harness.deliver({ RequestType: 'Create' }, { AccountId: accountId, AlternateContactType: 'OPERATIONS' }, { remaining, stackId: stackOf(from).id }));
  return callsOf('GetAlternateContact');
}
const outcome = () => harness.received[0].body;

test('an account that the stack has just created is tried for five minutes more, and the stack is asked once', async () => {
  expect(await callsWhile(ACCOUNT)).toBe(36);
  expect(callsOf('ListStackResources')).toBe(1);
  expect(outcome()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`Could not read the OPERATIONS contact of account ${MEMBER}: AccessDeniedException`) });
});

test('the contact is set as soon as the account can be accessed', async () => {
  expect(await callsWhile(ACCOUNT, { denied: 20 })).toBe(22);
  expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
});

test('the function does not wait longer than it may', async () => {
  expect(await callsWhile(ACCOUNT, { remaining: 130_000 })).toBe(12);
  expect(outcome()).toMatchObject({ Status: 'FAILED' });
});

test.each([['the root of its tree', '', 'Outer/Inner/', 2], ['a nested stack', 'Outer/', '', 2]])('the account may be in %s', async (_, path, from, lists) => {
  if (from) { process.env.ROOT_STACK_ID = stackOf('').id; }
  expect(await callsWhile(ACCOUNT, { path, from })).toBe(36);
  expect(callsOf('ListStackResources')).toBe(lists);
});

test.each([
  ['another account', 6, { physicalId: '333333333333' }],
  ['an account that was created more than an hour before', 6, { updatedAt: Date.now() - HOUR - 60_000 }],
  ['an account that was created within the hour', 36, { updatedAt: Date.now() - HOUR + 600_000 }],
  ['an account that was deleted', 6, { status: 'DELETE_COMPLETE' }],
  ['a resource of another type', 6, { type: 'AWS::Organizations::OrganizationalUnit' }],
])('while the stack lists %s, the denied call is made %i times', async (_, calls, listed) => {
  expect(await callsWhile({ ...ACCOUNT, ...listed })).toBe(calls);
});

test("the stack's account is not new", async () => {
  expect(await callsWhile({ ...ACCOUNT, physicalId: OWN }, { accountId: OWN })).toBe(6);
  expect(callsOf('ListStackResources')).toBe(0);
});

test('if the stack may not be asked, the reason is still why the account could not be accessed', async () => {
  harness.sandbox.faults.add({ api: 'ListStackResources', kind: 'error', name: 'AccessDenied', status: 403, message: 'x with an explicit deny', times: 10 });
  expect(await callsWhile(ACCOUNT)).toBe(6);
  expect(outcome()).toMatchObject({ Reason: expect.stringContaining(`Could not read the OPERATIONS contact of account ${MEMBER}: AccessDeniedException`) });
});

test('a stack whose answer is throttled is asked for half a minute at most', async () => {
  harness.sandbox.faults.add({ api: 'ListStackResources', kind: '429', times: 1_000, match: () => (now += 10_000) > 0 });
  expect(await callsWhile(ACCOUNT)).toBe(6);
  expect(callsOf('ListStackResources')).toBe(3);
});
