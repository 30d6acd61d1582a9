import { NestedStack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { faultOf, MEMBER, OWN, useHarness, VALUES } from './harness';
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

  describe('after a rollback of the root', () => {
    /** Delivers the Delete of a contact that nobody holds while the root is at rest and the nested stack has a status. */
    const removeWhileNestedIs = async (status: string, rootStatus = 'UPDATE_ROLLBACK_COMPLETE') => {
      harness.putByHand(OWN, 'BILLING', VALUES);
      stackOf('').resources.get('AlternateContactBilling')!.status = 'DELETE_COMPLETE';
      try {
        await harness.whileStackIs(rootStatus, undefined, () =>
          harness.whileStackIs(status, undefined, () => remove('Outer/', `${OWN}/BILLING/took-over`), stackOf('Outer/').id));
      } finally {
        stackOf('').resources.get('AlternateContactBilling')!.status = 'CREATE_COMPLETE';
      }
      return harness.stored(OWN, 'BILLING') === undefined ? 'deleted' : 'kept';
    };

    test.each([
      ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'deleted'], ['DELETE_IN_PROGRESS', 'deleted'],
      // An event of the rollback that is delivered again.
      ['UPDATE_COMPLETE', 'kept'], ['UPDATE_ROLLBACK_COMPLETE', 'kept'], ['DELETE_COMPLETE', 'kept'],
      ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'kept'],
    ])('in a nested stack that is in %s by itself is %s', async (status, outcome) => {
      process.env.ROOT_STACK_ID = stackOf('').id;
      expect(await removeWhileNestedIs(status)).toBe(outcome);
    });

    test.each([['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'deleted'], ['UPDATE_COMPLETE', 'kept']])(
      'in a nested stack that does not know its root, and is in %s, is %s', async (status, outcome) => {
        expect(await removeWhileNestedIs(status)).toBe(outcome);
      });

    test.each(['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED'])(
      'is kept while a root that is in %s may not be done with its nested stacks', async status => {
        process.env.ROOT_STACK_ID = stackOf('').id;
        expect(await removeWhileNestedIs('DELETE_IN_PROGRESS', status)).toBe('kept');
      });
  });

  test('is kept where the construct does not know the root, for CloudFormation tells it', async () => {
    expect(await removeWhileRootIs('ROLLBACK_IN_PROGRESS')).toBe('kept');
    expect(harness.callsMade.filter(call => call.startsWith('DescribeStacks'))).toHaveLength(2);
  });
});

describe('where a stack of the tree is gone', () => {
  const GONE = `arn:aws:cloudformation:eu-west-1:${OWN}:stack/Gone/1`;
  const holder = () => stackOf('').resources.get('AlternateContactBilling')!;
  const isHeld = () => harness.stored(OWN, 'BILLING') !== undefined;
  beforeEach(() => {
    harness.putByHand(OWN, 'BILLING', VALUES);
    holder().status = 'DELETE_COMPLETE';
  });
  afterEach(() => { holder().status = 'CREATE_COMPLETE'; });

  test.each(['', '/took-over'])('a Delete of a contact%s in a nested stack goes through without its root', async suffix => {
    process.env.ROOT_STACK_ID = GONE;
    await harness.whileStackIs('DELETE_IN_PROGRESS', 'User Initiated', () => remove('Outer/Inner/', `${OWN}/BILLING${suffix}`), stackOf('Outer/Inner/').id);
    expect(harness.logged).toMatchObject({ action: 'deleted' });
    expect(isHeld()).toBe(false);
  });

  test('a Delete goes through without the root that only CloudFormation knows', async () => {
    harness.sandbox.faults.add({
      ...faultOf('DescribeStacks', 'ValidationError', 400, `Stack with id ${GONE} does not exist`), match: () => harness.callsMade.length > 1,
    });
    await remove('Outer/', `${OWN}/BILLING/took-over`);
    expect(harness.logged).toMatchObject({ action: 'deleted' });
  });

  test('a Delete in a large stack without its root reads all pages', async () => {
    process.env.ROOT_STACK_ID = GONE;
    const { resources } = stackOf('Outer/');
    const [any] = resources.values();
    const logicalIds = Array.from({ length: 110 }, (_, i) => `Other${i}`);
    for (const logicalId of logicalIds) { resources.set(logicalId, { ...any, logicalId, type: 'Custom::Other', physicalId: logicalId }); }
    try {
      await remove('Outer/', `${OWN}/BILLING`);
    } finally {
      for (const logicalId of logicalIds) { resources.delete(logicalId); }
    }
    expect(harness.logged).toMatchObject({ action: 'deleted' });
  });

  test('a Delete in the root goes through without a nested stack', async () => {
    const row = [...stackOf('Outer/').resources.values()].find(({ type }) => type === 'AWS::CloudFormation::Stack')!;
    const { physicalId } = row;
    row.physicalId = GONE;
    try {
      await remove('', `${OWN}/BILLING`);
    } finally {
      row.physicalId = physicalId;
    }
    expect(harness.logged).toMatchObject({ action: 'deleted' });
  });

  test.each([
    ['ListStackResources', `${OWN}/BILLING`, 'ValidationError', 'Stack with id x is invalid'],
    ['ListStackResources', `${OWN}/BILLING`, 'SomethingElse', 'x does not exist'],
    ['DescribeStacks', `${OWN}/BILLING/took-over`, 'ValidationError', 'Stack with id x is invalid'],
  ])('a root that %s does not show for another reason keeps %s: %s, %s', async (api, physicalId, name, message) => {
    process.env.ROOT_STACK_ID = GONE;
    harness.sandbox.faults.add({ ...faultOf(api, name, 400, message), match: () => api === 'DescribeStacks' || lists() > 1 });
    expect(await remove('Outer/Inner/', physicalId)).toMatchObject({ Status: 'FAILED' });
    expect(isHeld()).toBe(true);
  });

  test.each([['ListStackResources', ''], ['DescribeStacks', '/took-over']])('a Delete whose own stack is gone for %s fails: nothing else knows what holds the contact', async (api, suffix) => {
    harness.sandbox.faults.add(faultOf(api, 'ValidationError', 400, 'Stack with id x does not exist'));
    expect(await remove('', `${OWN}/BILLING${suffix}`)).toMatchObject({ Status: 'FAILED' });
    expect(isHeld()).toBe(true);
  });
});
