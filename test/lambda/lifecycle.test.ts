import { faultOf, MEMBER, OTHER_VALUES, OWN, useHarness, VALUES } from './harness';

const harness = useHarness();
const PUT = ['GetAlternateContact own', 'PutAlternateContact own', 'GetAlternateContact own'];

describe('Create', () => {
  test('reads, puts, reads again and responds with the identity', async () => {
    expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(harness.callsMade).toEqual(PUT);
    expect(harness.stored()).toEqual({ AlternateContactType: 'SECURITY', ...VALUES });
    expect(harness.logged).toMatchObject({ action: 'put' });
  });

  test('names the account of a member in its calls', async () => {
    expect(await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER })).toMatchObject({ PhysicalResourceId: `${MEMBER}/SECURITY` });
    expect(harness.callsMade).toEqual([`GetAlternateContact ${MEMBER}`, `PutAlternateContact ${MEMBER}`, `GetAlternateContact ${MEMBER}`]);
    expect(harness.stored(OWN)).toBeUndefined();
  });

  test("leaves the stack's account unnamed, also when the template names it", async () => {
    expect(await harness.deliver({ RequestType: 'Create' }, { AccountId: OWN })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(harness.callsMade).toEqual(PUT);
  });
});

describe('Update', () => {
  test.each([`${OWN}/SECURITY`, `${OWN}/SECURITY/took-over`])('of %s puts once and keeps the id', async PhysicalResourceId => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Update', PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(harness.callsMade).toEqual(['PutAlternateContact own']);
    expect(harness.stored()).toMatchObject(VALUES);
  });

  test("ignores OverwriteExisting: the contact is the resource's own", async () => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.callsMade).toEqual(['PutAlternateContact own']);
  });

  test('to another account is like a Create, and leaves the old contact to its Delete', async () => {
    harness.putByHand(OWN);
    harness.putByHand(MEMBER);
    expect(await harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, { AccountId: MEMBER }))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/SECURITY/took-over` });
    expect(harness.callsMade).toEqual([`GetAlternateContact ${MEMBER}`, `PutAlternateContact ${MEMBER}`, `GetAlternateContact ${MEMBER}`]);
    expect(harness.stored(OWN)).toMatchObject(OTHER_VALUES);
    expect(harness.logged).toMatchObject({ action: 'put' });
  });

  test('to another type is like a Create', async () => {
    expect(await harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/BILLING` }))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
  });

  test('that fails keeps the id', async () => {
    harness.sandbox.faults.add(faultOf('PutAlternateContact', 'ValidationException', 400));
    expect(await harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${OWN}/SECURITY` });
  });
});

describe('Delete', () => {
  // The stack declares no operations contact: nothing in it holds one.
  test('deletes the contact that the id names, whatever the properties say', async () => {
    for (const type of ['SECURITY', 'OPERATIONS'] as const) { harness.putByHand(OWN, type, VALUES); }
    const PhysicalResourceId = `${OWN}/OPERATIONS`;
    expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId }, { AlternateContactType: 'SECURITY' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(harness.callsMade).toEqual(['ListStackResources own', 'DeleteAlternateContact own']);
    expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
    expect(harness.stored(OWN, 'SECURITY')).toBeDefined();
  });

  test('succeeds when the contact is missing', async () => {
    expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` })).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.sandbox.calls.map(call => call.outcome)).toEqual(['ok', 'ResourceNotFoundException']);
  });

  test('does not read the properties: an older library may have written them', async () => {
    harness.putByHand(OWN, 'OPERATIONS', VALUES);
    expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, { AlternateContactType: 'x', Old: 'y', Name: '' }))
      .toMatchObject({ Status: 'SUCCESS' });
    expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
  });

  test.each([`${OWN}/SECURITY`, `${OWN}/SECURITY/took-over`])('of %s leaves the contact that another resource of the stack holds', async PhysicalResourceId => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId, LogicalResourceId: 'Formerly' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(harness.callsMade).not.toContain('DeleteAlternateContact own');
    expect(harness.stored()).toMatchObject(OTHER_VALUES);
    expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'AlternateContactSecurity of Stack holds the contact' });
  });

  test.each(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'DELETE_FAILED', 'DELETE_SKIPPED'])(
    'deletes the contact if the only other resource that held it is in %s', async status => {
      harness.putByHand();
      const stack = harness.sandbox.stacks.find(harness.stackId, OWN, 'eu-west-1')!;
      const other = stack.resources.get('AlternateContactSecurity')!;
      const before = other.status;
      other.status = status;
      try {
        await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY`, LogicalResourceId: 'Formerly' });
      } finally {
        other.status = before;
      }
      expect(harness.stored()).toBeUndefined();
    });

  test.each([
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, 'leaves'],
    ['ROLLBACK_IN_PROGRESS', undefined, 'leaves'],
    ['DELETE_IN_PROGRESS', 'The following resource(s) failed to create: [X]. Delete requested by user.', 'leaves'],
    ['DELETE_IN_PROGRESS', 'Stack creation time exceeded the specified timeout. Delete requested by user.', 'leaves'],
    ['DELETE_IN_PROGRESS', 'User Initiated', 'deletes'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, 'deletes'],
    // An old failure says nothing about this deployment.
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'The following resource(s) failed to create: [X].', 'deletes'],
  ])('of a contact that was taken over, in a stack that is in %s (%s), %s it', async (status, reason, outcome) => {
    const isLeft = outcome === 'leaves';
    harness.putByHand(OWN, 'OPERATIONS', VALUES);
    await harness.whileStackIs(status, reason, async () =>
      expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` })).toMatchObject({ Status: 'SUCCESS' }));
    expect(harness.stored(OWN, 'OPERATIONS') !== undefined).toBe(isLeft);
    expect(harness.callsMade).toEqual(['DescribeStacks own', ...(isLeft ? [] : ['ListStackResources own', 'DeleteAlternateContact own'])]);
    expect(harness.logged).toMatchObject(isLeft ? { action: 'kept', Reason: 'The deployment that took the contact over is rolled back' } : { action: 'deleted' });
  });

  test('of a contact that was not taken over deletes it in a rollback too', async () => {
    harness.putByHand(OWN, 'OPERATIONS', VALUES);
    await harness.whileStackIs('ROLLBACK_IN_PROGRESS', undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }));
    expect(harness.stored(OWN, 'OPERATIONS')).toBeUndefined();
  });

  test.each(['AlternateContactSecurity/not-created', 'Stack-AlternateContactSecurity-1ABCDEF', OWN, `${OWN}/security`, `x${OWN}/SECURITY`, `${OWN}/SECURITY/x`])(
    'of %s calls nothing', async PhysicalResourceId => {
      harness.putByHand();
      expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
      expect(harness.callsMade).toEqual([]);
      expect(harness.stored()).toMatchObject(OTHER_VALUES);
      expect(harness.logged).toMatchObject({ action: 'nothing' });
    });
});

test.each([
  ['Create', 'PutAlternateContact', { RequestType: 'Create' }],
  ['Update', 'PutAlternateContact', { RequestType: 'Update', PhysicalResourceId: `${OWN}/OPERATIONS` }],
  ['Delete', 'DeleteAlternateContact', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }],
] as const)('the response to a %s waits for %s, however long that takes', async (_, api, request) => {
  harness.putByHand(OWN, 'OPERATIONS');
  harness.sandbox.faults.add({ api, kind: 'slow', seconds: 0.5 });
  expect(await harness.deliver(request, { AlternateContactType: 'OPERATIONS' })).toMatchObject({ Status: 'SUCCESS' });
  expect(harness.stored(OWN, 'OPERATIONS')).toEqual(request.RequestType === 'Delete' ? undefined : { AlternateContactType: 'OPERATIONS', ...VALUES });
});
