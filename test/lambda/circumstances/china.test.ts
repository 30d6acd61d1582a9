import { MEMBER, OWN, useHarness, VALUES } from '../harness';

/* China is a separate partition: its services refuse requests that are signed for a region of another one. */
const harness = useHarness({}, undefined, 'cn-north-1');

test('the contacts of an account in China are set and deleted', async () => {
  expect(await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER, AlternateContactType: 'OPERATIONS' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
  expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored(MEMBER, 'OPERATIONS')).toBeUndefined();
});

test('the stack in China is asked whether another resource holds the contact', async () => {
  harness.putByHand(OWN, 'SECURITY', VALUES);
  expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY`, LogicalResourceId: 'Formerly' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored()).toBeDefined();
});

test('the stack in China is asked whether it rolls back', async () => {
  await harness.whileStackIs('ROLLBACK_IN_PROGRESS', undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` }));
  expect(harness.logged).toMatchObject({ action: 'kept' });
});
