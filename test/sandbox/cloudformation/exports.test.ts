import { ACCOUNT, echo, StackBench, topic } from './fixtures';
import { Template } from '../../../sandbox';

const bench = new StackBench();
const deployTemplate = (template: Template) => bench.sandbox.deploy({ stackName: bench.stackName, account: ACCOUNT, template });

describe('outputs', () => {
  const template = (value: unknown): Template => ({
    Resources: { Thing: topic({ Name: 'thing' }) },
    Outputs: { Shared: { Value: value, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-shared' } } } },
  });

  test('can be imported by other stacks', async () => {
    const { outputs } = await deployTemplate(template({ Ref: 'Thing' }));
    expect(outputs).toEqual({ Shared: 'thing' });
    const reader = echo({ Value: { 'Fn::ImportValue': `${bench.stackName}-shared` } });
    bench.stackName = `${bench.stackName}Reader`;
    expect((await bench.deploy({ Reader: reader })).status).toBe('CREATE_COMPLETE');
    expect(bench.sent('Create Reader')[0].ResourceProperties.Value).toBe('thing');
  });

  test('can no longer be imported after their stack is deleted', async () => {
    await deployTemplate(template({ Ref: 'Thing' }));
    await bench.destroy();
    const reader = echo({ Value: { 'Fn::ImportValue': `${bench.stackName}-shared` } });
    expect(await bench.deploy({ Reader: reader })).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: `No export named ${bench.stackName}-shared found.` });
  });

  test('that cannot be evaluated fail the operation', async () => {
    const result = await deployTemplate(template({ 'Fn::ImportValue': 'nobody-exports-it' }));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(result.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')?.reason).toContain('No export named nobody-exports-it found.');
  });
});
