import { NestedStack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { MEMBER, OWN, useHarness, VALUES } from './harness';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';

/* A root stack with a nested stack, and one more in that: the handler runs as the function of one of them. */
const harness = useHarness({}, root => {
  AlternateContactProvider.getOrCreate(root).role.addToPrincipalPolicy(new PolicyStatement({ actions: ['cloudformation:*'], resources: ['*'] }));
  const outer = new NestedStack(root, 'Outer');
  const inner = new NestedStack(outer, 'Inner');
  for (const scope of [outer, inner]) {
    new AlternateContact(scope, 'Contact', {
      alternateContactType: AlternateContactType.OPERATIONS, accountId: scope === inner ? MEMBER : OWN, name: 'n', title: 't', emailAddress: 'e@example.com', phoneNumber: '1',
    });
  }
});
/** The stack at a path of construct ids, such as `Outer/Inner/`. */
const stackOf = (path: string) => harness.sandbox.stacks.all.find(stack => new RegExp(`^${path.replaceAll('/', 'NestedStack\\w+/')}$`).test(stack.path))!;
/** Delivers a Delete to the function of a stack of the tree. */
const remove = async (path: string, PhysicalResourceId: string) => {
  const { id } = stackOf(path);
  return harness.deliver({ RequestType: 'Delete', PhysicalResourceId, LogicalResourceId: 'Formerly' }, {}, { stackId: id });
};
const lists = () => harness.callsMade.filter(call => call.startsWith('ListStackResources')).length;

afterEach(() => { delete process.env.ROOT_STACK_ID; });

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
  expect(harness.callsMade.filter(call => call.startsWith('DeleteAlternateContact'))).toEqual([]);
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

test('a Delete finds the resource that holds the contact behind the first page of a large stack', async () => {
  harness.putByHand(MEMBER, 'SECURITY', VALUES);
  const { resources } = stackOf('');
  const logicalId = `AlternateContactSecurity${MEMBER}`;
  const holder = resources.get(logicalId)!;
  await harness.whileThereAre(200, 'Custom::Other', 'CREATE_COMPLETE', async () => {
    resources.delete(logicalId);
    resources.set(logicalId, holder); // now the last
    await remove('', `${MEMBER}/SECURITY`);
  });
  expect(lists()).toBeGreaterThanOrEqual(3);
  expect(harness.stored(MEMBER, 'SECURITY')).toBeDefined();
  expect(harness.logged).toMatchObject({ Reason: `${logicalId} of Stack holds the contact` });
});

test('a Delete asks each stack of the tree once, then deletes what none of them holds', async () => {
  process.env.ROOT_STACK_ID = stackOf('').id;
  harness.putByHand(MEMBER, 'SECURITY', VALUES);
  stackOf('').resources.get(`AlternateContactSecurity${MEMBER}`)!.status = 'DELETE_COMPLETE';
  try {
    await remove('Outer/Inner/', `${MEMBER}/SECURITY`);
  } finally {
    stackOf('').resources.get(`AlternateContactSecurity${MEMBER}`)!.status = 'CREATE_COMPLETE';
  }
  expect(lists()).toBe(3);
  expect(harness.stored(MEMBER, 'SECURITY')).toBeUndefined();
});

test('a nested stack that is being deleted holds nothing', async () => {
  harness.putByHand(OWN, 'OPERATIONS', VALUES);
  const row = stackOf('').resources.get([...stackOf('').resources.keys()].find(id => id.startsWith('Outer'))!)!;
  row.status = 'DELETE_IN_PROGRESS';
  try {
    await remove('', `${OWN}/OPERATIONS`);
  } finally {
    row.status = 'CREATE_COMPLETE';
  }
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
});

describe('a contact that was taken over in a nested stack', () => {
  const TAKEN_OVER = `${MEMBER}/SECURITY/took-over`;
  /** Delivers the Delete while the nested stack is deleted and the root has a status. */
  const removeWhileRootIs = async (status: string) => {
    harness.putByHand(MEMBER, 'SECURITY', VALUES);
    stackOf('').resources.get(`AlternateContactSecurity${MEMBER}`)!.status = 'DELETE_COMPLETE';
    try {
      await harness.whileStackIs('DELETE_IN_PROGRESS', 'User Initiated', () =>
        harness.whileStackIs(status, undefined, () => remove('Outer/Inner/', TAKEN_OVER)), stackOf('Outer/Inner/').id);
    } finally {
      stackOf('').resources.get(`AlternateContactSecurity${MEMBER}`)!.status = 'CREATE_COMPLETE';
    }
    return harness.stored(MEMBER, 'SECURITY') === undefined ? 'deleted' : 'kept';
  };

  test.each([
    ['ROLLBACK_IN_PROGRESS', 'kept'], ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'kept'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'deleted'], ['DELETE_IN_PROGRESS', 'deleted'],
  ])('while the root is in %s is %s', async (status, outcome) => {
    process.env.ROOT_STACK_ID = stackOf('').id;
    expect(await removeWhileRootIs(status)).toBe(outcome);
    // Where the root goes or rolls back, the nested stack need not be asked.
    expect(harness.callsMade.filter(call => call.startsWith('DescribeStacks'))).toHaveLength(status.startsWith('UPDATE_COMPLETE') ? 2 : 1);
  });

  test('is kept while the nested stack rolls back an update of its own, which its root does not take part in', async () => {
    process.env.ROOT_STACK_ID = stackOf('').id;
    harness.putByHand(OWN, 'OPERATIONS', VALUES);
    const { id } = stackOf('Outer/Inner/');
    await harness.whileStackIs('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, () => remove('Outer/Inner/', `${OWN}/OPERATIONS/took-over`), id);
    expect(harness.callsMade).toEqual(['DescribeStacks own', 'DescribeStacks own']);
    expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'The deployment that took the contact over is rolled back' });
  });

  test('is kept where the construct does not know the root, for CloudFormation tells it', async () => {
    expect(await removeWhileRootIs('ROLLBACK_IN_PROGRESS')).toBe('kept');
    expect(harness.callsMade.filter(call => call.startsWith('DescribeStacks'))).toHaveLength(2);
  });
});
