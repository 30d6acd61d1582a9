import { CfnResource } from 'aws-cdk-lib';
import { OTHER_VALUES, OWN, useHarness } from '../harness';

/* CloudFormation lists 100 resources at a time. Here the contacts are on the third page, behind resources of other types. */
const harness = useHarness({}, stack => {
  for (let i = 0; i < 210; i += 1) { new CfnResource(stack, `Topic${i}`, { type: 'AWS::SNS::Topic' }); }
});
const LIST = 'ListStackResources own';

afterEach(() => { delete process.env.CONTACTS; });

test('a Delete leaves the contact that a resource on the third page holds', async () => {
  harness.putByHand();
  await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY`, LogicalResourceId: 'Formerly' });
  expect(harness.callsMade).toEqual([LIST, 'DescribeStacks own', LIST, LIST]);
  expect(harness.stored()).toMatchObject(OTHER_VALUES);
});

test('a Create with OverwriteExisting false finds the resource on the third page that holds the contact', async () => {
  harness.putByHand();
  expect(await harness.deliver({ RequestType: 'Create' }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.callsMade.slice(0, 4)).toEqual(['GetAlternateContact own', LIST, LIST, LIST]);
});

test.each(['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])('a Delete in a stack that is deleted as a whole (%s) reads one page', async status => {
  harness.putByHand(OWN, 'OPERATIONS');
  await harness.whileStackIs(status, undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }));
  expect(harness.callsMade).toEqual([LIST, 'DescribeStacks own', 'DeleteAlternateContact own']);
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
});

test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'DELETE_FAILED'])(
  'a Delete in a stack that stays (%s) reads all pages', async status => {
    harness.putByHand(OWN, 'OPERATIONS');
    await harness.whileStackIs(status, undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }));
    expect(harness.callsMade).toEqual([LIST, 'DescribeStacks own', LIST, LIST, 'DeleteAlternateContact own']);
  });

test('a throttled Delete pauses in proportion to the number of contacts that the construct passes on', async () => {
  process.env.CONTACTS = '500';
  const { setTimeout: wait } = globalThis;
  const pauses: number[] = [];
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  // Pauses of this length are the handler's own.
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, milliseconds = 0) => {
    if (milliseconds < 20_000) { return wait(callback, milliseconds); }
    pauses.push(milliseconds);
    return wait(callback, 0);
  }) as typeof setTimeout);
  harness.sandbox.faults.add({ api: 'DeleteAlternateContact', kind: '429', times: 1 });
  await harness.whileStackIs('DELETE_IN_PROGRESS', undefined, () =>
    harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, {}, { remaining: 900_000 }));
  expect(pauses).toEqual([expect.any(Number)]);
  expect(pauses[0]).toBeGreaterThan(240_000);
  expect(pauses[0]).toBeLessThanOrEqual(250_000);
});
