import { ACCOUNT, echo, functionOf, seen, start, statuses, topic } from './fixtures';
import { DeployOptions, Sandbox, Template } from '../../../sandbox';

/* The sandbox's CloudFormation, and its side of the custom-resource protocol. Everything here is about the engine: the product has no part in it. */
let aws: Sandbox;

beforeAll(async () => {
  aws = await start();
}, 30_000);

afterAll(() => aws?.close());

let count = 0;
let stackName: string;
beforeEach(() => {
  stackName = `Stack${count += 1}`;
});

const deploy = (resources: Template['Resources'], options: Partial<DeployOptions> = {}) =>
  aws.deploy({ stackName, account: ACCOUNT, template: { Resources: resources }, ...options });
const destroy = () => aws.destroy({ stackName, account: ACCOUNT });
const sent = (event: string) => aws.events.filter(({ RequestType, LogicalResourceId, StackId }) =>
  `${RequestType} ${LogicalResourceId}` === event && StackId.includes(`:stack/${stackName}/`));
const INVENTED = () => new RegExp(`^${stackName}-Slow-[0-9A-F]{12}$`);

describe('a creation', () => {
  test('takes dependencies first, and independent resources at the same time', async () => {
    const result = await deploy({ After: echo({ Value: { Ref: 'Before' } }), Before: echo({ Id: 'before' }), Beside: echo() });
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(result.events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual([
      `${stackName} CREATE_IN_PROGRESS`, 'Before CREATE_IN_PROGRESS', 'Beside CREATE_IN_PROGRESS', expect.any(String), expect.any(String),
      expect.any(String), 'After CREATE_COMPLETE', `${stackName} CREATE_COMPLETE`,
    ]);
    expect(sent('Create After')[0].ResourceProperties.Value).toBe('before');
  });

  test('sends every property as a string', async () => {
    await deploy({ Thing: echo({ Value: true, Count: 5, List: [1, { Deep: false }] }) });
    expect(sent('Create Thing')[0].ResourceProperties).toMatchObject({ Value: 'true', Count: '5', List: ['1', { Deep: 'false' }] });
  });

  test('that fails deletes a resource by the id that its failed Create answered', async () => {
    const result = await deploy({ Thing: echo({ Fail: 'Create', Id: 'answered' }) });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(result.reason).toMatch(/^Received response status \[FAILED\] from custom resource. Message returned: as it was told \(RequestId: [-0-9a-f]+\)$/);
    expect(sent('Delete Thing').map(event => event.PhysicalResourceId)).toEqual(['answered']);
  });

  test('that fails deletes what is still in flight by an id that CloudFormation invents', async () => {
    const result = await deploy({ Slow: echo({ Seconds: '120' }), Bad: topic() }, { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(result.events.find(({ logicalId, status }) => logicalId === 'Slow' && status === 'CREATE_FAILED')?.reason).toBe('Resource creation cancelled');
    expect(sent('Delete Slow').map(event => event.PhysicalResourceId)).toEqual([expect.stringMatching(INVENTED())]);
  });

  test('fails when the function has not answered by ServiceTimeout, and deletes an invented id', async () => {
    const result = await deploy({ Slow: echo({ Silent: 'Create', ServiceTimeout: 30 }) });
    expect(result.reason).toContain('CloudFormation did not receive a response from your Custom Resource.');
    expect(sent('Delete Slow').map(event => event.PhysicalResourceId)).toEqual([expect.stringMatching(INVENTED())]);
  });

  test('does not begin what depends on a failed resource, and sends it no Delete', async () => {
    const result = await deploy({ Bad: topic(), After: echo({ Value: { Ref: 'Bad' } }) }, { fail: { Bad: 'Create' } });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect([...sent('Create After'), ...sent('Delete After')]).toEqual([]);
  });

  test('whose rollback cannot delete ends in ROLLBACK_FAILED, and keeps what the undeleted resource needs', async () => {
    const result = await deploy({ Needed: echo(), Stuck: echo({ Fail: 'Delete' }, { DependsOn: 'Needed' }), Bad: topic({}, { DependsOn: 'Stuck' }) },
      { fail: { Bad: 'Create' } });
    expect(result).toMatchObject({ status: 'ROLLBACK_FAILED', orphans: [] });
    expect([sent('Delete Stuck').length, sent('Delete Needed').length]).toEqual([1, 0]);
  });

  test('without a rollback stays as it is', async () => {
    const result = await deploy({ Good: echo(), Bad: topic({}, { DependsOn: 'Good' }) }, { fail: { Bad: 'Create' }, disableRollback: true });
    expect([result.status, sent('Delete Good').length]).toEqual(['CREATE_FAILED', 0]);
    await expect(deploy({ Good: echo() })).rejects.toThrow('is in CREATE_FAILED state and can not be updated');
  });
});

describe('an update', () => {
  test('sends an event for what changed alone, and none where nothing did', async () => {
    await deploy({ Thing: echo({ Value: '1' }), Still: echo() });
    await deploy({ Thing: echo({ Value: '2' }), Still: echo() });
    expect(sent('Update Thing')).toMatchObject([{ PhysicalResourceId: 'echo-Thing', ResourceProperties: { Value: '2' }, OldResourceProperties: { Value: '1' } }]);
    expect(sent('Update Still')).toEqual([]);
    expect(await deploy({ Thing: echo({ Value: '2' }), Still: echo() })).toMatchObject({ events: [], reason: 'No updates are to be performed.' });
  });

  test('that answers another id deletes the old one, after everything is created and updated', async () => {
    await deploy({ Thing: echo({ Id: 'old' }), Last: echo({ Value: '1' }, { DependsOn: 'Thing' }) });
    const result = await deploy({ Thing: echo({ Id: 'new' }), Last: echo({ Value: '2' }, { DependsOn: 'Thing' }) });
    expect(sent('Delete Thing')).toMatchObject([{ PhysicalResourceId: 'old', ResourceProperties: { Id: 'old' } }]);
    const order = result.events.map(({ logicalId, status }) => `${logicalId} ${status}`);
    expect(order.slice(-5)).toEqual(['Last UPDATE_COMPLETE', `${stackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`, 'Thing DELETE_IN_PROGRESS', 'Thing DELETE_COMPLETE',
      `${stackName} UPDATE_COMPLETE`]);
  });

  test('keeps the old half of a replaced resource with UpdateReplacePolicy Retain', async () => {
    await deploy({ Thing: echo({ Id: 'old' }) });
    await deploy({ Thing: echo({ Id: 'new' }, { UpdateReplacePolicy: 'Retain' }) });
    expect(sent('Delete Thing')).toEqual([]);
  });

  test('tries three times to delete what was removed, then leaves an orphan and succeeds', async () => {
    await deploy({ Thing: echo({ Fail: 'Delete', Id: 'stuck' }), Stays: topic() });
    const result = await deploy({ Stays: topic() });
    expect(result).toMatchObject({ status: 'UPDATE_COMPLETE', orphans: [{ logicalId: 'Thing', physicalId: 'stuck' }] });
    expect(sent('Delete Thing').map(event => event.PhysicalResourceId)).toEqual(['stuck', 'stuck', 'stuck']);
  });

  test('may not change a ServiceToken: the function is not asked', async () => {
    await deploy({ ...functionOf('Another', 'none:*'), Thing: echo() });
    const token = { 'Fn::GetAtt': ['Function', 'Arn'] };
    const result = await deploy({ ...functionOf('Another', 'none:*'), Thing: echo({ ServiceToken: token }) });
    expect(result).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', reason: 'Modifying service token is not allowed.' });
    expect(sent('Update Thing')).toEqual([]);
  });

  test('may not change the type of a resource', async () => {
    await deploy({ Thing: topic() });
    await expect(deploy({ Thing: echo() })).rejects.toThrow('Update of resource type is not permitted');
  });

  test('shrinks roles before its cleanup deletes what was removed', async () => {
    const thing = echo({ Look: 'yes', ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } });
    await deploy({ ...functionOf('Shrinking', 'cloudformation:*'), Thing: thing });
    expect(seen(aws, 'Create Thing').own).toBe(stackName);
    await deploy(functionOf('Shrinking', 'cloudformation:ListStackResources'));
    expect(aws.logs.filter(({ functionName, line }) => functionName === 'Shrinking' && line.startsWith('DENIED')).map(({ line }) => line))
      .toEqual(['DENIED Delete AccessDenied']);
  });

  test('that fails sends the old properties on the current physical id, and deletes what it created', async () => {
    await deploy({ Thing: echo({ Value: '1', Id: 'old' }), Last: topic({ Value: '1' }) });
    const result = await deploy({
      Thing: echo({ Value: '2', Id: 'new' }), New: echo(), Last: topic({ Value: '2' }, { DependsOn: ['Thing', 'New'] }),
    }, { fail: { Last: 'Update' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(sent('Update Thing')).toMatchObject([
      { PhysicalResourceId: 'old', ResourceProperties: { Value: '2' }, OldResourceProperties: { Value: '1' } },
      { PhysicalResourceId: 'new', ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } },
    ]);
    expect(sent('Delete Thing').map(event => event.PhysicalResourceId)).toEqual(['new']);
    expect(sent('Delete New')).toHaveLength(1);
    const order = result.events.map(({ logicalId, status }) => `${logicalId} ${status}`);
    expect(order.indexOf('New DELETE_IN_PROGRESS')).toBeGreaterThan(order.indexOf(`${stackName} UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS`));
  });

  test('that fails undoes what was still in flight', async () => {
    await deploy({ Slow: echo({ Value: '1' }), Bad: topic({ Value: '1' }) });
    const result = await deploy({ Slow: echo({ Value: '2', Seconds: '120' }), Bad: topic({ Value: '2' }) },
      { fail: { Bad: { phase: 'Update', afterSeconds: 10 } } });
    expect(result.events.find(({ logicalId, status }) => logicalId === 'Slow' && status === 'UPDATE_FAILED')?.reason).toBe('Resource update cancelled');
    expect(sent('Update Slow').at(-1)).toMatchObject({ ResourceProperties: { Value: '1' }, OldResourceProperties: { Value: '2' } });
  });

  test('that fails leaves what it would have removed', async () => {
    await deploy({ Removed: echo(), Last: topic({ Value: '1' }) });
    await deploy({ Last: topic({ Value: '2' }) }, { fail: { Last: 'Update' } });
    expect(sent('Delete Removed')).toEqual([]);
    await destroy();
    expect(sent('Delete Removed')).toHaveLength(1);
  });

  test('whose rollback fails ends in UPDATE_ROLLBACK_FAILED', async () => {
    await deploy({ Thing: echo({ Value: '1', Fail: 'Update' }), Last: topic({ Value: '1' }, { DependsOn: 'Thing' }) });
    const result = await deploy({ Thing: echo({ Value: '2' }), Last: topic({ Value: '2' }, { DependsOn: 'Thing' }) }, { fail: { Last: 'Update' } });
    expect(result.status).toBe('UPDATE_ROLLBACK_FAILED');
  });
});

describe('a deletion', () => {
  test('takes dependents first', async () => {
    await deploy({ First: echo(), Second: echo({}, { DependsOn: 'First' }) });
    const result = await destroy();
    expect(result.status).toBe('DELETE_COMPLETE');
    expect(result.events.map(({ logicalId, status }) => `${logicalId} ${status}`).slice(1, -1))
      .toEqual(['Second DELETE_IN_PROGRESS', 'Second DELETE_COMPLETE', 'First DELETE_IN_PROGRESS', 'First DELETE_COMPLETE']);
  });

  test('tries once, ends in DELETE_FAILED, and the next one deletes the rest alone', async () => {
    await deploy({ Gone: echo(), Stuck: topic() });
    const failed = await aws.destroy({ stackName, account: ACCOUNT, fail: { Stuck: 'Delete' } });
    expect([failed.status, statuses(failed, 'Stuck')]).toEqual(['DELETE_FAILED', ['DELETE_IN_PROGRESS', 'DELETE_FAILED']]);
    expect((await destroy()).status).toBe('DELETE_COMPLETE');
    expect(sent('Delete Gone')).toHaveLength(1);
  });
});

describe('ListStackResources', () => {
  test('pages after 100 resources', async () => {
    const topics = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`Topic${index}`, topic()]));
    await deploy({ ...topics, Thing: echo({ Look: 'yes' }, { DependsOn: Object.keys(topics) }) });
    const [stack] = seen(aws, 'Create Thing').stacks;
    expect([stack.pages, stack.rows.length, new Set(stack.rows.map(({ id }) => id)).size]).toEqual([3, 251, 251]);
  });

  test('shows a resource without a physical id while it is being created', async () => {
    await deploy({ Thing: echo({ Look: 'yes' }) });
    expect(seen(aws, 'Create Thing').stacks[0].rows).toEqual([{ id: 'Thing', type: 'Custom::Echo', status: 'CREATE_IN_PROGRESS' }]);
  });

  test('shows what an update removed until the cleanup has deleted it', async () => {
    await deploy({ First: echo({ Look: 'yes' }), Second: echo({}, { DependsOn: 'First' }), Stays: topic() });
    await deploy({ Stays: topic(), New: echo({ Look: 'yes' }) });
    expect(seen(aws, 'Create New').stacks[0].rows.map(({ id }) => id).sort()).toEqual(['First', 'New', 'Second', 'Stays']);
    expect(seen(aws, 'Delete First').stacks[0].rows).toMatchObject([{ id: 'Stays' }, { id: 'New' }, { id: 'First', status: 'DELETE_IN_PROGRESS' }]);
  });

  test('shows a retained resource as DELETE_SKIPPED, in a deletion as in a cleanup', async () => {
    const resources = { Thing: echo({ Look: 'yes' }), Kept: topic({ Name: 'kept' }, { DependsOn: 'Thing', DeletionPolicy: 'Retain' }) };
    const rows = [{ id: 'Thing', status: 'DELETE_IN_PROGRESS' }, { id: 'Kept', physicalId: 'kept', status: 'DELETE_SKIPPED' }];
    await deploy({ ...resources, Stays: topic() });
    await deploy({ Stays: topic() });
    expect(seen(aws, 'Delete Thing').stacks[0].rows).toMatchObject([{ id: 'Stays' }, ...rows]);
    await deploy({ ...resources, Stays: topic() });
    await destroy();
    expect(seen(aws, 'Delete Thing').stacks[0].rows).toMatchObject([{ id: 'Stays' }, ...rows]);
  });
});

describe('ResponseURL', () => {
  const put = (url: string, body: string) => fetch(url, { method: 'PUT', body: Buffer.from(body) });

  test('says when CloudFormation sent the event, and for how long it is valid', async () => {
    await deploy({ First: echo({ Seconds: '100' }), Second: echo({}, { DependsOn: 'First' }) });
    const queries = [sent('Create First')[0], sent('Create Second')[0]].map(({ ResponseURL }) => new URL(ResponseURL).searchParams);
    for (const query of queries) {
      expect(query.get('X-Amz-Date')).toMatch(/^\d{8}T\d{6}Z$/);
      expect(query.get('X-Amz-Expires')).toBe('7200');
      expect(query.get('X-Amz-Credential')).toMatch(new RegExp(`/${query.get('X-Amz-Date')?.slice(0, 8)}/us-east-1/s3/aws4_request$`));
    }
    const [first, second] = queries.map(query =>
      Date.parse(String(query.get('X-Amz-Date')).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')));
    expect(second - first).toBeGreaterThanOrEqual(100_000);
    expect(Math.abs(aws.clock.now() - second)).toBeLessThan(600_000);
  });

  test('takes the first answer alone', async () => {
    await deploy({ Thing: echo() }, { duplicates: () => true });
    await aws.idle();
    expect(aws.answers.filter(({ event }) => event === sent('Create Thing')[0]).map(({ used }) => used)).toEqual([true, false]);
  });

  test('refuses a content type, and another method than PUT', async () => {
    await deploy({ Thing: echo() });
    const { ResponseURL } = sent('Create Thing')[0];
    expect((await fetch(ResponseURL, { method: 'PUT', body: '{}' })).status).toBe(403);
    expect((await fetch(ResponseURL, { method: 'POST', body: Buffer.from('{}') })).status).toBe(403);
    expect(aws.answers.slice(-2).map(({ violations }) => violations)).toEqual([['non-empty Content-Type'], ['method POST']]);
  });

  test('is refused after two hours', async () => {
    const fast = await start({ timeScale: 20_000 });
    try {
      await fast.deploy({ stackName, account: ACCOUNT, template: { Resources: { Thing: echo({ Silent: 'Create,Delete', ServiceTimeout: 1 }) } } });
      const { ResponseURL } = fast.events[0];
      expect((await put(ResponseURL, '{}')).status).toBe(200);
      await fast.clock.sleep(7200);
      const refused = await put(ResponseURL, '{}');
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
    } finally {
      await fast.close();
    }
  });

  test.each([
    ['Response object is too long.', { Reason: 'x'.repeat(4000) }],
    ['Invalid Status', { Status: 'DONE' }],
    ['Invalid StackId', { StackId: 'another' }],
    ['Invalid RequestId', { RequestId: 'another' }],
    ['Invalid LogicalResourceId', { LogicalResourceId: 'another' }],
    ['Invalid PhysicalResourceId', { PhysicalResourceId: '' }],
    ['Invalid Reason: it must be a non-null string when Status is FAILED', { Status: 'FAILED' }],
    ['Invalid Data: it must be an object', { Data: 'text' }],
  ])('%s', async (reason, Answer) => {
    const result = await deploy({ Thing: echo({ Answer }) });
    expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason });
  });
});

describe('outputs', () => {
  const template = (value: unknown): Template => ({
    Resources: { Thing: topic({ Name: 'thing' }) },
    Outputs: { Shared: { Value: value, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-shared' } } } },
  });

  test('are what other stacks import', async () => {
    const { outputs } = await aws.deploy({ stackName, account: ACCOUNT, template: template({ Ref: 'Thing' }) });
    expect(outputs).toEqual({ Shared: 'thing' });
    const reader = echo({ Value: { 'Fn::ImportValue': `${stackName}-shared` } });
    stackName = `${stackName}Reader`;
    expect((await deploy({ Reader: reader })).status).toBe('CREATE_COMPLETE');
    expect(sent('Create Reader')[0].ResourceProperties.Value).toBe('thing');
  });

  test('are imported no longer once their stack is deleted', async () => {
    await aws.deploy({ stackName, account: ACCOUNT, template: template({ Ref: 'Thing' }) });
    await destroy();
    const reader = echo({ Value: { 'Fn::ImportValue': `${stackName}-shared` } });
    expect(await deploy({ Reader: reader })).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: `No export named ${stackName}-shared found.` });
  });

  test('that cannot be evaluated fail the operation', async () => {
    const result = await aws.deploy({ stackName, account: ACCOUNT, template: template({ 'Fn::ImportValue': 'nobody-exports-it' }) });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(result.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')?.reason).toContain('No export named nobody-exports-it found.');
  });
});
