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

  test('names a member', async () => {
    expect(await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER })).toMatchObject({ PhysicalResourceId: `${MEMBER}/SECURITY` });
    expect(harness.callsMade).toEqual([`GetAlternateContact ${MEMBER}`, `PutAlternateContact ${MEMBER}`, `GetAlternateContact ${MEMBER}`]);
    expect(harness.stored(OWN)).toBeUndefined();
  });

  test("leaves the stack's account unnamed, also when the template names it", async () => {
    expect(await harness.deliver({ RequestType: 'Create' }, { AccountId: OWN })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(harness.callsMade).toEqual(PUT);
  });

  test('says in the identity that it took a contact over', async () => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY/took-over` });
    expect(harness.stored()).toMatchObject(VALUES);
  });

  test.each([
    ['the account', { ...VALUES, EmailAddress: ` ${VALUES.EmailAddress} ` }, VALUES],
    ['the template', VALUES, { ...VALUES, EmailAddress: ` ${VALUES.EmailAddress} ` }],
  ])('takes over without a second look what has the declared values already, but for white space around them in %s', async (_, existing, declared) => {
    harness.putByHand(OWN, 'SECURITY', existing);
    expect(await harness.deliver({ RequestType: 'Create' }, declared)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY/took-over` });
    expect(harness.callsMade).toEqual(PUT.slice(0, 2));
  });

  test('takes over a contact that lacks a value: the API does not promise all', async () => {
    const { Title: _lacking, ...values } = OTHER_VALUES;
    harness.putByHand(OWN, 'SECURITY', values as typeof OTHER_VALUES);
    expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY/took-over` });
    expect(harness.stored()).toMatchObject(VALUES);
  });

  test('does not fail when the second look does', async () => {
    harness.sandbox.faults.add({
      ...faultOf('GetAlternateContact', 'AccessDeniedException', 403, 'x (a cause)'),
      match: () => harness.callsMade.includes('PutAlternateContact own'),
    });
    expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(harness.callsMade).toEqual(PUT);
  });

  // A limit that the README names: should a rollback follow and this answer have come first, the contact stays.
  test('that is delivered twice finds what the first delivery put, and cannot tell it from what was there', async () => {
    expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(await harness.deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY/took-over` });
    expect(harness.stored()).toMatchObject(VALUES);
  });

  test('with OverwriteExisting false fails where another contact is set, and changes nothing', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS');
    const { Status, Reason, PhysicalResourceId } = await harness.deliver({ RequestType: 'Create' },
      { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe(`Did not overwrite the OPERATIONS contact of account ${MEMBER}: the account has one with other values, and overwriteExisting is false. Declare the values that `
      + 'it has, delete it by hand, or set overwriteExisting to true');
    expect(PhysicalResourceId).toBe('AlternateContactSecurity/not-created');
    expect(harness.callsMade).not.toContain(`PutAlternateContact ${MEMBER}`);
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
  });

  test.each(['ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'])(
    'with OverwriteExisting false does not overwrite when it is delivered again and the stack is in %s', async status => {
      harness.putByHand(MEMBER, 'OPERATIONS');
      await harness.whileStackIs(status, undefined, async () => expect(await harness.deliver({ RequestType: 'Create' },
        { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' })).toMatchObject({ Status: 'FAILED' }));
      expect(harness.callsMade).toEqual([`GetAlternateContact ${MEMBER}`, 'ListStackResources own']);
      expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
    });

  test.each(['Name', 'Title', 'EmailAddress', 'PhoneNumber'] as const)('with OverwriteExisting false fails where only the %s is another', async property => {
    const existing = { ...VALUES, [property]: OTHER_VALUES[property] };
    harness.putByHand(MEMBER, 'OPERATIONS', existing);
    const response = await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' });
    expect(response).toMatchObject({ Status: 'FAILED' });
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(existing);
  });

  test('with OverwriteExisting true overwrites', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS');
    const response = await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'true' });
    expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` });
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
  });

  test('with OverwriteExisting false puts where another resource of the stack holds the contact', async () => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Create' }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.callsMade).toEqual(['GetAlternateContact own', 'ListStackResources own', 'PutAlternateContact own', 'GetAlternateContact own']);
  });

  test.each<[string, typeof VALUES | undefined]>([['nothing', undefined], ['the same', VALUES]])(
    'with OverwriteExisting false puts where %s is set', async (_, existing) => {
      if (existing) { harness.putByHand(MEMBER, 'OPERATIONS', existing); }
      const response = await harness.deliver({ RequestType: 'Create' }, { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' });
      expect(response).toMatchObject({ Status: 'SUCCESS' });
      expect(harness.callsMade).not.toContain('ListStackResources own');
      expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
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
  });

  test('to another account overwrites in a rollback, although OverwriteExisting is false: the resource held that contact before', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS');
    await harness.whileStackIs('UPDATE_ROLLBACK_IN_PROGRESS', undefined, async () => expect(await harness.deliver(
      { RequestType: 'Update', PhysicalResourceId: `${OWN}/OPERATIONS` },
      { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' },
    )).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/OPERATIONS/took-over` }));
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(VALUES);
  });

  test('to another account does not overwrite otherwise', async () => {
    harness.putByHand(MEMBER, 'OPERATIONS');
    expect(await harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/OPERATIONS` },
      { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' })).toMatchObject({ Status: 'FAILED' });
    expect(harness.stored(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
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
  test('deletes what the id says, whatever the properties say', async () => {
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

  test('that is delivered again after the resource was created anew leaves the contact', async () => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY` })).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.callsMade).toEqual(['ListStackResources own', 'DescribeStacks own']);
    expect(harness.stored()).toMatchObject(OTHER_VALUES);
    expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'AlternateContactSecurity, created anew, holds the contact' });
  });

  test('goes through where the engine shows the resource as live while it deletes it', async () => {
    harness.putByHand();
    await harness.whileStackIs('DELETE_IN_PROGRESS', undefined, () => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY` }));
    expect(harness.callsMade).toEqual(['ListStackResources own', 'DescribeStacks own', 'DeleteAlternateContact own']);
    expect(harness.stored()).toBeUndefined();
  });

  test.each([`${OWN}/SECURITY`, `${OWN}/SECURITY/took-over`])('of %s leaves the contact that another resource of the stack holds', async PhysicalResourceId => {
    harness.putByHand();
    expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId, LogicalResourceId: 'Formerly' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(harness.callsMade).not.toContain('DeleteAlternateContact own');
    expect(harness.stored()).toMatchObject(OTHER_VALUES);
    expect(harness.logged).toMatchObject({ action: 'kept', Reason: 'AlternateContactSecurity of Stack holds the contact' });
  });

  test.each(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'DELETE_FAILED', 'DELETE_SKIPPED'])(
    'deletes the contact of a resource that is gone while the other one that held it is in %s', async status => {
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
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, true],
    ['ROLLBACK_IN_PROGRESS', undefined, true],
    ['DELETE_IN_PROGRESS', 'The following resource(s) failed to create: [X]. Delete requested by user.', true],
    ['DELETE_IN_PROGRESS', 'Stack creation time exceeded the specified timeout. Delete requested by user.', true],
    ['DELETE_IN_PROGRESS', 'User Initiated', false],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, false],
    // What failed long before says nothing about this deployment.
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'The following resource(s) failed to create: [X].', false],
  ])('of a contact that was taken over, in a stack that is in %s (%s), leaves it: %s', async (status, reason, isLeft) => {
    harness.putByHand(OWN, 'OPERATIONS', VALUES);
    await harness.whileStackIs(status, reason, async () =>
      expect(await harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` })).toMatchObject({ Status: 'SUCCESS' }));
    expect(harness.stored(OWN, 'OPERATIONS') !== undefined).toBe(isLeft);
    expect(harness.callsMade).toEqual(['DescribeStacks own', ...(isLeft ? [] : ['ListStackResources own', 'DeleteAlternateContact own'])]);
    expect(harness.logged).toMatchObject(isLeft ? { action: 'kept', Reason: 'The deployment that took the contact over is rolled back' } : { action: 'deleted' });
  });

  test('of a contact that was not taken over does not mind a rollback', async () => {
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

describe('a call that is throttled', () => {
  const throttle = (api: string, after?: string) =>
    harness.sandbox.faults.add({ api, kind: '429', times: 1, match: () => after === undefined || harness.callsMade.includes(after) });
  const remove = (delivery = {}) => harness.deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, {}, delivery);

  test.each([
    ['Get', 'GetAlternateContact', undefined],
    ['Get after the Put', 'GetAlternateContact', 'PutAlternateContact own'],
    ['Put', 'PutAlternateContact', undefined],
  ])('on a Create is tried again after six seconds at most: %s', async (_, api, after) => {
    throttle(api, after);
    expect(await harness.pausesOf(() => harness.deliver({ RequestType: 'Create' }))).toEqual([6]);
    expect(harness.callsMade).toHaveLength(4);
  });

  test.each([
    ['has just come', 0, 30],
    ['came ten seconds ago', 10_000, 20],
    ['waited for a function: others may be short of one', 40_000, 6],
  ])('on a Delete pauses by the number of contacts that are being deleted, where the event %s', async (_, age, longest) => {
    throttle('DeleteAlternateContact');
    // On a whole second, as CloudFormation's signature has it.
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    jest.spyOn(Date, 'now').mockReturnValue(now);
    const andOthers = (act: () => Promise<void>) => harness.whileThereAre(20, 'Custom::Other', 'DELETE_IN_PROGRESS', () =>
      harness.whileThereAre(20, 'Custom::AlternateContact', 'DELETE_COMPLETE', act));
    await harness.whileThereAre(30, 'Custom::AlternateContact', 'DELETE_IN_PROGRESS', () => andOthers(async () => {
      expect(await harness.pausesOf(() => remove({ sentAt: now - age }))).toEqual([longest]);
    }));
    expect(harness.callsMade.filter(call => call.startsWith('DeleteAlternateContact'))).toHaveLength(2);
  });

  test('on a Delete pauses by the time of the function where the engine does not say when it sent the event', async () => {
    throttle('DeleteAlternateContact');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    await harness.whileThereAre(30, 'Custom::AlternateContact', 'DELETE_IN_PROGRESS', async () => {
      expect(await harness.pausesOf(() => remove())).toEqual([30]);
    });
  });
});

describe('an event that waited in a queue', () => {
  const MINUTE = 60_000;
  const EVENTS = [
    { RequestType: 'Create' },
    { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` },
    { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` },
  ] as const;

  test.each(EVENTS)('for longer than the ServiceTimeout only gets a response: $RequestType', async request => {
    harness.putByHand(OWN, 'OPERATIONS');
    const { Status, Reason, PhysicalResourceId } = await harness.deliver(request, { ServiceTimeout: '1200' }, { sentAt: Date.now() - 20.1 * MINUTE });
    expect(Status).toBe('FAILED');
    expect(Reason).toBe('Nothing was done: when the event reached the function, CloudFormation was no longer waiting for the response. Too many functions ran at once in this account: '
      + 'raise the account\'s quota of concurrent executions, or deploy fewer contacts at once');
    expect(PhysicalResourceId).toBe('PhysicalResourceId' in request ? request.PhysicalResourceId : 'AlternateContactSecurity/not-created');
    expect(harness.callsMade).toEqual([]);
    expect(harness.stored(OWN, 'OPERATIONS')).toBeDefined();
  });

  test.each(EVENTS)('for less than the ServiceTimeout is handled: $RequestType', async request => {
    expect(await harness.deliver(request, { ServiceTimeout: '1200' }, { sentAt: Date.now() - 19 * MINUTE })).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each([[59, 'SUCCESS'], [61, 'FAILED']])('for %i minutes ends in %s where the ServiceTimeout is not given', async (minutes, Status) => {
    expect(await harness.deliver({ RequestType: 'Create' }, { ServiceTimeout: undefined }, { sentAt: Date.now() - minutes * MINUTE })).toMatchObject({ Status });
  });

  test.each([[0, 0], [1, 0], [2, 3]])('is handled only if more than a second is left of the ServiceTimeout: %i s left, %i calls', async (left, calls) => {
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    jest.spyOn(Date, 'now').mockReturnValue(now);
    expect(await harness.deliver({ RequestType: 'Create' }, {}, { sentAt: now - 20 * MINUTE + 1_000 * left })).toMatchObject({ Status: calls ? 'SUCCESS' : 'FAILED' });
    expect(harness.callsMade).toHaveLength(calls);
  });

  test('puts nothing that CloudFormation might not wait for: what is put after a rollback stays', async () => {
    const now = 1_000 * Math.ceil(Date.now() / 1_000);
    // The Get takes three seconds, and leaves one.
    jest.spyOn(Date, 'now').mockImplementation(() => now + (harness.callsMade.length > 0 ? 3_000 : 0));
    const { Status, Reason, PhysicalResourceId } = await harness.deliver({ RequestType: 'Create' }, {}, { sentAt: now - 20 * MINUTE + 4_000 });
    expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
    expect(Reason).toBe(`Could not set the SECURITY contact of account ${OWN}: NotAwaited. CloudFormation was no longer waiting for the response. Too many functions ran at once in this account: `
      + 'raise the account\'s quota of concurrent executions, or deploy fewer contacts at once');
    expect(harness.callsMade).toEqual(['GetAlternateContact own']);
  });

  test('does not try again when CloudFormation soon stops waiting', async () => {
    harness.sandbox.faults.add({ api: 'GetAlternateContact', kind: '429', times: 1000 });
    expect(await harness.deliver({ RequestType: 'Create' }, {}, { remaining: 900_000, sentAt: Date.now() - 1190_000 })).toMatchObject({ Status: 'FAILED' });
    expect(harness.callsMade).toEqual(['GetAlternateContact own']);
  });
});
