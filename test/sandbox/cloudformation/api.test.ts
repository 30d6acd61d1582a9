import { echo, StackBench, topic } from './fixtures';

const bench = new StackBench();

describe('ListStackResources', () => {
  test('pages after 100 resources', async () => {
    const topics = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`Topic${index}`, topic()]));
    await bench.deploy({ ...topics, Thing: echo({ Look: 'yes' }, { DependsOn: Object.keys(topics) }) });
    const [stack] = bench.seen('Create Thing').stacks;
    expect([stack.pages, stack.rows.length, new Set(stack.rows.map(({ id }) => id)).size]).toEqual([3, 251, 251]);
  });

  test('shows a resource without a physical id while it is being created', async () => {
    await bench.deploy({ Thing: echo({ Look: 'yes' }) });
    expect(bench.seen('Create Thing').stacks[0].rows).toEqual([{ id: 'Thing', type: 'Custom::Echo', status: 'CREATE_IN_PROGRESS' }]);
  });

  test('shows a removed resource until the cleanup has deleted it', async () => {
    await bench.deploy({ First: echo({ Look: 'yes' }), Second: echo({}, { DependsOn: 'First' }), Stays: topic() });
    await bench.deploy({ Stays: topic(), New: echo({ Look: 'yes' }) });
    expect(bench.seen('Create New').stacks[0].rows.map(({ id }) => id).sort()).toEqual(['First', 'New', 'Second', 'Stays']);
    expect(bench.seen('Delete First').stacks[0].rows).toMatchObject([{ id: 'Stays' }, { id: 'New' }, { id: 'First', status: 'DELETE_IN_PROGRESS' }]);
  });

  test('shows a retained resource as DELETE_SKIPPED, in a deletion and in a cleanup', async () => {
    const resources = { Thing: echo({ Look: 'yes' }), Kept: topic({ Name: 'kept' }, { DependsOn: 'Thing', DeletionPolicy: 'Retain' }) };
    const rows = [{ id: 'Thing', status: 'DELETE_IN_PROGRESS' }, { id: 'Kept', physicalId: 'kept', status: 'DELETE_SKIPPED' }];
    await bench.deploy({ ...resources, Stays: topic() });
    await bench.deploy({ Stays: topic() });
    expect(bench.seen('Delete Thing').stacks[0].rows).toMatchObject([{ id: 'Stays' }, ...rows]);
    await bench.deploy({ ...resources, Stays: topic() });
    await bench.destroy();
    expect(bench.seen('Delete Thing').stacks[0].rows).toMatchObject([{ id: 'Stays' }, ...rows]);
  });
});
