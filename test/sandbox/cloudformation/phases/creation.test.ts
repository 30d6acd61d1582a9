import { echo, history, reasonOf, StackBench, topic } from '../fixtures';

/* Creating a stack, and the rollback of a creation. */
const bench = new StackBench();
const invented = () => [expect.stringMatching(new RegExp(`^${bench.stackName}-Slow-[0-9A-F]{12}$`))];

describe('a creation', () => {
  test('creates dependencies first, and independent resources at the same time', async () => {
    const { stackName } = bench;
    const result = await bench.deploy({ After: echo({ Value: { Ref: 'Before' } }), Before: echo({ Id: 'before' }), Beside: echo() });
    expect(result.status).toBe('CREATE_COMPLETE');
    expect(history(result)).toEqual([
      `${stackName} CREATE_IN_PROGRESS`, 'Before CREATE_IN_PROGRESS', 'Beside CREATE_IN_PROGRESS', expect.any(String), expect.any(String),
      expect.any(String), 'After CREATE_COMPLETE', `${stackName} CREATE_COMPLETE`,
    ]);
    expect(bench.sent('Create After')[0].ResourceProperties.Value).toBe('before');
  });

  test('sends every property as a string', async () => {
    await bench.deploy({ Thing: echo({ Value: true, Count: 5, List: [1, { Deep: false }] }) });
    expect(bench.sent('Create Thing')[0].ResourceProperties).toMatchObject({ Value: 'true', Count: '5', List: ['1', { Deep: 'false' }] });
  });

  test('sends no physical id with a Create', async () => {
    await bench.deploy({ Thing: echo() });
    expect(bench.sent('Create Thing')[0]).not.toHaveProperty('PhysicalResourceId');
  });

  test('stops at the first failure: resources in flight fail, and dependents of the failed resource never begin', async () => {
    const result = await bench.deploy({ Slow: echo({ Seconds: '120' }), Bad: topic(), After: echo({ Value: { Ref: 'Bad' } }) },
      { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(reasonOf(result, 'Slow CREATE_FAILED')).toBe('Resource creation cancelled');
    expect([...bench.sent('Create After'), ...bench.sent('Delete After')]).toEqual([]);
  });

  test('fails if the function has not responded within ServiceTimeout', async () => {
    const result = await bench.deploy({ Slow: echo({ Silent: 'Create', ServiceTimeout: 30 }) });
    expect(result.reason).toContain('CloudFormation did not receive a response from your Custom Resource.');
  });

  test('fails if a template reads an attribute that the response does not have', async () => {
    const result = await bench.deploy({ Thing: echo(), Reader: echo({ Value: { 'Fn::GetAtt': ['Thing', 'Nothing'] } }) });
    expect(result.reason).toBe("CustomResource attribute error: Vendor response doesn't contain Nothing attribute in object Thing");
    expect([...bench.sent('Create Reader'), ...bench.sent('Delete Reader')]).toEqual([]);
  });

  test('that fails without a rollback leaves the stack as it is, and the stack cannot be updated', async () => {
    const result = await bench.deploy({ Good: echo(), Bad: topic({}, { DependsOn: 'Good' }) }, { fail: { Bad: 'Create' }, disableRollback: true });
    expect([result.status, bench.sent('Delete Good')]).toEqual(['CREATE_FAILED', []]);
    await expect(bench.deploy({ Good: echo() })).rejects.toThrow('is in CREATE_FAILED state and can not be updated');
  });
});

describe('the rollback of a creation', () => {
  test('deletes a resource by the id in the response of its failed Create', async () => {
    const result = await bench.deploy({ Thing: echo({ Fail: 'Create', Id: 'answered' }) });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(result.reason).toMatch(/^Received response status \[FAILED\] from custom resource. Message returned: as it was told \(RequestId: [-0-9a-f]+\)$/);
    expect(bench.idsIn('Delete Thing')).toEqual(['answered']);
  });

  test('deletes a resource that was cancelled in flight by an id that CloudFormation invents', async () => {
    await bench.deploy({ Slow: echo({ Seconds: '120' }), Bad: topic() }, { fail: { Bad: { phase: 'Create', afterSeconds: 10 } } });
    expect(bench.idsIn('Delete Slow')).toEqual(invented());
  });

  test('deletes a resource that never responded by an id that CloudFormation invents', async () => {
    await bench.deploy({ Slow: echo({ Silent: 'Create', ServiceTimeout: 30 }) });
    expect(bench.idsIn('Delete Slow')).toEqual(invented());
  });

  test('sends no Delete for a resource whose function was never called', async () => {
    const result = await bench.deploy({ Thing: echo({ ServiceToken: 'arn:aws:lambda:us-east-1:111111111111:function:Missing' }) });
    expect(result).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: 'Function not found: arn:aws:lambda:us-east-1:111111111111:function:Missing' });
    expect(bench.sandbox.events.filter(({ StackId }) => StackId === result.stackId)).toEqual([]);
  });

  test('deletes dependents first', async () => {
    const result = await bench.deploy({ First: echo(), Second: echo({}, { DependsOn: 'First' }), Bad: topic({}, { DependsOn: 'Second' }) },
      { fail: { Bad: 'Create' } });
    expect(history(result, 'First DELETE_IN_PROGRESS', 'Second DELETE_COMPLETE')).toEqual(['Second DELETE_COMPLETE', 'First DELETE_IN_PROGRESS']);
  });

  test.each([['Retain', []], ['RetainExceptOnCreate', ['echo-Thing']]])('with DeletionPolicy %s deletes %p', async (DeletionPolicy, ids) => {
    await bench.deploy({ Thing: echo({}, { DeletionPolicy }), Bad: topic({}, { DependsOn: 'Thing' }) }, { fail: { Bad: 'Create' } });
    expect(bench.idsIn('Delete Thing')).toEqual(ids);
  });

  test('that cannot delete a resource tries once, ends in ROLLBACK_FAILED, and keeps the dependencies of the resource', async () => {
    const result = await bench.deploy({ Needed: echo(), Stuck: echo({ Fail: 'Delete' }, { DependsOn: 'Needed' }), Bad: topic({}, { DependsOn: 'Stuck' }) },
      { fail: { Bad: 'Create' } });
    expect(result).toMatchObject({ status: 'ROLLBACK_FAILED', orphans: [] });
    expect([bench.sent('Delete Stuck').length, bench.sent('Delete Needed').length]).toEqual([1, 0]);
  });
});
