import { MEMBER } from '../harness';
import { useNestedStacks } from '../nested-stacks';

const { harness, stackOf, whileResourceIs } = useNestedStacks();
const SECURITY = `${MEMBER}/SECURITY`;
const LOGICAL_ID = `AlternateContactSecurity${MEMBER}`;

test('a resource of the root that has the same names says nothing about a Delete, and nor does the status of the root', async () => {
  process.env.ROOT_STACK_ID = stackOf('').id;
  harness.putByHand(MEMBER, 'SECURITY');
  const { id: stackId } = stackOf('Outer/');
  await whileResourceIs(LOGICAL_ID, 'DELETE_IN_PROGRESS', () => harness.whileStackIs('UPDATE_IN_PROGRESS', undefined, () =>
    harness.deliver({ RequestType: 'Delete', PhysicalResourceId: SECURITY, LogicalResourceId: LOGICAL_ID }, {}, { stackId, isNotShown: true })));
  expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'The event was delivered again after its deployment was over' });
});

test('a Delete goes on while the nested stack is deleted with its resources', async () => {
  process.env.ROOT_STACK_ID = stackOf('').id;
  harness.putByHand(MEMBER, 'BILLING');
  const { id: stackId } = stackOf('Outer/Inner/');
  await whileResourceIs(`AlternateContactBilling${MEMBER}`, 'DELETE_COMPLETE', () => harness.whileStackIs('DELETE_IN_PROGRESS', undefined, () =>
    harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/BILLING` }, {}, { stackId, isNotShown: true }), stackId));
  expect(harness.logged).toMatchObject({ action: 'deleted' });
  expect(harness.stored(MEMBER, 'BILLING')).toBeUndefined();
});
