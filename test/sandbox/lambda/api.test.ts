import { App, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Sandbox, SandboxOptions } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';
import { functionOf, FunctionOptions, MANAGEMENT, MEMBER } from '../functions';

/** Invokes a function with the real client, and returns the answer or the error's name, status and message. */
const INVOKE = `
const { Lambda } = require('@aws-sdk/client-lambda');
exports.handler = async input => {
  const lambda = new Lambda({ maxAttempts: 1 });
  try {
    const { StatusCode, FunctionError, Payload } = await lambda.invoke(input);
    return { StatusCode, FunctionError, payload: Payload?.transformToString() };
  } catch (error) {
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  }
};`;

let sandbox: Sandbox;
const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [MEMBER], timeScale: 20, reuseProcesses: true, ...options });
};
afterEach(() => sandbox.close());

const target = (code: string, options: FunctionOptions = {}) => functionOf(sandbox, code, { stackName: 'target', ...options });
const invoke = async (input: object, options: FunctionOptions = {}) =>
  (await sandbox.lambda.invoke(await functionOf(sandbox, INVOKE, options), input)).result;

describe('Invoke', () => {
  test.each(['by its ARN', 'by its name'])('returns the result of a function that is named %s', async how => {
    await start();
    const arn = await target('exports.handler = async ({ value }) => ({ twice: value * 2 });');
    const FunctionName = how === 'by its ARN' ? arn : arn.split(':').at(-1);
    expect(await invoke({ FunctionName, Payload: '{"value":4}' })).toEqual({ StatusCode: 200, payload: '{"twice":8}' });
    expect(sandbox.calls).toMatchObject([{ api: 'Invoke', account: MANAGEMENT, outcome: 'ok' }]);
  });

  test('succeeds with FunctionError when the function fails', async () => {
    await start();
    const FunctionName = await target('exports.handler = async () => { throw new TypeError("no"); };');
    expect(await invoke({ FunctionName })).toEqual({ StatusCode: 200, FunctionError: 'Unhandled', payload: '{"errorType":"TypeError","errorMessage":"no"}' });
  });

  test('does not wait for an Event', async () => {
    await start();
    const FunctionName = await target('exports.handler = async () => { console.log("ran"); };');
    expect(await invoke({ FunctionName, InvocationType: 'Event' })).toMatchObject({ StatusCode: 202 });
    await sandbox.idle();
    expect(sandbox.logs.map(({ line }) => line)).toEqual(['ran']);
  });

  test('is refused if the role does not allow it', async () => {
    await start();
    const FunctionName = await target('exports.handler = async () => undefined;');
    const statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: `${FunctionName}-another` };
    const role = { Policies: [{ PolicyName: 'Policy', PolicyDocument: { Statement: [statement] } }] };
    expect(await invoke({ FunctionName }, { role })).toEqual({
      name: 'AccessDeniedException',
      status: 403,
      message: expect.stringContaining(`not authorized to perform: lambda:InvokeFunction on resource: ${FunctionName} because no identity-based policy allows`),
    });
  });

  test('finds neither a function of another account nor a missing one', async () => {
    await start();
    const FunctionName = await target('exports.handler = async () => undefined;', { account: MEMBER });
    const missing = { name: 'ResourceNotFoundException', status: 404 };
    expect(await invoke({ FunctionName })).toMatchObject(missing);
    expect(await invoke({ FunctionName: 'nobody' })).toMatchObject(missing);
  });

  test('is throttled when too many functions run at once', async () => {
    await start({ concurrentExecutions: 1 });
    const FunctionName = await target('exports.handler = async () => undefined;');
    expect(await invoke({ FunctionName })).toMatchObject({ name: 'TooManyRequestsException', status: 429 });
  });
});

test("the CDK's Provider framework can be deployed: its function calls the handler of the user", async () => {
  await start({ responseUrl: 's3', timeScale: 10 });
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Provided', { env: { account: MANAGEMENT, region: 'us-east-1' } });
  const onEventHandler = new Function(stack, 'OnEvent', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    timeout: Duration.minutes(5), // Lambda's default of three seconds is short at this scale
    code: Code.fromInline('exports.handler = async ({ RequestType }) => ({ PhysicalResourceId: "provided", Data: { Request: RequestType } });'),
  });
  new CustomResource(stack, 'Thing', { serviceToken: new Provider(stack, 'Provider', { onEventHandler }).serviceToken, resourceType: 'Custom::Thing' });
  const { directory, stacks: [{ template }] } = app.synth();
  const result = await sandbox.deploy({ stackName: 'Provided', account: MANAGEMENT, template, assetDirectory: directory });
  expect(result).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(sandbox.responses).toMatchObject([{ body: { Status: 'SUCCESS', PhysicalResourceId: 'provided', Data: { Request: 'Create' } }, violations: [] }]);
  expect((await sandbox.destroy({ stackName: 'Provided', account: MANAGEMENT })).status).toBe('DELETE_COMPLETE');
});
