import { echo, echoFunction, history, StackBench, topic } from '../fixtures';

/* Updating a stack, up to its cleanup or its rollback. */
const bench = new StackBench();

describe('an update', () => {
  test('sends an Update only to resources whose properties changed', async () => {
    await bench.deploy({ Thing: echo({ Value: '1' }), Still: echo() });
    await bench.deploy({ Thing: echo({ Value: '2' }), Still: echo() });
    expect(bench.sent('Update Thing')).toMatchObject([
      { PhysicalResourceId: 'echo-Thing', ResourceProperties: { Value: '2' }, OldResourceProperties: { Value: '1' } },
    ]);
    expect(bench.sent('Update Still')).toEqual([]);
  });

  test('that changes nothing does nothing', async () => {
    await bench.deploy({ Thing: echo({ Value: '1' }) });
    expect(await bench.deploy({ Thing: echo({ Value: '1' }) })).toMatchObject({ events: [], reason: 'No updates are to be performed.' });
  });

  test('sends no Update if only a policy or a dependency changed', async () => {
    await bench.deploy({ Thing: echo(), Other: topic() });
    const result = await bench.deploy({ Thing: echo({}, { DeletionPolicy: 'Retain', DependsOn: 'Other' }), Other: topic() });
    expect([result.status, bench.sent('Update Thing')]).toEqual(['UPDATE_COMPLETE', []]);
  });

  test('updates the resources that refer to a replaced one', async () => {
    await bench.deploy({ Thing: echo({ Id: 'old' }), Reader: echo({ Value: { Ref: 'Thing' } }) });
    await bench.deploy({ Thing: echo({ Id: 'new' }), Reader: echo({ Value: { Ref: 'Thing' } }) });
    expect(bench.sent('Update Reader')).toMatchObject([{ ResourceProperties: { Value: 'new' }, OldResourceProperties: { Value: 'old' } }]);
  });

  test('replaces a resource that responds with another physical id, and deletes the old one after everything is created and updated', async () => {
    await bench.deploy({ Thing: echo({ Id: 'old' }), Last: echo({ Value: '1' }, { DependsOn: 'Thing' }) });
    const result = await bench.deploy({ Thing: echo({ Id: 'new' }), Last: echo({ Value: '2' }, { DependsOn: 'Thing' }) });
    expect(bench.sent('Delete Thing')).toMatchObject([{ PhysicalResourceId: 'old', ResourceProperties: { Id: 'old' } }]);
    expect(history(result).slice(-5)).toEqual([
      'Last UPDATE_COMPLETE', `${bench.stackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`, 'Thing DELETE_IN_PROGRESS', 'Thing DELETE_COMPLETE',
      `${bench.stackName} UPDATE_COMPLETE`,
    ]);
  });

  test('does not replace a resource that responds with FAILED, whatever its physical id', async () => {
    await bench.deploy({ Thing: echo({ Id: 'old' }) });
    const result = await bench.deploy({ Thing: echo({ Id: 'new', Fail: 'Update' }) });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([bench.idsIn('Update Thing'), bench.idsIn('Delete Thing')]).toEqual([['old', 'old'], []]);
  });

  test('may not change a ServiceToken, and does not call the function', async () => {
    await bench.deploy({ ...echoFunction('Another', 'none:*'), Thing: echo() });
    const token = { 'Fn::GetAtt': ['Function', 'Arn'] };
    const result = await bench.deploy({ ...echoFunction('Another', 'none:*'), Thing: echo({ ServiceToken: token }) });
    expect(result).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', reason: 'Modifying service token is not allowed.' });
    expect(bench.sent('Update Thing')).toEqual([]);
  });

  test('may not change the type of a resource', async () => {
    await bench.deploy({ Thing: topic() });
    await expect(bench.deploy({ Thing: echo() })).rejects.toThrow('Update of resource type is not permitted');
  });
});
