import { faultOf, OWN, useHarness } from './harness';

const harness = useHarness();
const remove = (contact: string) => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/${contact}` }, {}, { remaining: 900_000 });

// First, so that the test that creates the client sees that the SDK does not try again by itself.
test('a throttled question is asked again by the function itself, after six seconds at most', async () => {
  harness.sandbox.faults.add({ api: 'ListStackResources', kind: '429', times: 1 });
  expect(await harness.pausesOf(() => remove('OPERATIONS'))).toEqual([6]);
  expect(harness.callsMade).toEqual(['ListStackResources own', 'ListStackResources own', 'DeleteAlternateContact own']);
});

test('a question that stays throttled is asked less and less often, because many are asking', async () => {
  harness.sandbox.faults.add({ api: 'ListStackResources', kind: '429', times: 3 });
  const now = Date.now();
  // Each question takes twenty seconds.
  jest.spyOn(Date, 'now').mockImplementation(() => now + 20_000 * harness.callsMade.length);
  expect(await harness.pausesOf(() => remove('OPERATIONS'))).toEqual([10, 20, 20]);
});

test.each([['ListStackResources', 'OPERATIONS'], ['DescribeStacks', 'OPERATIONS/took-over']])(
  'a denial of %s gets advice about that action, and the contact stays', async (api, contact) => {
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 1_000));
    harness.putByHand(OWN, 'OPERATIONS');
    harness.sandbox.faults.add(faultOf(api, 'AccessDeniedException', 403,
      `User: x is not authorized to perform: cloudformation:${api} on resource: y because no identity-based policy allows the cloudformation:${api} action`));
    const { Status, Reason } = await remove(contact);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`AccessDeniedException. Allow cloudformation:${api} on this stack, and on the stacks that it is nested with, for the function's role. A new role may `
      + 'need more time: deploy again. The service said: ');
    expect(harness.stored(OWN, 'OPERATIONS')).toBeDefined();
  });
