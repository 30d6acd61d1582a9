import { echo, history, NestedBench, statuses, topic } from './fixtures';
import { Template } from '../../../sandbox';

/* Nested stacks: updating them, and rolling an update back. */
const bench = new NestedBench();
const { assembly } = bench;
const nested = bench.nested.bind(bench);
const stackOf = bench.stackOf.bind(bench);
const own = bench.own.bind(bench);

describe('an update', () => {
  test('a change of the nested template or of a parameter updates the nested stack, and no sibling', async () => {
    const tree = (value: string, parameter: string) => ({
      Child: nested({ Fixed: echo({ Value: value }), Given: echo({ Value: { Ref: 'Parameter' } }) }, { Parameter: parameter }),
      Beside: nested({ Still: topic() }),
    });
    await bench.deploy(tree('1', 'a'));
    const inside = await bench.deploy(tree('2', 'a'));
    expect([inside.status, statuses(inside, 'Fixed'), statuses(inside, 'Given')])
      .toEqual(['UPDATE_COMPLETE', ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], []]);
    const outside = await bench.deploy(tree('2', 'b'));
    expect([outside.status, statuses(outside, 'Fixed'), statuses(outside, 'Given')])
      .toEqual(['UPDATE_COMPLETE', [], ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']]);
    expect(own(outside, 'Child')).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']);
    expect(own(outside, 'Beside')).toEqual([]);
    expect(await bench.deploy(tree('2', 'b'))).toMatchObject({ reason: 'No updates are to be performed.', events: [] });
  });

  test('the cleanup of a nested stack waits until the whole tree has succeeded', async () => {
    await bench.deploy({ Child: nested({ Old: echo({ Look: 'yes' }), Thing: topic() }), Last: echo({ Value: '1' }, { DependsOn: 'Child' }) });
    const result = await bench.deploy({ Child: nested({ Thing: topic() }), Last: echo({ Value: '2', Look: 'yes' }, { DependsOn: 'Child' }) });
    expect(result.status).toBe('UPDATE_COMPLETE');
    // While the root still updates, the nested stack says that it cleans up, and still lists what it no longer declares.
    expect(bench.seen('Update Last').stacks).toMatchObject([
      { status: 'UPDATE_IN_PROGRESS', rows: [{ id: 'Child', status: 'UPDATE_COMPLETE' }, { id: 'Last' }] },
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', rows: [{ id: 'Old', status: 'CREATE_COMPLETE' }, { id: 'Thing' }] },
    ]);
    expect(bench.seen('Delete Old').stacks).toMatchObject([
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', rows: [{ id: 'Child', status: 'UPDATE_IN_PROGRESS' }, { id: 'Last' }] },
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', rows: [{ id: 'Thing' }, { id: 'Old', status: 'DELETE_IN_PROGRESS' }] },
    ]);
    expect(statuses(result, 'Child')).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']);
  });

  test('a renamed nested stack is created before the old one is deleted', async () => {
    await bench.deploy({ Old: nested({ Thing: echo({ Look: 'yes' }) }) });
    const old = stackOf('Old');
    const result = await bench.deploy({ New: nested({ Thing: echo({ Look: 'yes' }) }) });
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(bench.seen('Create Thing').stacks[0]).toMatchObject({ status: 'UPDATE_IN_PROGRESS', rows: [{ id: 'Old', physicalId: old.id }, { id: 'New' }] });
    const [root, ...others] = bench.seen('Delete Thing').stacks;
    expect(root).toMatchObject({
      status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      rows: [{ id: 'New', status: 'CREATE_COMPLETE' }, { id: 'Old', status: 'DELETE_IN_PROGRESS', physicalId: old.id }],
    });
    expect(others).toMatchObject([{ status: 'CREATE_COMPLETE' }, { id: old.id, status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' }]);
    expect(old.now()).toBe('DELETE_COMPLETE');
  });

  test('removed nested stacks are deleted, dependents first', async () => {
    await bench.deploy({ First: nested({ One: topic() }), Second: nested({ Two: topic() }, undefined, { DependsOn: 'First' }), Stays: topic() });
    const result = await bench.deploy({ Stays: topic() });
    expect(history(result, 'One DELETE_COMPLETE', 'First DELETE_IN_PROGRESS', 'Two DELETE_COMPLETE', 'Second DELETE_COMPLETE'))
      .toEqual(['Two DELETE_COMPLETE', 'Second DELETE_COMPLETE', 'First DELETE_IN_PROGRESS', 'One DELETE_COMPLETE']);
  });

  test('a removed nested stack that cannot be deleted is an orphan after three tries', async () => {
    await bench.deploy({ Child: nested({ Stuck: topic(), Fine: topic() }), Stays: topic() });
    const child = stackOf('Child');
    const result = await bench.deploy({ Stays: topic() }, { fail: { Stuck: 'Delete' } });
    expect(result).toMatchObject({ status: 'UPDATE_COMPLETE', orphans: [{ logicalId: 'Child', physicalId: child.id }] });
    expect(statuses(result, 'Stuck').filter(status => status === 'DELETE_FAILED')).toHaveLength(3);
    expect(statuses(result, 'Fine').filter(status => status === 'DELETE_COMPLETE')).toHaveLength(1);
    expect(child.now()).toBe('DELETE_FAILED');
  });

  test('a resource that the cleanup inside a nested stack cannot delete is an orphan, too', async () => {
    await bench.deploy({ Child: nested({ Stuck: topic({ Name: 'stuck' }), Stays: topic() }) });
    const result = await bench.deploy({ Child: nested({ Stays: topic() }) }, { fail: { 'Child/Stuck': 'Delete' } });
    expect(result).toMatchObject({ status: 'UPDATE_COMPLETE', orphans: [{ logicalId: 'Stuck', physicalId: 'stuck' }] });
  });

  test('a retained nested stack stays as it is', async () => {
    await bench.deploy({ Child: nested({ Thing: topic() }, undefined, { DeletionPolicy: 'Retain' }), Stays: topic() });
    const result = await bench.deploy({ Stays: topic() });
    expect([result.status, statuses(result, 'Child'), statuses(result, 'Thing')]).toEqual(['UPDATE_COMPLETE', ['DELETE_SKIPPED'], []]);
    expect(stackOf('Child').now()).toBe('CREATE_COMPLETE');
  });
});

describe('an update that fails', () => {
  const tree = (value: string, more: Template['Resources'] = {}, last = '1') => ({
    Child: assembly.nested({ Resources: { Thing: echo({ Value: value, Id: `id-${value}`, Look: 'yes' }), ...more }, Outputs: { Value: { Value: value } } }),
    Last: topic({ Value: last }, { DependsOn: 'Child' }),
    Reader: topic({ Name: { 'Fn::GetAtt': ['Child', 'Outputs.Value'] } }),
  });

  test('an updated nested stack is rolled back with its root: its resources get their old properties, and new ones are deleted', async () => {
    await bench.deploy(tree('1', { Dropped: echo() }));
    const result = await bench.deploy(tree('2', { New: echo({ Look: 'yes' }) }, '2'), { fail: { Last: 'Update' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(own(result, 'Child')).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']);
    const [update, rollback] = bench.sent('Update Thing');
    expect(update).toMatchObject({ PhysicalResourceId: 'id-1', ResourceProperties: { Value: '2' }, OldResourceProperties: { Value: '1' } });
    expect(rollback).toMatchObject({ PhysicalResourceId: 'id-2', ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } });
    expect(bench.sent('Delete Thing').map(event => event.PhysicalResourceId)).toEqual(['id-2']);
    expect(bench.sent('Delete Dropped')).toEqual([]);
    expect(bench.seen('Delete New').stacks.map(({ status }) => status))
      .toEqual(['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS']);
    // The outputs are the old ones again: the next update finds nothing to change for who reads them.
    expect(statuses(await bench.deploy(tree('1', { Dropped: echo() }, '3')), 'Reader')).toEqual([]);
  });

  test('a nested stack whose resource fails shows that it rolls back before its root does, and waits for it', async () => {
    await bench.deploy(tree('1'));
    const result = await bench.deploy(tree('2', { Bad: topic({}, { DependsOn: 'Thing' }) }), { fail: { Bad: 'Create' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const child = stackOf('Child');
    expect(result.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'UPDATE_FAILED')?.reason)
      .toBe(`Embedded stack ${child.id} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: `
        + 'The following resource(s) failed to create: [Bad].');
    expect(history(result, `${child.name} UPDATE_ROLLBACK_IN_PROGRESS`, `${bench.stackName} UPDATE_ROLLBACK_IN_PROGRESS`, 'Child UPDATE_COMPLETE'))
      .toEqual([`${child.name} UPDATE_ROLLBACK_IN_PROGRESS`, `${bench.stackName} UPDATE_ROLLBACK_IN_PROGRESS`, 'Child UPDATE_COMPLETE', 'Child UPDATE_COMPLETE']);
    expect(bench.sent('Update Thing').at(-1)).toMatchObject({ PhysicalResourceId: 'id-2', ResourceProperties: { Value: '1' } });
  });

  test('a failed sibling cancels the update of a nested stack, which is rolled back', async () => {
    await bench.deploy({ Child: nested({ Slow: echo({ Value: '1' }) }), Bad: topic({ Value: '1' }) });
    const result = await bench.deploy({ Child: nested({ Slow: echo({ Value: '2', Seconds: '600' }) }), Bad: topic({ Value: '2' }) },
      { fail: { Bad: { phase: 'Update', afterSeconds: 10 } } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    for (const logicalId of ['Slow', 'Child']) {
      expect(result.events.find(event => event.logicalId === logicalId && event.status === 'UPDATE_FAILED')?.reason).toBe('Resource update cancelled');
    }
    expect(bench.sent('Update Slow').at(-1)).toMatchObject({ ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } });
  });

  test('a nested stack that the update created is deleted in the cleanup of the rollback, with its own statuses', async () => {
    await bench.deploy({ Last: topic({ Value: '1' }) });
    const result = await bench.deploy({ New: nested({ Thing: echo({ Look: 'yes' }) }), Last: topic({ Value: '2' }, { DependsOn: 'New' }) }, { fail: { Last: 'Update' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(bench.seen('Delete Thing').stacks).toMatchObject([
      { status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' }, { status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' },
    ]);
  });

  test('RetainExceptOnCreate does not retain what a rolled-back tree created, but the rest', async () => {
    const kept = topic({}, { DeletionPolicy: 'RetainExceptOnCreate' });
    await bench.deploy({ Last: topic({ Value: '1' }) });
    const failed = await bench.deploy({ New: nested({ Kept: kept }), Last: topic({ Value: '2' }, { DependsOn: 'New' }) }, { fail: { Last: 'Update' } });
    expect(statuses(failed, 'Kept').at(-1)).toBe('DELETE_COMPLETE');
    await bench.deploy({ New: nested({ Kept: kept }), Last: topic({ Value: '2' }) });
    expect(statuses(await bench.destroy(), 'Kept')).toEqual(['DELETE_SKIPPED']);
  });

  test('a nested stack that cannot be rolled back leaves its root in UPDATE_ROLLBACK_FAILED', async () => {
    const last = (value: string) => topic({ Value: value }, { DependsOn: 'Child' });
    await bench.deploy({ Child: nested({ Thing: echo({ Value: '1', Fail: 'Update' }) }), Last: last('1') });
    const result = await bench.deploy({ Child: nested({ Thing: echo({ Value: '2' }) }), Last: last('2') }, { fail: { Last: 'Update' } });
    expect([result.status, stackOf('Child').now()]).toEqual(['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED']);
    expect(result.events.find(({ logicalId, reason }) => logicalId === 'Child' && reason?.includes('UPDATE_ROLLBACK_FAILED'))?.reason)
      .toBe(`Embedded stack ${stackOf('Child').id} was not successfully updated. Currently in UPDATE_ROLLBACK_FAILED with reason: `
        + 'The following resource(s) failed to update: [Thing].');
  });

  test('a template that is refused fails the update before anything in the nested stack changes', async () => {
    await bench.deploy(tree('1'));
    const result = await bench.deploy({ ...tree('1'), Child: assembly.nested({ Resources: {} }) });
    expect([result.status, statuses(result, 'Child')]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_COMPLETE']]);
    expect([own(result, 'Child'), bench.sent('Update Thing')]).toEqual([[], []]);
  });

  test('without a rollback, the tree stays as it is', async () => {
    await bench.deploy(tree('1', { Dropped: topic() }));
    const result = await bench.deploy(tree('2', { Bad: topic({}, { DependsOn: 'Thing' }) }, '2'), { fail: { Bad: 'Create' }, disableRollback: true });
    expect([result.status, stackOf('Child').now()]).toEqual(['UPDATE_FAILED', 'UPDATE_FAILED']);
    expect(bench.sent('Update Thing')).toHaveLength(1);
    expect(statuses(await bench.destroy(), 'Dropped')).toEqual(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  });
});
