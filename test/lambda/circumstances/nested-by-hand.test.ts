import { CfnResource } from 'aws-cdk-lib';
import { OWN, useHarness, VALUES } from '../harness';

/*
 * A stack that the CDK synthesized as a root, nested in a template that was written by hand. Its constructs don't know the parent, so its function may
 * only ask its own stack. The role is the one that the construct creates.
 */
const harness = useHarness({}, stack => {
  for (let i = 0; i < 110; i += 1) { new CfnResource(stack, `Topic${i}`, { type: 'AWS::SNS::Topic' }); }
}, undefined, TemplateURL => ({ Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } } }));

const TAKEN_OVER = `${OWN}/OPERATIONS/took-over`;
const outcomes = () => harness.sandbox.calls.map(({ api, outcome }) => `${api} ${outcome}`);
/** Delivers a Delete while the stack has a status. */
const removeWhile = (status: string, PhysicalResourceId: string) => {
  harness.putByHand(OWN, 'OPERATIONS', VALUES);
  return harness.whileStackIs(status, undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId }));
};

test('a contact that was taken over is deleted with the stack, although the root may not be asked', async () => {
  await removeWhile('DELETE_IN_PROGRESS', TAKEN_OVER);
  expect(harness.received[0].body).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
  expect(outcomes()).toEqual([
    'DescribeStacks ok', 'DescribeStacks AccessDenied', 'ListStackResources ok', 'DescribeStacks ok', 'DeleteAlternateContact ok',
  ]);
});

test('a contact that was taken over stays when the stack itself rolls back, and the root is not asked', async () => {
  await removeWhile('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', TAKEN_OVER);
  expect(harness.stored(OWN, 'OPERATIONS')).toBeDefined();
  expect(outcomes()).toEqual(['DescribeStacks ok']);
});

test('an error of the root is not mistaken for a denial', async () => {
  harness.sandbox.faults.add({ api: 'DescribeStacks', kind: 'error', status: 400, name: 'ValidationError', match: () => outcomes().length > 1 });
  await removeWhile('DELETE_IN_PROGRESS', TAKEN_OVER);
  expect(harness.received[0].body).toMatchObject({ Status: 'FAILED' });
  expect(harness.stored(OWN, 'OPERATIONS')).toBeDefined();
});

test('a Delete with the whole stack, which has two pages of resources, does not ask the root', async () => {
  await removeWhile('DELETE_IN_PROGRESS', `${OWN}/OPERATIONS`);
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
  expect(outcomes()).toEqual(['ListStackResources ok', 'DescribeStacks ok', 'DeleteAlternateContact ok']);
});

// A limit that the README names.
test('a contact that another stack of the hand-written parent holds now is deleted: nobody may ask that stack', async () => {
  await removeWhile('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', `${OWN}/OPERATIONS`);
  expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
  expect(outcomes()).not.toContain('ListStackResources AccessDenied');
});
