import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { ACCOUNT, echo, history, NestedBench, statuses, topic } from './fixtures';

/* Nested stacks: creating and deleting them. */
const bench = new NestedBench();
const { assembly } = bench;
const nested = bench.nested.bind(bench);
const stackOf = bench.stackOf.bind(bench);
const own = bench.own.bind(bench);

test('the templates of NestedStack are deployed, with references up, down and across', async () => {
  const app = new App({ analyticsReporting: false });
  const root = new Stack(app, bench.stackName, { env: { account: ACCOUNT, region: 'us-east-1' } });
  const queue = new CfnResource(root, 'Queue', { type: 'AWS::SQS::Queue', properties: { QueueName: 'jobs' } });
  const outer = new NestedStack(root, 'Outer');
  const inner = new NestedStack(outer, 'Inner');
  const deep = new CfnResource(inner, 'Deep', { type: 'AWS::SNS::Topic', properties: { TopicName: queue.ref } });
  const sibling = new NestedStack(root, 'Sibling');
  const across = new CfnResource(sibling, 'Across', { type: 'AWS::SNS::Topic', properties: { TopicName: `${deep.ref}-${sibling.stackName}` } });
  new CfnResource(root, 'Last', { type: 'AWS::SNS::Topic', properties: { TopicName: across.ref } });
  const { directory, stacks } = app.synth();

  const result = await bench.deploy(stacks[0].template.Resources, { template: stacks[0].template, assetDirectory: directory });
  expect(result.status).toBe('CREATE_COMPLETE');
  const [siblingName] = result.events.map(event => event.stackName).filter(name => name.includes('-Sibling'));
  expect(result.events.filter(({ logicalId, status }) => logicalId === 'Last' && status === 'CREATE_COMPLETE')
    .map(({ physicalId }) => physicalId)).toEqual([`jobs-${siblingName}`]);
});

test('a nested stack is named after its parent, and has a ParentId and a RootId', async () => {
  const look = echo({ Look: 'yes', Name: { Ref: 'AWS::StackName' }, Stack: { Ref: 'AWS::StackId' } });
  const result = await bench.deploy({ Outer: nested({ Inner: nested({ Thing: look }) }) });
  expect(result.status).toBe('CREATE_COMPLETE');

  const [root, outer, inner] = bench.seen('Create Thing').stacks;
  expect(root).toMatchObject({ name: bench.stackName, id: result.stackId, status: 'CREATE_IN_PROGRESS' });
  expect([root.parentId, root.rootId]).toEqual([undefined, undefined]);
  expect(outer.name).toMatch(new RegExp(`^${bench.stackName}-Outer-[0-9A-Z]{12}$`));
  expect([outer.parentId, outer.rootId]).toEqual([root.id, root.id]);
  expect(inner.name).toMatch(new RegExp(`^${outer.name}-Inner-[0-9A-Z]{12}$`));
  expect([inner.parentId, inner.rootId]).toEqual([outer.id, root.id]);
  expect(bench.seen('Create Thing').own).toBe(inner.name);
  expect(bench.sent('Create Thing')[0]).toMatchObject({ StackId: inner.id, ResourceProperties: { Name: inner.name, Stack: inner.id } });
});

test.each([
  ['the logical id is cut', 20, 66, 20, 65],
  ['the name of the parent is cut too', 45, 66, 43, 42],
  ['the name of the parent alone is cut', 90, 10, 75, 10],
])('if the name of a nested stack is too long, %s', async (_, parent, logicalId, parentPart, logicalIdPart) => {
  bench.stackName = bench.stackName.padEnd(parent, 'p');
  const id = 'L'.repeat(logicalId);
  await bench.deploy({ [id]: nested({ Thing: topic() }) });
  expect(stackOf(id).name).toMatch(new RegExp(`^${bench.stackName.slice(0, parentPart)}-L{${logicalIdPart}}-[0-9A-F]{12}$`));
});

test('a root lists its nested stacks with their ARNs while they are still being created', async () => {
  await bench.deploy({ Outer: nested({ Thing: echo({ Look: 'yes' }) }) });
  const { id } = stackOf('Outer');
  expect(bench.seen('Create Thing').stacks[0].rows).toEqual([
    { id: 'Outer', type: 'AWS::CloudFormation::Stack', physicalId: id, status: 'CREATE_IN_PROGRESS' },
  ]);
});

test('Ref of a nested stack is its ARN, and its outputs are attributes', async () => {
  const child = assembly.nested({ Resources: { Thing: topic({ Name: 'thing' }) }, Outputs: { Name: { Value: { Ref: 'Thing' } } } });
  const result = await bench.deploy({
    Child: child,
    Other: topic({ Name: { 'Fn::Join': ['|', [{ Ref: 'Child' }, { 'Fn::GetAtt': ['Child', 'Outputs.Name'] }]] } }),
  });
  expect(result.events.at(-2)).toMatchObject({ logicalId: 'Other', physicalId: `${stackOf('Child').id}|thing` });
});

describe('a creation that fails', () => {
  test('a nested stack whose resource fails is CREATE_FAILED, then deleted by the rollback of the root', async () => {
    const result = await bench.deploy({ Child: nested({ Good: topic(), Bad: topic({}, { DependsOn: 'Good' }) }) }, { fail: { Bad: 'Create' } });
    expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: 'Failed to create as the test demands' });
    expect(own(result, 'Child')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(statuses(result, 'Child')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_FAILED', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(result.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'CREATE_FAILED')?.reason)
      .toBe(`Embedded stack ${stackOf('Child').id} was not successfully created: The following resource(s) failed to create: [Bad].`);
    expect(result.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS'))
      .toMatchObject({ stackName: bench.stackName, reason: 'The following resource(s) failed to create: [Child]. Rollback requested by user.' });
    expect(history(result, `${bench.stackName} ROLLBACK_IN_PROGRESS`, 'Child DELETE_IN_PROGRESS', 'Good DELETE_COMPLETE'))
      .toEqual([`${bench.stackName} ROLLBACK_IN_PROGRESS`, 'Child DELETE_IN_PROGRESS', 'Good DELETE_COMPLETE']);
  });

  test('only the status of the root shows that a complete nested stack is deleted by a rollback', async () => {
    const result = await bench.deploy({ Child: nested({ Thing: echo({ Look: 'yes' }) }), Bad: topic({}, { DependsOn: 'Child' }) }, { fail: { Bad: 'Create' } });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(bench.seen('Delete Thing').stacks).toMatchObject([
      { name: bench.stackName, status: 'ROLLBACK_IN_PROGRESS' },
      { name: stackOf('Child').name, status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' },
    ]);
    expect(own(result, 'Child')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  });

  test('a failed sibling cancels the work in flight in a nested stack', async () => {
    const result = await bench.deploy({ Outer: nested({ Inner: nested({ Slow: echo({ Seconds: '600' }) }) }), Bad: topic() },
      { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    for (const logicalId of ['Slow', 'Inner', 'Outer']) {
      expect(result.events.find(event => event.logicalId === logicalId && event.status === 'CREATE_FAILED')?.reason).toBe('Resource creation cancelled');
    }
    const inner = result.events.find(({ logicalId }) => logicalId === 'Slow')?.stackName;
    expect(bench.sent('Delete Slow')[0].PhysicalResourceId).toMatch(new RegExp(`^${inner}-Slow-[0-9A-F]{12}$`));
  });

  test('a failure in a nested stack cancels the work in flight of its siblings', async () => {
    const result = await bench.deploy({ Child: nested({ Bad: topic() }), Slow: echo({ Seconds: '600' }) },
      { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(result.events.find(event => event.logicalId === 'Slow' && event.status === 'CREATE_FAILED')?.reason).toBe('Resource creation cancelled');
  });

  test('a nested stack fails before anything is created if its template is missing or refused, or lacks a parameter', async () => {
    const missing = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.amazonaws.com/bucket/none.json' } };
    const refused = assembly.nested({ Resources: {} });
    const lacking = assembly.nested({ Parameters: { Name: { Type: 'String' } }, Resources: { Thing: topic() } });
    for (const [child, reason] of [[missing, 'finds no template'], [refused, 'At least one Resources member'], [lacking, '[Name] must have values']] as const) {
      const result = await bench.deploy({ Child: child });
      expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining(reason) });
      expect(statuses(result, 'Thing')).toEqual([]);
      await bench.destroy();
    }
  });

  test('without a rollback, the tree stays as it is', async () => {
    const result = await bench.deploy({ Good: nested({ Thing: topic() }), Child: nested({ Bad: topic() }, undefined, { DependsOn: 'Good' }) },
      { fail: { Bad: 'Create' }, disableRollback: true });
    expect(result.status).toBe('CREATE_FAILED');
    expect([stackOf('Good').now(), stackOf('Child').now()]).toEqual(['CREATE_COMPLETE', 'CREATE_FAILED']);
    expect((await bench.destroy()).status).toBe('DELETE_COMPLETE');
    expect([stackOf('Good').now(), stackOf('Child').now()]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
  });
});

test('the deletion of a root deletes its nested stacks, dependents first, with their own statuses', async () => {
  await bench.deploy({ First: nested({ Inner: nested({ One: echo({ Look: 'yes' }) }) }), Second: nested({ Two: topic() }, undefined, { DependsOn: 'First' }) });
  const result = await bench.destroy();
  expect(result.status).toBe('DELETE_COMPLETE');
  expect(bench.seen('Delete One').stacks.map(({ status }) => status))
    .toEqual(['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  expect(history(result, 'Two DELETE_COMPLETE', 'Second DELETE_COMPLETE', 'One DELETE_IN_PROGRESS', 'Inner DELETE_COMPLETE', 'First DELETE_COMPLETE'))
    .toEqual(['Two DELETE_COMPLETE', 'Second DELETE_COMPLETE', 'One DELETE_IN_PROGRESS', 'Inner DELETE_COMPLETE', 'First DELETE_COMPLETE']);
});

test('a resource that cannot be deleted leaves its nested stack and its root in DELETE_FAILED, until the next try', async () => {
  await bench.deploy({ Child: nested({ Stuck: topic(), Fine: topic() }) });
  const failed = await bench.destroy({ fail: { Stuck: 'Delete' } });
  expect([failed.status, stackOf('Child').now()]).toEqual(['DELETE_FAILED', 'DELETE_FAILED']);
  expect(failed.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'DELETE_FAILED')?.reason)
    .toBe(`Embedded stack ${stackOf('Child').id} was not successfully deleted: The following resource(s) failed to delete: [Stuck].`);
  const again = await bench.destroy();
  expect([again.status, statuses(again, 'Stuck').at(-1), statuses(again, 'Fine')]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE', []]);
});

test('an option names a resource by its logical id in any stack of the tree, or by its path', async () => {
  const tree = () => ({ One: nested({ Thing: topic() }), Two: nested({ Thing: topic() }) });
  const both = await bench.deploy(tree(), { fail: { Thing: 'Create' } });
  expect(statuses(both, 'Thing').filter(status => status === 'CREATE_FAILED')).toHaveLength(2);
  await bench.destroy();
  const one = await bench.deploy(tree(), { fail: { 'Two/Thing': { phase: 'Create', afterSeconds: 10 } } });
  expect(one.events.filter(({ status }) => status === 'CREATE_FAILED').map(event => event.logicalId)).toEqual(['Thing', expect.stringContaining('Two'), 'Two']);
});
