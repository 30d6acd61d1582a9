import { MEMBER, OWN, VALUES } from './harness';
import { useNestedStacks } from './nested-stacks';

const { harness, stackOf, remove, callsOf, whileResourceIs } = useNestedStacks();

describe('a contact that was taken over in a nested stack', () => {
  const TAKEN_OVER = `${MEMBER}/SECURITY/took-over`;
  /** Delivers the Delete while the nested stack is deleted and the root has a status. */
  const removeWhileRootIs = async (status: string) => {
    harness.putByHand(MEMBER, 'SECURITY', VALUES);
    await whileResourceIs(`AlternateContactSecurity${MEMBER}`, 'DELETE_COMPLETE', () =>
      harness.whileStackIs('DELETE_IN_PROGRESS', 'User Initiated', () =>
        harness.whileStackIs(status, undefined, () => remove('Outer/Inner/', TAKEN_OVER)), stackOf('Outer/Inner/').id));
    return harness.stored(MEMBER, 'SECURITY') === undefined ? 'deleted' : 'kept';
  };

  test.each([
    ['ROLLBACK_IN_PROGRESS', 'kept'], ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'kept'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'deleted'], ['DELETE_IN_PROGRESS', 'deleted'],
  ])('while the root is in %s is %s', async (status, outcome) => {
    process.env.ROOT_STACK_ID = stackOf('').id;
    expect(await removeWhileRootIs(status)).toBe(outcome);
    // If the root is deleted or rolls back, the nested stack need not be asked.
    expect(callsOf('DescribeStacks')).toBe(status.startsWith('UPDATE_COMPLETE') ? 2 : 1);
  });

  test('is kept while the nested stack rolls back an update in which its root takes no part', async () => {
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
      await whileResourceIs('AlternateContactBilling', 'DELETE_COMPLETE', () =>
        harness.whileStackIs(rootStatus, undefined, () =>
          harness.whileStackIs(status, undefined, () => remove('Outer/', `${OWN}/BILLING/took-over`), stackOf('Outer/').id)));
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

  test('is kept where only CloudFormation knows the root', async () => {
    expect(await removeWhileRootIs('ROLLBACK_IN_PROGRESS')).toBe('kept');
    expect(callsOf('DescribeStacks')).toBe(2);
  });
});
