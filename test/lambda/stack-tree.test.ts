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
