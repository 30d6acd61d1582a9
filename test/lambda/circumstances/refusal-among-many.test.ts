import { NestedStack } from 'aws-cdk-lib';
import { AlternateContact, AlternateContactType } from '../../../src';
import { faultOf, MEMBER, OTHER_VALUES, OWN, useHarness, VALUES } from '../harness';

/*
 * Of several contacts with `overwriteExisting: false`, one is refused while the Creates of the others are under way. CloudFormation no longer waits for
 * these, so each asks whether the deployment is rolled back, and then leaves its account as it was.
 */
const harness = useHarness({}, stack => {
  new AlternateContact(new NestedStack(stack, 'Nested'), 'Contact', {
    alternateContactType: AlternateContactType.OPERATIONS, name: 'n', title: 't', emailAddress: 'e@example.com', phoneNumber: '1',
  });
});
const CAREFUL = { AccountId: MEMBER, AlternateContactType: 'BILLING', OverwriteExisting: 'false' };
const PUT = [`GetAlternateContact ${MEMBER}`, `PutAlternateContact ${MEMBER}`, `GetAlternateContact ${MEMBER}`];
const LIST = 'ListStackResources own';
const ASK = 'DescribeStacks own';
const DELETE = `DeleteAlternateContact ${MEMBER}`;
const FREE = { ...CAREFUL, AlternateContactType: 'OPERATIONS' };
const NOT_CREATED = { Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' };
const createWhile = async (status: string, properties: object = FREE, reason?: string) => {
  await harness.whileStackIs(status, reason, () => harness.deliver({ RequestType: 'Create' }, properties));
  return harness.received[0].body;
};

afterEach(() => {
  delete process.env.ROOT_STACK_ID;
  delete process.env.CONTACTS;
});

describe('a Create with OverwriteExisting false', () => {
  test.each([
    ['ROLLBACK_IN_PROGRESS', undefined], ['UPDATE_ROLLBACK_IN_PROGRESS', undefined], ['ROLLBACK_COMPLETE', undefined], ['UPDATE_ROLLBACK_COMPLETE', undefined],
    ['DELETE_IN_PROGRESS', 'The following resource(s) failed to create: [Other].'],
  ])('deletes what it put where there was nothing, if its stack is in %s by then', async (status, reason) => {
    expect(await createWhile(status, FREE, reason)).toMatchObject({
      ...NOT_CREATED, Reason: `Left the OPERATIONS contact of account ${MEMBER} as it was: the deployment is rolled back, and overwriteExisting is false`,
    });
    expect(harness.callsMade).toEqual([...PUT, ASK, DELETE]);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toBeUndefined();
  });

  test.each(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'CREATE_FAILED', 'UPDATE_FAILED'])(
    'keeps what it put while its stack goes on, or has failed under --no-rollback (%s)', async status => {
      expect(await createWhile(status)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
      expect(harness.callsMade).toEqual([...PUT, ASK]);
      expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
    });

  test('gives back the values with which another resource of the stack holds the contact', async () => {
    harness.putByHand(MEMBER, 'BILLING');
    expect(await createWhile('UPDATE_ROLLBACK_IN_PROGRESS', CAREFUL)).toMatchObject(NOT_CREATED);
    expect(harness.callsMade).toEqual([PUT[0], LIST, ...PUT.slice(1), ASK, PUT[1]]);
    expect(harness.stored(MEMBER, 'BILLING')).toMatchObject(OTHER_VALUES);
  });

  test('asks nothing if the account has the declared values already: there is nothing to undo', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS', VALUES);
    expect(await createWhile('ROLLBACK_IN_PROGRESS')).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.callsMade).toEqual(PUT.slice(0, 2));
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
  });

  test('of a nested stack asks the root', async () => {
    process.env.ROOT_STACK_ID = harness.stackId;
    const { id: stackId } = harness.sandbox.stacks.all.find(({ id }) => id !== harness.stackId)!;
    await harness.whileStackIs('ROLLBACK_IN_PROGRESS', undefined, () => harness.deliver({ RequestType: 'Create' }, FREE, { stackId }));
    expect(harness.received[0].body).toMatchObject(NOT_CREATED);
    expect(harness.callsMade).toEqual([...PUT, ASK, DELETE]);
  });

  test('leaves its account as it was if it may not ask', async () => {
    harness.sandbox.faults.add(faultOf('DescribeStacks', 'AccessDenied', 403, 'x with an explicit deny'));
    expect(await createWhile('UPDATE_IN_PROGRESS')).toMatchObject({ ...NOT_CREATED, Reason: expect.stringContaining('allow cloudformation:DescribeStacks') });
    expect(harness.callsMade).toEqual([...PUT, ASK, DELETE]);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toBeUndefined();
  });

  test('leaves its account as it was if CloudFormation stays throttled', async () => {
    harness.sandbox.faults.add({ api: 'DescribeStacks', kind: '429', times: 100_000 });
    expect(await harness.deliver({ RequestType: 'Create' }, FREE, { remaining: 23_000 })).toMatchObject(NOT_CREATED);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toBeUndefined();
  });

  test('leaves what it cannot delete to the Delete of the failed Create', async () => {
    harness.sandbox.faults.add(faultOf('DeleteAlternateContact', 'ValidationException', 400));
    expect(await createWhile('ROLLBACK_IN_PROGRESS')).toMatchObject({
      Status: 'FAILED', PhysicalResourceId: `${MEMBER}/OPERATIONS/uncertain`, Reason: expect.stringContaining(`Could not delete the OPERATIONS contact of account ${MEMBER}`),
    });
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
  });

  test.each([[undefined, 6], ['50', 50]])('pauses before it tries a throttled deletion again, in proportion to the contacts of its stack (%s)', async (contacts, pause) => {
    if (contacts) { process.env.CONTACTS = contacts; }
    harness.sandbox.faults.add({ api: 'DeleteAlternateContact', kind: '429' });
    const pauses = await harness.pausesOf(() => harness.whileStackIs('ROLLBACK_IN_PROGRESS', undefined, () =>
      harness.deliver({ RequestType: 'Create' }, FREE, { remaining: 900_000 })));
    expect(pauses).toEqual([pause]);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toBeUndefined();
  });
});

test('a Create that may overwrite asks nothing, whatever the status of its stack', async () => {
  expect(await createWhile('ROLLBACK_IN_PROGRESS', { ...FREE, OverwriteExisting: 'true' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.callsMade).toEqual(PUT);
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});

test('an Update to another account asks nothing: a rollback may be what brings its contact back', async () => {
  await harness.whileStackIs('UPDATE_ROLLBACK_IN_PROGRESS', undefined, () =>
    harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/OPERATIONS` }, FREE));
  expect(harness.received[0].body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS` });
  expect(harness.callsMade).toEqual(PUT);
  expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
});
