import { MEMBER, OWN, VALUES } from './harness';
import { useNestedStacks } from './nested-stacks';

const { harness, stackOf, remove, callsOf, whileResourceIs } = useNestedStacks();

test.each([
  { stack: 'the root', holder: 'a nested stack', path: '', physicalId: `${OWN}/OPERATIONS`, held: 'Outer/' },
  { stack: 'the root', holder: 'a stack nested twice', path: '', physicalId: `${MEMBER}/OPERATIONS`, held: 'Outer/Inner/' },
  { stack: 'a nested stack', holder: 'one that is nested in it', path: 'Outer/', physicalId: `${MEMBER}/OPERATIONS`, held: 'Outer/Inner/' },
  { stack: 'a nested stack', holder: 'the root', path: 'Outer/', physicalId: `${OWN}/SECURITY`, held: '' },
  { stack: 'a stack nested twice', holder: 'its parent', path: 'Outer/Inner/', physicalId: `${OWN}/OPERATIONS`, held: 'Outer/' },
  { stack: 'a stack nested twice', holder: 'the root', path: 'Outer/Inner/', physicalId: `${OWN}/SECURITY`, held: '' },
])('a Delete in $stack leaves the contact that $holder holds', async ({ path, physicalId, held }) => {
  if (path) { process.env.ROOT_STACK_ID = stackOf('').id; }
  harness.putByHand(OWN, 'OPERATIONS', VALUES);
  expect(await remove(path, physicalId)).toMatchObject({ Status: 'SUCCESS' });
  expect(callsOf('DeleteAlternateContact')).toBe(0);
  expect(harness.logged).toMatchObject({ action: 'kept', Reason: expect.stringMatching(new RegExp(`^AlternateContact\\w+ of ${stackOf(held).name} holds the contact$`)) });
});

test('a Delete leaves the contact of a resource of the root that has the same names, while the nested stack is deployed', async () => {
  process.env.ROOT_STACK_ID = stackOf('').id;
  harness.putByHand(MEMBER, 'SECURITY', VALUES);
  const LogicalResourceId = `AlternateContactSecurity${MEMBER}`;
  const { id: stackId } = stackOf('Outer/');
  await harness.whileStackIs('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, () =>
    harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/SECURITY`, LogicalResourceId }, {}, { stackId }), stackId);
  expect(harness.stored(MEMBER, 'SECURITY')).toBeDefined();
  expect(harness.logged).toMatchObject({ Reason: `${LogicalResourceId} of Stack holds the contact` });
});

test('a nested stack that is being deleted holds nothing', async () => {
  harness.putByHand(OWN, 'OPERATIONS', VALUES);
  const outer = [...stackOf('').resources.keys()].find(id => id.startsWith('Outer'))!;
  await whileResourceIs(outer, 'DELETE_IN_PROGRESS', () => remove('', `${OWN}/OPERATIONS`));
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
});
