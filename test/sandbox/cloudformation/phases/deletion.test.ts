import { echo, history, StackBench, statuses, topic } from '../fixtures';

/* Deleting a stack. */
const bench = new StackBench();

describe('a deletion', () => {
  test('deletes dependents first', async () => {
    await bench.deploy({ First: echo(), Second: echo({}, { DependsOn: 'First' }) });
    const result = await bench.destroy();
    expect(result.status).toBe('DELETE_COMPLETE');
    expect(history(result).slice(1, -1))
      .toEqual(['Second DELETE_IN_PROGRESS', 'Second DELETE_COMPLETE', 'First DELETE_IN_PROGRESS', 'First DELETE_COMPLETE']);
  });

  test('sends the latest properties of a resource, with its current physical id', async () => {
    await bench.deploy({ Thing: echo({ Value: '1', Id: 'old' }) });
    await bench.deploy({ Thing: echo({ Value: '2', Id: 'new' }) });
    await bench.destroy();
    expect(bench.sent('Delete Thing').at(-1)).toMatchObject({ PhysicalResourceId: 'new', ResourceProperties: { Value: '2' } });
    expect(bench.sent('Delete Thing').at(-1)).not.toHaveProperty('OldResourceProperties');
  });

  test('tries once and ends in DELETE_FAILED; the next one deletes only the rest', async () => {
    await bench.deploy({ Gone: echo(), Stuck: topic() });
    const failed = await bench.destroy({ fail: { Stuck: 'Delete' } });
    expect([failed.status, statuses(failed, 'Stuck')]).toEqual(['DELETE_FAILED', ['DELETE_IN_PROGRESS', 'DELETE_FAILED']]);
    expect((await bench.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bench.sent('Delete Gone')).toHaveLength(1);
  });

  test('keeps the dependencies of a resource that cannot be deleted, and deletes the rest', async () => {
    await bench.deploy({ Deep: echo(), Needed: echo({}, { DependsOn: 'Deep' }), Stuck: topic({}, { DependsOn: 'Needed' }), Beside: echo() });
    const result = await bench.destroy({ fail: { Stuck: 'Delete' } });
    expect(result.status).toBe('DELETE_FAILED');
    expect(['Deep', 'Needed', 'Beside'].map(name => bench.sent(`Delete ${name}`).length)).toEqual([0, 0, 1]);
  });

  test.each(['Retain', 'RetainExceptOnCreate'])('skips a resource with DeletionPolicy %s', async DeletionPolicy => {
    await bench.deploy({ Thing: echo({}, { DeletionPolicy }) });
    const result = await bench.destroy();
    expect([result.status, statuses(result, 'Thing'), bench.sent('Delete Thing')]).toEqual(['DELETE_COMPLETE', ['DELETE_SKIPPED'], []]);
  });

  test('of a stack that does not exist succeeds', async () => {
    expect(await bench.destroy()).toMatchObject({ status: 'DELETE_COMPLETE', events: [] });
  });
});
