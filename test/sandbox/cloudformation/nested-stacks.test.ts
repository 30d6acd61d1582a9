import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { ACCOUNT, Assembly, echo, seen, start, statuses, topic } from './fixtures';
import { DeployOptions, Sandbox, StackResult, Template } from '../../../sandbox';

/* Nested stacks of the sandbox's CloudFormation. Everything here is about the engine: the product has no part in it. */
let aws: Sandbox;
let assembly: Assembly;

beforeAll(async () => {
  assembly = new Assembly();
  aws = await start();
}, 30_000);

afterAll(async () => {
  await aws?.close();
  assembly.remove();
});

let count = 0;
let stackName: string;
beforeEach(() => {
  stackName = `Root${count += 1}`;
});

const deploy = (resources: Template['Resources'], options: Partial<DeployOptions> = {}) =>
  aws.deploy({ stackName, account: ACCOUNT, template: { Resources: resources }, assetDirectory: assembly.directory, ...options });
const destroy = () => aws.destroy({ stackName, account: ACCOUNT });
const nested = (resources: Template['Resources'], parameters?: Record<string, unknown>, more?: object) =>
  assembly.nested({ Resources: resources, Parameters: Object.fromEntries(Object.keys(parameters ?? {}).map(name => [name, { Type: 'String' }])) }, parameters, more);

/** The nested stack that a logical id of the root stands for. */
const stackOf = (logicalId: string) => {
  const [stack] = aws.stacks.all.filter(({ root, path }) => root.name === stackName && path === `${logicalId}/`);
  return { name: stack.name, id: stack.id, now: () => stack.status };
};
const own = (result: StackResult, logicalId: string) => statuses(result, stackOf(logicalId).name);
const sent = (event: string) => aws.events.filter(({ RequestType, LogicalResourceId, StackId }) =>
  `${RequestType} ${LogicalResourceId}` === event && aws.stacks.all.some(({ id, root }) => id === StackId && root.name === stackName));
const order = (result: StackResult, ...wanted: string[]) =>
  result.events.map(({ logicalId, status }) => `${logicalId} ${status}`).filter(text => wanted.includes(text));

test('what NestedStack synthesizes is deployed, with references up, down and across', async () => {
  const app = new App({ analyticsReporting: false });
  const root = new Stack(app, stackName, { env: { account: ACCOUNT, region: 'us-east-1' } });
  const queue = new CfnResource(root, 'Queue', { type: 'AWS::SQS::Queue', properties: { QueueName: 'jobs' } });
  const outer = new NestedStack(root, 'Outer');
  const inner = new NestedStack(outer, 'Inner');
  const deep = new CfnResource(inner, 'Deep', { type: 'AWS::SNS::Topic', properties: { TopicName: queue.ref } });
  const sibling = new NestedStack(root, 'Sibling');
  const across = new CfnResource(sibling, 'Across', { type: 'AWS::SNS::Topic', properties: { TopicName: `${deep.ref}-${sibling.stackName}` } });
  new CfnResource(root, 'Last', { type: 'AWS::SNS::Topic', properties: { TopicName: across.ref } });
  const { directory, stacks } = app.synth();

  const result = await aws.deploy({ stackName, account: ACCOUNT, template: stacks[0].template, assetDirectory: directory });
  expect(result.status).toBe('CREATE_COMPLETE');
  const [siblingName] = result.events.map(event => event.stackName).filter(name => name.includes('-Sibling'));
  expect(result.events.filter(({ logicalId, status }) => logicalId === 'Last' && status === 'CREATE_COMPLETE')
    .map(({ physicalId }) => physicalId)).toEqual([`jobs-${siblingName}`]);
});

test('a nested stack is named after its parent, and tells its parent and its root', async () => {
  const look = echo({ Look: 'yes', Name: { Ref: 'AWS::StackName' }, Stack: { Ref: 'AWS::StackId' } });
  const result = await deploy({ Outer: nested({ Inner: nested({ Thing: look }) }) });
  expect(result.status).toBe('CREATE_COMPLETE');

  const [root, outer, inner] = seen(aws, 'Create Thing').stacks;
  expect(root).toMatchObject({ name: stackName, id: result.stackId, status: 'CREATE_IN_PROGRESS' });
  expect([root.parentId, root.rootId]).toEqual([undefined, undefined]);
  expect(outer.name).toMatch(new RegExp(`^${stackName}-Outer-[0-9A-Z]{12}$`));
  expect([outer.parentId, outer.rootId]).toEqual([root.id, root.id]);
  expect(inner.name).toMatch(new RegExp(`^${outer.name}-Inner-[0-9A-Z]{12}$`));
  expect([inner.parentId, inner.rootId]).toEqual([outer.id, root.id]);
  expect(seen(aws, 'Create Thing').own).toBe(inner.name);
  expect(sent('Create Thing')[0]).toMatchObject({ StackId: inner.id, ResourceProperties: { Name: inner.name, Stack: inner.id } });
});

test.each([
  ['the logical id is cut', 20, 66, 20, 65],
  ['the name of the parent is cut too', 45, 66, 43, 42],
  ['the name of the parent alone is cut', 90, 10, 75, 10],
])('where the name of a nested stack would be too long, %s', async (_, parent, logicalId, parentPart, logicalIdPart) => {
  stackName = stackName.padEnd(parent, 'p');
  const id = 'L'.repeat(logicalId);
  await deploy({ [id]: nested({ Thing: topic() }) });
  expect(stackOf(id).name).toMatch(new RegExp(`^${stackName.slice(0, parentPart)}-L{${logicalIdPart}}-[0-9A-F]{12}$`));
});

test('a root lists its nested stacks with their ARNs while they are still being created', async () => {
  await deploy({ Outer: nested({ Thing: echo({ Look: 'yes' }) }) });
  const { id } = stackOf('Outer');
  expect(seen(aws, 'Create Thing').stacks[0].rows).toEqual([
    { id: 'Outer', type: 'AWS::CloudFormation::Stack', physicalId: id, status: 'CREATE_IN_PROGRESS' },
  ]);
});

test('Ref of a nested stack is its ARN, and its outputs are attributes', async () => {
  const child = assembly.nested({ Resources: { Thing: topic({ Name: 'thing' }) }, Outputs: { Name: { Value: { Ref: 'Thing' } } } });
  const result = await deploy({
    Child: child,
    Other: topic({ Name: { 'Fn::Join': ['|', [{ Ref: 'Child' }, { 'Fn::GetAtt': ['Child', 'Outputs.Name'] }]] } }),
  });
  expect(result.events.at(-2)).toMatchObject({ logicalId: 'Other', physicalId: `${stackOf('Child').id}|thing` });
});

describe('a creation that fails', () => {
  test('a nested stack whose resource fails is CREATE_FAILED, then deleted by the rollback of the root', async () => {
    const result = await deploy({ Child: nested({ Good: topic(), Bad: topic({}, { DependsOn: 'Good' }) }) }, { fail: { Bad: 'Create' } });
    expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: 'Failed to create as the test wished' });
    expect(own(result, 'Child')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(statuses(result, 'Child')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_FAILED', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(result.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'CREATE_FAILED')?.reason)
      .toBe(`Embedded stack ${stackOf('Child').id} was not successfully created: The following resource(s) failed to create: [Bad].`);
    expect(result.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS'))
      .toMatchObject({ stackName, reason: 'The following resource(s) failed to create: [Child]. Rollback requested by user.' });
    expect(order(result, `${stackName} ROLLBACK_IN_PROGRESS`, 'Child DELETE_IN_PROGRESS', 'Good DELETE_COMPLETE'))
      .toEqual([`${stackName} ROLLBACK_IN_PROGRESS`, 'Child DELETE_IN_PROGRESS', 'Good DELETE_COMPLETE']);
  });

  test('only the status of the root tells the deletion of a complete nested stack from a rollback', async () => {
    const result = await deploy({ Child: nested({ Thing: echo({ Look: 'yes' }) }), Bad: topic({}, { DependsOn: 'Child' }) }, { fail: { Bad: 'Create' } });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(seen(aws, 'Delete Thing').stacks).toMatchObject([
      { name: stackName, status: 'ROLLBACK_IN_PROGRESS' },
      { name: stackOf('Child').name, status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' },
    ]);
    expect(own(result, 'Child')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  });

  test('a failed sibling cancels what is in flight in a nested stack', async () => {
    const result = await deploy({ Outer: nested({ Inner: nested({ Slow: echo({ Seconds: '600' }) }) }), Bad: topic() },
      { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    for (const logicalId of ['Slow', 'Inner', 'Outer']) {
      expect(result.events.find(event => event.logicalId === logicalId && event.status === 'CREATE_FAILED')?.reason).toBe('Resource creation cancelled');
    }
    const inner = result.events.find(({ logicalId }) => logicalId === 'Slow')?.stackName;
    expect(sent('Delete Slow')[0].PhysicalResourceId).toMatch(new RegExp(`^${inner}-Slow-[0-9A-F]{12}$`));
  });

  test('a failure in a nested stack cancels what is in flight beside it', async () => {
    const result = await deploy({ Child: nested({ Bad: topic() }), Slow: echo({ Seconds: '600' }) },
      { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(result.events.find(event => event.logicalId === 'Slow' && event.status === 'CREATE_FAILED')?.reason).toBe('Resource creation cancelled');
  });

  test('a template that is missing, refused, or lacks a parameter fails the nested stack before anything is created', async () => {
    const missing = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.amazonaws.com/bucket/none.json' } };
    const refused = assembly.nested({ Resources: {} });
    const lacking = assembly.nested({ Parameters: { Name: { Type: 'String' } }, Resources: { Thing: topic() } });
    for (const [child, reason] of [[missing, 'finds no template'], [refused, 'At least one Resources member'], [lacking, '[Name] must have values']] as const) {
      const result = await deploy({ Child: child });
      expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining(reason) });
      expect(statuses(result, 'Thing')).toEqual([]);
      await destroy();
    }
  });

  test('without a rollback the tree stays as it is', async () => {
    const result = await deploy({ Good: nested({ Thing: topic() }), Child: nested({ Bad: topic() }, undefined, { DependsOn: 'Good' }) },
      { fail: { Bad: 'Create' }, disableRollback: true });
    expect(result.status).toBe('CREATE_FAILED');
    expect([stackOf('Good').now(), stackOf('Child').now()]).toEqual(['CREATE_COMPLETE', 'CREATE_FAILED']);
    expect((await destroy()).status).toBe('DELETE_COMPLETE');
    expect([stackOf('Good').now(), stackOf('Child').now()]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
  });
});

describe('an update', () => {
  test('a change inside the nested template, or of a parameter, updates the nested stack and nothing beside it', async () => {
    const tree = (value: string, parameter: string) => ({
      Child: nested({ Fixed: echo({ Value: value }), Given: echo({ Value: { Ref: 'Parameter' } }) }, { Parameter: parameter }),
      Beside: nested({ Still: topic() }),
    });
    await deploy(tree('1', 'a'));
    const inside = await deploy(tree('2', 'a'));
    expect([inside.status, statuses(inside, 'Fixed'), statuses(inside, 'Given')])
      .toEqual(['UPDATE_COMPLETE', ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], []]);
    const outside = await deploy(tree('2', 'b'));
    expect([outside.status, statuses(outside, 'Fixed'), statuses(outside, 'Given')])
      .toEqual(['UPDATE_COMPLETE', [], ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']]);
    expect(own(outside, 'Child')).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']);
    expect(own(outside, 'Beside')).toEqual([]);
    expect(await deploy(tree('2', 'b'))).toMatchObject({ reason: 'No updates are to be performed.', events: [] });
  });

  test('the cleanup of a nested stack waits until its root has succeeded as a whole', async () => {
    await deploy({ Child: nested({ Old: echo({ Look: 'yes' }), Thing: topic() }), Last: echo({ Value: '1' }, { DependsOn: 'Child' }) });
    const result = await deploy({ Child: nested({ Thing: topic() }), Last: echo({ Value: '2', Look: 'yes' }, { DependsOn: 'Child' }) });
    expect(result.status).toBe('UPDATE_COMPLETE');
    // While the root still updates, the nested stack says that it cleans up, and still lists what it no longer declares.
    expect(seen(aws, 'Update Last').stacks).toMatchObject([
      { status: 'UPDATE_IN_PROGRESS', rows: [{ id: 'Child', status: 'UPDATE_COMPLETE' }, { id: 'Last' }] },
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', rows: [{ id: 'Old', status: 'CREATE_COMPLETE' }, { id: 'Thing' }] },
    ]);
    expect(seen(aws, 'Delete Old').stacks).toMatchObject([
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', rows: [{ id: 'Child', status: 'UPDATE_IN_PROGRESS' }, { id: 'Last' }] },
      { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', rows: [{ id: 'Thing' }, { id: 'Old', status: 'DELETE_IN_PROGRESS' }] },
    ]);
    expect(statuses(result, 'Child')).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']);
  });

  test('a renamed nested stack is created before the old one is deleted', async () => {
    await deploy({ Old: nested({ Thing: echo({ Look: 'yes' }) }) });
    const old = stackOf('Old');
    const result = await deploy({ New: nested({ Thing: echo({ Look: 'yes' }) }) });
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(seen(aws, 'Create Thing').stacks[0]).toMatchObject({ status: 'UPDATE_IN_PROGRESS', rows: [{ id: 'Old', physicalId: old.id }, { id: 'New' }] });
    const [root, ...others] = seen(aws, 'Delete Thing').stacks;
    expect(root).toMatchObject({
      status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      rows: [{ id: 'New', status: 'CREATE_COMPLETE' }, { id: 'Old', status: 'DELETE_IN_PROGRESS', physicalId: old.id }],
    });
    expect(others).toMatchObject([{ status: 'CREATE_COMPLETE' }, { id: old.id, status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' }]);
    expect(old.now()).toBe('DELETE_COMPLETE');
  });

  test('dropped nested stacks are deleted dependents first', async () => {
    await deploy({ First: nested({ One: topic() }), Second: nested({ Two: topic() }, undefined, { DependsOn: 'First' }), Stays: topic() });
    const result = await deploy({ Stays: topic() });
    expect(order(result, 'One DELETE_COMPLETE', 'First DELETE_IN_PROGRESS', 'Two DELETE_COMPLETE', 'Second DELETE_COMPLETE'))
      .toEqual(['Two DELETE_COMPLETE', 'Second DELETE_COMPLETE', 'First DELETE_IN_PROGRESS', 'One DELETE_COMPLETE']);
  });

  test('a dropped nested stack that cannot be deleted is tried three times, then left to itself', async () => {
    await deploy({ Child: nested({ Stuck: topic(), Fine: topic() }), Stays: topic() });
    const child = stackOf('Child');
    const result = await deploy({ Stays: topic() }, { fail: { Stuck: 'Delete' } });
    expect(result).toMatchObject({ status: 'UPDATE_COMPLETE', orphans: [{ logicalId: 'Child', physicalId: child.id }] });
    expect(statuses(result, 'Stuck').filter(status => status === 'DELETE_FAILED')).toHaveLength(3);
    expect(statuses(result, 'Fine').filter(status => status === 'DELETE_COMPLETE')).toHaveLength(1);
    expect(child.now()).toBe('DELETE_FAILED');
  });

  test('what the cleanup inside a nested stack could not delete is an orphan too', async () => {
    await deploy({ Child: nested({ Stuck: topic({ Name: 'stuck' }), Stays: topic() }) });
    const result = await deploy({ Child: nested({ Stays: topic() }) }, { fail: { 'Child/Stuck': 'Delete' } });
    expect(result).toMatchObject({ status: 'UPDATE_COMPLETE', orphans: [{ logicalId: 'Stuck', physicalId: 'stuck' }] });
  });

  test('a retained nested stack stays as it is', async () => {
    await deploy({ Child: nested({ Thing: topic() }, undefined, { DeletionPolicy: 'Retain' }), Stays: topic() });
    const result = await deploy({ Stays: topic() });
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

  test('an updated nested stack is rolled back with its root: old properties on the current ids, and what it created is deleted', async () => {
    await deploy(tree('1', { Dropped: echo() }));
    const result = await deploy(tree('2', { New: echo({ Look: 'yes' }) }, '2'), { fail: { Last: 'Update' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(own(result, 'Child')).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']);
    const [update, rollback] = sent('Update Thing');
    expect(update).toMatchObject({ PhysicalResourceId: 'id-1', ResourceProperties: { Value: '2' }, OldResourceProperties: { Value: '1' } });
    expect(rollback).toMatchObject({ PhysicalResourceId: 'id-2', ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } });
    expect(sent('Delete Thing').map(event => event.PhysicalResourceId)).toEqual(['id-2']);
    expect(sent('Delete Dropped')).toEqual([]);
    expect(seen(aws, 'Delete New').stacks.map(({ status }) => status))
      .toEqual(['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS']);
    // The outputs are the old ones again: the next update finds nothing to change for who reads them.
    expect(statuses(await deploy(tree('1', { Dropped: echo() }, '3')), 'Reader')).toEqual([]);
  });

  test('a nested stack whose own resource fails says that it rolls back before its root does, and waits for it', async () => {
    await deploy(tree('1'));
    const result = await deploy(tree('2', { Bad: topic({}, { DependsOn: 'Thing' }) }), { fail: { Bad: 'Create' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const child = stackOf('Child');
    expect(result.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'UPDATE_FAILED')?.reason)
      .toBe(`Embedded stack ${child.id} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: `
        + 'The following resource(s) failed to create: [Bad].');
    expect(order(result, `${child.name} UPDATE_ROLLBACK_IN_PROGRESS`, `${stackName} UPDATE_ROLLBACK_IN_PROGRESS`, 'Child UPDATE_COMPLETE'))
      .toEqual([`${child.name} UPDATE_ROLLBACK_IN_PROGRESS`, `${stackName} UPDATE_ROLLBACK_IN_PROGRESS`, 'Child UPDATE_COMPLETE', 'Child UPDATE_COMPLETE']);
    expect(sent('Update Thing').at(-1)).toMatchObject({ PhysicalResourceId: 'id-2', ResourceProperties: { Value: '1' } });
  });

  test('a failed sibling cancels the update of a nested stack, which is rolled back', async () => {
    await deploy({ Child: nested({ Slow: echo({ Value: '1' }) }), Bad: topic({ Value: '1' }) });
    const result = await deploy({ Child: nested({ Slow: echo({ Value: '2', Seconds: '600' }) }), Bad: topic({ Value: '2' }) },
      { fail: { Bad: { phase: 'Update', afterSeconds: 10 } } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    for (const logicalId of ['Slow', 'Child']) {
      expect(result.events.find(event => event.logicalId === logicalId && event.status === 'UPDATE_FAILED')?.reason).toBe('Resource update cancelled');
    }
    expect(sent('Update Slow').at(-1)).toMatchObject({ ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } });
  });

  test('a nested stack that the update created is deleted in the cleanup of the rollback, under its own status', async () => {
    await deploy({ Last: topic({ Value: '1' }) });
    const result = await deploy({ New: nested({ Thing: echo({ Look: 'yes' }) }), Last: topic({ Value: '2' }, { DependsOn: 'New' }) }, { fail: { Last: 'Update' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(seen(aws, 'Delete Thing').stacks).toMatchObject([
      { status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' }, { status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' },
    ]);
  });

  test('RetainExceptOnCreate does not keep what a rolled-back tree created, and keeps the rest', async () => {
    const kept = topic({}, { DeletionPolicy: 'RetainExceptOnCreate' });
    await deploy({ Last: topic({ Value: '1' }) });
    const failed = await deploy({ New: nested({ Kept: kept }), Last: topic({ Value: '2' }, { DependsOn: 'New' }) }, { fail: { Last: 'Update' } });
    expect(statuses(failed, 'Kept').at(-1)).toBe('DELETE_COMPLETE');
    await deploy({ New: nested({ Kept: kept }), Last: topic({ Value: '2' }) });
    expect(statuses(await destroy(), 'Kept')).toEqual(['DELETE_SKIPPED']);
  });

  test('a nested stack that cannot be rolled back leaves its root in UPDATE_ROLLBACK_FAILED', async () => {
    const last = (value: string) => topic({ Value: value }, { DependsOn: 'Child' });
    await deploy({ Child: nested({ Thing: echo({ Value: '1', Fail: 'Update' }) }), Last: last('1') });
    const result = await deploy({ Child: nested({ Thing: echo({ Value: '2' }) }), Last: last('2') }, { fail: { Last: 'Update' } });
    expect([result.status, stackOf('Child').now()]).toEqual(['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED']);
    expect(result.events.find(({ logicalId, reason }) => logicalId === 'Child' && reason?.includes('UPDATE_ROLLBACK_FAILED'))?.reason)
      .toBe(`Embedded stack ${stackOf('Child').id} was not successfully updated. Currently in UPDATE_ROLLBACK_FAILED with reason: `
        + 'The following resource(s) failed to update: [Thing].');
  });

  test('a template that is refused fails the update before anything in the nested stack is touched', async () => {
    await deploy(tree('1'));
    const result = await deploy({ ...tree('1'), Child: assembly.nested({ Resources: {} }) });
    expect([result.status, statuses(result, 'Child')]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_COMPLETE']]);
    expect([own(result, 'Child'), sent('Update Thing')]).toEqual([[], []]);
  });

  test('without a rollback the tree stays as it is', async () => {
    await deploy(tree('1', { Dropped: topic() }));
    const result = await deploy(tree('2', { Bad: topic({}, { DependsOn: 'Thing' }) }, '2'), { fail: { Bad: 'Create' }, disableRollback: true });
    expect([result.status, stackOf('Child').now()]).toEqual(['UPDATE_FAILED', 'UPDATE_FAILED']);
    expect(sent('Update Thing')).toHaveLength(1);
    expect(statuses(await destroy(), 'Dropped')).toEqual(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  });
});

test('the deletion of a root deletes its nested stacks, dependents first, each under its own status', async () => {
  await deploy({ First: nested({ Inner: nested({ One: echo({ Look: 'yes' }) }) }), Second: nested({ Two: topic() }, undefined, { DependsOn: 'First' }) });
  const result = await destroy();
  expect(result.status).toBe('DELETE_COMPLETE');
  expect(seen(aws, 'Delete One').stacks.map(({ status }) => status))
    .toEqual(['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  expect(order(result, 'Two DELETE_COMPLETE', 'Second DELETE_COMPLETE', 'One DELETE_IN_PROGRESS', 'Inner DELETE_COMPLETE', 'First DELETE_COMPLETE'))
    .toEqual(['Two DELETE_COMPLETE', 'Second DELETE_COMPLETE', 'One DELETE_IN_PROGRESS', 'Inner DELETE_COMPLETE', 'First DELETE_COMPLETE']);
});

test('a resource that cannot be deleted leaves its nested stack and its root in DELETE_FAILED, until the next try', async () => {
  await deploy({ Child: nested({ Stuck: topic(), Fine: topic() }) });
  const failed = await aws.destroy({ stackName, account: ACCOUNT, fail: { Stuck: 'Delete' } });
  expect([failed.status, stackOf('Child').now()]).toEqual(['DELETE_FAILED', 'DELETE_FAILED']);
  expect(failed.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'DELETE_FAILED')?.reason)
    .toBe(`Embedded stack ${stackOf('Child').id} was not successfully deleted: The following resource(s) failed to delete: [Stuck].`);
  const again = await destroy();
  expect([again.status, statuses(again, 'Stuck').at(-1), statuses(again, 'Fine')]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE', []]);
});

test('an option names a resource by its logical id wherever it is, or by its path in one nested stack', async () => {
  const tree = () => ({ One: nested({ Thing: topic() }), Two: nested({ Thing: topic() }) });
  const both = await deploy(tree(), { fail: { Thing: 'Create' } });
  expect(statuses(both, 'Thing').filter(status => status === 'CREATE_FAILED')).toHaveLength(2);
  await destroy();
  const one = await deploy(tree(), { fail: { 'Two/Thing': { phase: 'Create', afterSeconds: 10 } } });
  expect(one.events.filter(({ status }) => status === 'CREATE_FAILED').map(event => event.logicalId)).toEqual(['Thing', expect.stringContaining('Two'), 'Two']);
});
