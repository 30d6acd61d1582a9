import { echo, history, reasonOf, StackBench, topic } from '../fixtures';

/* Rolling back an update. `Last` is the resource that fails. */
const bench = new StackBench();
const last = (value: string, ...dependencies: string[]) => topic({ Value: value }, { DependsOn: dependencies });
const FAIL = { fail: { Last: 'Update' } } as const;

describe('a rollback', () => {
  test('sends the old properties with the current physical id, and deletes that id if the response has the old one', async () => {
    await bench.deploy({ Thing: echo({ Value: '1', Id: 'old' }), Last: last('1') });
    const result = await bench.deploy({ Thing: echo({ Value: '2', Id: 'new' }), Last: last('2', 'Thing') }, FAIL);
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(bench.sent('Update Thing')).toMatchObject([
      { PhysicalResourceId: 'old', ResourceProperties: { Value: '2' }, OldResourceProperties: { Value: '1' } },
      { PhysicalResourceId: 'new', ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } },
    ]);
    expect(bench.sent('Delete Thing')).toMatchObject([{ PhysicalResourceId: 'new', ResourceProperties: { Value: '2' } }]);
  });

  test('deletes neither the new nor the old physical id if the response has the new one', async () => {
    await bench.deploy({ Thing: echo({ Value: '1' }), Last: last('1') });
    await bench.deploy({ Thing: echo({ Value: '2', Id: 'new' }), Last: last('2', 'Thing') }, FAIL);
    expect([bench.idsIn('Update Thing'), bench.idsIn('Delete Thing')]).toEqual([['echo-Thing', 'new'], []]);
  });

  test('deletes in its cleanup the resources that the update created', async () => {
    await bench.deploy({ Last: last('1') });
    const result = await bench.deploy({ New: echo(), Last: last('2', 'New') }, FAIL);
    expect(bench.idsIn('Delete New')).toEqual(['echo-New']);
    const begun = `${bench.stackName} UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS`;
    expect(history(result, begun, 'New DELETE_IN_PROGRESS')).toEqual([begun, 'New DELETE_IN_PROGRESS']);
  });

  test('undoes an update that was cancelled in flight, because nobody knows how far it got', async () => {
    await bench.deploy({ Slow: echo({ Value: '1' }), Last: last('1') });
    const result = await bench.deploy({ Slow: echo({ Value: '2', Seconds: '120' }), Last: last('2') },
      { fail: { Last: { phase: 'Update', afterSeconds: 10 } } });
    expect(reasonOf(result, 'Slow UPDATE_FAILED')).toBe('Resource update cancelled');
    expect(bench.sent('Update Slow').at(-1)).toMatchObject({ ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } });
  });

  test('updates dependencies first, in the order of the old template', async () => {
    await bench.deploy({ First: echo({ Seconds: '20' }), Second: echo({ Value: '1' }, { DependsOn: 'First' }), Last: last('1') });
    const result = await bench.deploy({ First: echo({ Value: '2' }, { DependsOn: 'Second' }), Second: echo({ Value: '2' }), Last: last('2', 'First') }, FAIL);
    expect(history(result, 'First UPDATE_COMPLETE', 'Second UPDATE_COMPLETE'))
      .toEqual(['Second UPDATE_COMPLETE', 'First UPDATE_COMPLETE', 'First UPDATE_COMPLETE', 'Second UPDATE_COMPLETE']);
  });

  test('sends nothing to a resource that the update did not change', async () => {
    await bench.deploy({ Still: echo(), Later: echo({ Value: '1' }), Last: last('1') });
    await bench.deploy({ Still: echo(), Later: echo({ Value: '2' }, { DependsOn: 'Last' }), Last: last('2') }, FAIL);
    expect([...bench.sent('Update Still'), ...bench.sent('Update Later')]).toEqual([]);
  });

  test('returns to the old one of a replaced resource that is not custom, and deletes the new one', async () => {
    await bench.deploy({ Topic: topic({ Name: 'old' }), Last: last('1') });
    const result = await bench.deploy({ Topic: topic({ Name: 'new' }), Last: last('2', 'Topic') }, FAIL);
    const deleted = result.events.filter(({ logicalId, status }) => logicalId === 'Topic' && status === 'DELETE_COMPLETE');
    expect(deleted.map(({ physicalId }) => physicalId)).toEqual(['new']);
    const { stackName } = bench;
    expect(bench.sandbox.stacks.find(stackName, '111111111111', 'us-east-1')?.resources.get('Topic')?.physicalId).toBe('old');
  });

  test('keeps the resources that the update would have removed', async () => {
    await bench.deploy({ Removed: echo(), Last: last('1') });
    await bench.deploy({ Last: last('2') }, FAIL);
    expect(bench.sent('Delete Removed')).toEqual([]);
    await bench.destroy();
    expect(bench.idsIn('Delete Removed')).toEqual(['echo-Removed']);
  });

  test('keeps a resource that the update created with DeletionPolicy Retain, and deletes it with RetainExceptOnCreate', async () => {
    await bench.deploy({ Last: last('1') });
    const created = { Kept: echo({}, { DeletionPolicy: 'Retain' }), New: echo({}, { DeletionPolicy: 'RetainExceptOnCreate' }) };
    await bench.deploy({ ...created, Last: last('2', 'Kept', 'New') }, FAIL);
    expect([bench.idsIn('Delete Kept'), bench.idsIn('Delete New')]).toEqual([[], ['echo-New']]);
  });

  test('that fails ends in UPDATE_ROLLBACK_FAILED, without a cleanup', async () => {
    await bench.deploy({ Thing: echo({ Value: '1', Fail: 'Update' }), Last: last('1', 'Thing') });
    const result = await bench.deploy({ Thing: echo({ Value: '2' }), New: echo(), Last: last('2', 'Thing', 'New') }, FAIL);
    expect([result.status, bench.sent('Delete New')]).toEqual(['UPDATE_ROLLBACK_FAILED', []]);
  });
});
