import { echo, echoFunction, history, StackBench, statuses, topic } from '../fixtures';

/* What a successful update has removed or replaced is deleted at its end. */
const bench = new StackBench();

describe('a cleanup', () => {
  test('deletes removed resources, dependents first', async () => {
    await bench.deploy({ First: echo(), Second: echo({}, { DependsOn: 'First' }), Stays: topic() });
    const result = await bench.deploy({ Stays: topic() });
    expect(history(result)).toEqual([
      `${bench.stackName} UPDATE_IN_PROGRESS`, `${bench.stackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`, 'Second DELETE_IN_PROGRESS', 'Second DELETE_COMPLETE',
      'First DELETE_IN_PROGRESS', 'First DELETE_COMPLETE', `${bench.stackName} UPDATE_COMPLETE`,
    ]);
  });

  test('tries three times, then orphans the resource, and the update succeeds', async () => {
    await bench.deploy({ Thing: echo({ Fail: 'Delete', Id: 'stuck' }), Stays: topic() });
    const result = await bench.deploy({ Stays: topic() });
    expect(result).toMatchObject({ status: 'UPDATE_COMPLETE', orphans: [{ logicalId: 'Thing', physicalId: 'stuck' }] });
    expect(bench.idsIn('Delete Thing')).toEqual(['stuck', 'stuck', 'stuck']);
  });

  test('tries three times after a rollback, too', async () => {
    await bench.deploy({ Last: topic({ Value: '1' }) });
    const result = await bench.deploy({ New: echo({ Fail: 'Delete' }), Last: topic({ Value: '2' }, { DependsOn: 'New' }) }, { fail: { Last: 'Update' } });
    expect(result).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', orphans: [{ logicalId: 'New', physicalId: 'echo-New' }] });
    expect(bench.sent('Delete New')).toHaveLength(3);
  });

  test('forgets an orphan: a later deletion of the stack sends no Delete to it', async () => {
    await bench.deploy({ Thing: echo({ Fail: 'Delete' }), Stays: topic() });
    await bench.deploy({ Stays: topic() });
    expect((await bench.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bench.sent('Delete Thing')).toHaveLength(3);
  });

  test.each(['Retain', 'RetainExceptOnCreate'])('skips a removed resource with DeletionPolicy %s', async DeletionPolicy => {
    await bench.deploy({ Thing: echo({}, { DeletionPolicy }), Stays: topic() });
    const result = await bench.deploy({ Stays: topic() });
    expect([statuses(result, 'Thing'), bench.sent('Delete Thing')]).toEqual([['DELETE_SKIPPED'], []]);
  });

  test('retains a replaced resource if the new template gives it UpdateReplacePolicy Retain', async () => {
    await bench.deploy({ Thing: echo({ Id: 'old' }) });
    await bench.deploy({ Thing: echo({ Id: 'new' }, { UpdateReplacePolicy: 'Retain' }) });
    expect(bench.sent('Delete Thing')).toEqual([]);
  });

  test('uses the roles of the new template', async () => {
    const thing = echo({ Look: 'yes', ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } });
    await bench.deploy({ ...echoFunction('Shrinking', 'cloudformation:*'), Thing: thing });
    expect(bench.seen('Create Thing').own).toBe(bench.stackName);
    await bench.deploy(echoFunction('Shrinking', 'cloudformation:ListStackResources'));
    const denied = bench.sandbox.logs.filter(({ functionName, line }) => functionName === 'Shrinking' && line.startsWith('DENIED'));
    expect(denied.map(({ line }) => line)).toEqual(['DENIED Delete AccessDenied']);
  });
});
