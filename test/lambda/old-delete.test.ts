import { faultOf, MEMBER, OTHER_VALUES, OWN, useHarness } from './harness';

/*
 * Lambda may deliver a Delete again at any time. Here it is about the SECURITY contact, which somebody has set by hand since, and it was sent at SENT.
 * By default CloudFormation does not list its resource.
 */
const harness = useHarness();
const SENT = 1_000 * Math.floor(Date.now() / 1_000) - 60_000;
const SECURITY = `${MEMBER}/SECURITY`;
const LOGICAL_ID = `AlternateContactSecurity${MEMBER}`;
const LIST = 'ListStackResources own';
const DESCRIBE = 'DescribeStacks own';
const DELETE = `DeleteAlternateContact ${MEMBER}`;

interface Circumstances {
  readonly stackStatus?: string;
  /** What the stack lists of the resource. */
  readonly status?: string;
  readonly physicalId?: string;
  readonly updatedAt?: number;
}

/** Delivers the Delete, and returns what was called. */
async function redeliver({ stackStatus = 'UPDATE_IN_PROGRESS', status, physicalId = SECURITY, updatedAt = SENT }: Circumstances, sentAt: number | undefined = SENT) {
  harness.putByHand(MEMBER);
  const listed = status ? { status, physicalId: physicalId || undefined, updatedAt } : { type: 'Custom::Other' };
  await harness.whileStackIs(stackStatus, undefined, () => harness.whileListed(harness.stackId, LOGICAL_ID, listed, () =>
    harness.deliver({ RequestType: 'Delete', PhysicalResourceId: SECURITY, LogicalResourceId: LOGICAL_ID }, {}, { sentAt, isNotShown: true })));
  expect(harness.received[0].body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: SECURITY });
  expect(harness.stored(MEMBER)).toEqual(harness.callsMade.includes(DELETE) ? undefined : { AlternateContactType: 'SECURITY', ...OTHER_VALUES });
  return harness.callsMade;
}

test('a Delete whose resource is listed as DELETE_IN_PROGRESS asks nothing else, whatever the status of the stack', async () => {
  expect(await redeliver({ status: 'DELETE_IN_PROGRESS', stackStatus: 'UPDATE_COMPLETE' })).toEqual([LIST, DELETE]);
  expect(harness.logged).toMatchObject({ action: 'deleted' });
});

describe('a Delete that is delivered again', () => {
  test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'DELETE_COMPLETE', 'DELETE_FAILED'])(
    'while the stack is at rest (%s) deletes nothing, although the resource is gone', async stackStatus => {
      expect(await redeliver({ stackStatus })).toEqual([LIST, DESCRIBE]);
      expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'The event was delivered again after its deployment was over' });
    });

  test.each([
    ['is listed as deleted', { status: 'DELETE_COMPLETE' }],
    ['is still listed as it was', { status: 'CREATE_COMPLETE' }],
    ['holds another contact', { status: 'UPDATE_COMPLETE', physicalId: `${OWN}/SECURITY`, updatedAt: SENT + 30_000 }],
    ['could not be deleted', { status: 'DELETE_FAILED' }],
    ['was retained', { status: 'DELETE_SKIPPED' }],
    ['is being deleted, and holds another contact', { status: 'DELETE_IN_PROGRESS', physicalId: `${OWN}/SECURITY` }],
  ])('while the stack is at rest deletes nothing, although the resource %s', async (_, listed) => {
    expect(await redeliver({ ...listed, stackStatus: 'UPDATE_COMPLETE' })).toEqual([LIST, DESCRIBE]);
  });

  test.each(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'])(
    'after the resource was created anew deletes nothing and asks nothing else, while the stack is in %s', async stackStatus => {
      for (const status of ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_FAILED']) {
        harness.reset();
        expect([status, ...await redeliver({ stackStatus, status, updatedAt: SENT + 2_000 })]).toEqual([status, LIST]);
        expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'The event was delivered again after the resource was created anew' });
      }
    });

  test.each([['CREATE_IN_PROGRESS', ''], ['CREATE_FAILED', `${LOGICAL_ID}/not-created`], ['CREATE_COMPLETE', `${OWN}/SECURITY`]])(
    'while its resource is created anew deletes nothing: %s, with the physical id "%s"', async (status, physicalId) => {
      expect(await redeliver({ status, physicalId, updatedAt: SENT + 2_000 })).toEqual([LIST]);
    });
});

describe('a Delete whose resource is not listed as DELETE_IN_PROGRESS goes on while the stack changes', () => {
  test.each([
    ['because an update has replaced it', { status: 'UPDATE_COMPLETE', physicalId: `${OWN}/SECURITY`, updatedAt: SENT + 30_000 }],
    ['because a rollback has replaced it', { status: 'UPDATE_COMPLETE', physicalId: `${OWN}/SECURITY`, stackStatus: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' }],
    ['because another engine shows it as it was', { status: 'CREATE_COMPLETE' }],
    ['because the list is behind', { status: 'CREATE_IN_PROGRESS', physicalId: '' }],
    ['because it was updated in the second in which the event was sent', { status: 'CREATE_COMPLETE', updatedAt: SENT + 1_000 }],
    ['because another engine lists it no more', {}],
    ['because another engine lists it as deleted', { status: 'DELETE_COMPLETE', updatedAt: SENT + 2_000 }],
  ])('%s', async (_, circumstances) => {
    for (const stackStatus of ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'DELETE_IN_PROGRESS']) {
      harness.reset();
      expect(await redeliver({ stackStatus, ...circumstances })).toEqual([LIST, DESCRIBE, DELETE]);
    }
  });

  test('and the engine does not say when it sent the event', async () => {
    harness.putByHand(MEMBER);
    await harness.whileStackIs('DELETE_IN_PROGRESS', undefined, () =>
      harness.deliver({ RequestType: 'Delete', PhysicalResourceId: SECURITY, LogicalResourceId: LOGICAL_ID }, {}, { isNotShown: true }));
    expect(harness.callsMade).toEqual([LIST, DESCRIBE, DELETE]);
  });
});

test('a Delete that does not learn whether its stack is at rest fails', async () => {
  harness.putByHand(MEMBER, 'OPERATIONS');
  harness.sandbox.faults.add(faultOf('DescribeStacks', 'AccessDenied', 403, 'x with an explicit deny'));
  expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` }, {}, { isNotShown: true })).toMatchObject({ Status: 'FAILED' });
  expect(harness.stored(MEMBER, 'OPERATIONS')).toBeDefined();
});
