import { faultOf, MEMBER, OWN, VALUES } from './harness';
import { useNestedStacks } from './nested-stacks';

const { harness, stackOf, remove, callsOf, whileResourceIs } = useNestedStacks();

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
  expect(callsOf('ListStackResources')).toBeGreaterThanOrEqual(3);
  expect(harness.stored(MEMBER, 'SECURITY')).toBeDefined();
  expect(harness.logged).toMatchObject({ Reason: `${logicalId} of Stack holds the contact` });
});

test('a Delete asks each stack of the tree once, then deletes what none of them holds', async () => {
  process.env.ROOT_STACK_ID = stackOf('').id;
  harness.putByHand(MEMBER, 'SECURITY', VALUES);
  await whileResourceIs(`AlternateContactSecurity${MEMBER}`, 'DELETE_COMPLETE', () => remove('Outer/Inner/', `${MEMBER}/SECURITY`));
  expect(callsOf('ListStackResources')).toBe(3);
  expect(harness.stored(MEMBER, 'SECURITY')).toBeUndefined();
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

  test.each(['', '/took-over'])('a Delete of a contact%s in a nested stack succeeds without its root', async suffix => {
    process.env.ROOT_STACK_ID = GONE;
    await harness.whileStackIs('DELETE_IN_PROGRESS', 'User Initiated', () => remove('Outer/Inner/', `${OWN}/BILLING${suffix}`), stackOf('Outer/Inner/').id);
    expect(harness.logged).toMatchObject({ action: 'deleted' });
    expect(isHeld()).toBe(false);
  });

  test('a Delete succeeds without the root that only CloudFormation knows', async () => {
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

  test('a Delete in the root succeeds without a nested stack', async () => {
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
  ])('a root that %s does not show for another reason lets the Delete of %s fail: %s, %s', async (api, physicalId, name, message) => {
    process.env.ROOT_STACK_ID = GONE;
    harness.sandbox.faults.add({ ...faultOf(api, name, 400, message), match: () => api === 'DescribeStacks' || callsOf('ListStackResources') > 1 });
    expect(await remove('Outer/Inner/', physicalId)).toMatchObject({ Status: 'FAILED' });
    expect(isHeld()).toBe(true);
  });

  test.each([['ListStackResources', ''], ['DescribeStacks', '/took-over']])('a Delete whose own stack is gone for %s fails: nothing else knows what holds the contact', async (api, suffix) => {
    harness.sandbox.faults.add(faultOf(api, 'ValidationError', 400, 'Stack with id x does not exist'));
    expect(await remove('', `${OWN}/BILLING${suffix}`)).toMatchObject({ Status: 'FAILED' });
    expect(isHeld()).toBe(true);
  });
});

describe('a stack that may not be asked never counts as one that holds nothing:', () => {
  const SECURITY = `${MEMBER}/SECURITY`;
  const DENIED = 'User: x is not authorized to perform: it with an explicit deny in a service control policy';
  const isHeld = () => harness.stored(MEMBER) !== undefined;
  beforeEach(() => harness.putByHand(MEMBER));

  /** Denies only the nth call of an API: each stack is asked in turn. */
  const deny = (api: string, nth: number) => harness.sandbox.faults.add({ ...faultOf(api, 'AccessDenied', 403, DENIED), match: () => callsOf(api) === nth });

  test.each([
    ['the stack itself', '', 1],
    ['a nested stack', '', 2],
    ['a stack nested twice', '', 3],
    ['the root', 'Outer/Inner/', 2],
  ])('the Delete fails where the role may not list %s', async (_, path, nth) => {
    if (path) { process.env.ROOT_STACK_ID = stackOf('').id; }
    deny('ListStackResources', nth);
    // Nothing else keeps the contact: no stack that may be asked holds it.
    const response = await whileResourceIs(`AlternateContactSecurity${MEMBER}`, 'DELETE_COMPLETE', () => remove(path, SECURITY));
    expect(response).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Could not ask CloudFormation whether the contact is still declared: AccessDenied') });
    expect(callsOf('ListStackResources')).toBe(nth);
    expect(isHeld()).toBe(true);
  });

  test.each([['the root', 1], ['the nested stack itself', 2]])('the Delete of a contact that was taken over fails where the role may not describe %s', async (_, nth) => {
    process.env.ROOT_STACK_ID = stackOf('').id;
    deny('DescribeStacks', nth);
    const response = await whileResourceIs(`AlternateContactSecurity${MEMBER}`, 'DELETE_COMPLETE', () => remove('Outer/Inner/', `${SECURITY}/took-over`));
    expect(response).toMatchObject({ Status: 'FAILED' });
    expect(isHeld()).toBe(true);
  });
});
