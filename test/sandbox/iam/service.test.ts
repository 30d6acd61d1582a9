import { PolicyDocument, Sandbox, SandboxOptions } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';
import { ALLOW_ALL, deployFunction, functionOf, FunctionOptions, functionTemplate, MANAGEMENT, MEMBER, SERVICE_TRUST } from '../functions';

const GET = `const { AccountClient, GetAlternateContactCommand } = require('@aws-sdk/client-account');
exports.handler = async ({ AccountId }) => new AccountClient({ maxAttempts: 1 }).send(new GetAlternateContactCommand({ AccountId, AlternateContactType: 'SECURITY' }))
  .then(() => 'ok', ({ name, message }) => name === 'ResourceNotFoundException' ? 'allowed' : name + ': ' + message);`;
const ACTION = 'account:GetAlternateContact';

let sandbox: Sandbox;
const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [MEMBER], timeScale: 20, reuseProcesses: true, ...options });
};
afterEach(() => sandbox.close());

const statement = (Effect: 'Allow' | 'Deny', Action: string, more: object = {}) => ({ Effect, Action, Resource: '*', ...more });
const document = (...Statement: PolicyDocument['Statement'][]): PolicyDocument => ({ Statement: Statement.flat() });
const policies = (...statements: PolicyDocument['Statement'][]) => ({ Policies: [{ PolicyName: 'Policy', PolicyDocument: document(...statements) }] });
/** The answer to a function that reads the contact of its account. */
const answerTo = async (options: FunctionOptions = {}) => (await sandbox.lambda.invoke(await functionOf(sandbox, GET, options), {})).result;
const refused = (account: string, cause: string) => expect.stringMatching(new RegExp(
  `^AccessDeniedException: User: arn:aws:sts::${account}:assumed-role/functions-Role-[0-9A-F]{12}/functions-Function-[0-9A-F]{12} is not authorized to `
  + `perform: ${ACTION} on resource: arn:aws:account::${account}:account ${cause}$`));

describe('a refusal names the role, the function, the action, the resource and the cause', () => {
  test('no policy of the role allows it', async () => {
    await start();
    expect(await answerTo({ role: policies(statement('Allow', 'account:PutAlternateContact')) }))
      .toEqual(refused(MANAGEMENT, `because no identity-based policy allows the ${ACTION} action`));
  });

  test('a policy of the role denies it', async () => {
    await start();
    expect(await answerTo({ role: policies(statement('Allow', '*'), statement('Deny', 'account:Get*')) }))
      .toEqual(refused(MANAGEMENT, 'with an explicit deny in an identity-based policy'));
  });

  test('a managed policy that denies it is named', async () => {
    await start();
    const arn = `arn:aws:iam::${MANAGEMENT}:policy/boundary-of-nothing`;
    sandbox.iam.putManaged(MANAGEMENT, arn, document(statement('Deny', ACTION)), []);
    expect(await answerTo({ role: { ManagedPolicyArns: [arn] } })).toEqual(refused(MANAGEMENT, `with an explicit deny in an identity-based policy: ${arn}`));
  });

  test('the boundary of the role does not allow it', async () => {
    await start();
    const arn = `arn:aws:iam::${MANAGEMENT}:policy/limits`;
    sandbox.iam.putManaged(MANAGEMENT, arn, document(statement('Allow', 'cloudformation:*')), []);
    expect(await answerTo({ role: { PermissionsBoundary: arn } })).toEqual(refused(MANAGEMENT, `because no permissions boundary allows the ${ACTION} action`));
    sandbox.iam.putManaged(MANAGEMENT, arn, document(statement('Allow', 'account:*')), []);
    expect(await answerTo({ role: { PermissionsBoundary: arn } })).toBe('allowed');
  });

  test('the boundary of the role denies it', async () => {
    await start();
    const arn = `arn:aws:iam::${MANAGEMENT}:policy/limits`;
    sandbox.iam.putManaged(MANAGEMENT, arn, document(statement('Allow', '*'), statement('Deny', ACTION)), []);
    expect(await answerTo({ role: { PermissionsBoundary: arn } })).toEqual(refused(MANAGEMENT, `with an explicit deny in a permissions boundary: ${arn}`));
  });

  test('the service control policy does not allow it', async () => {
    await start({ serviceControlPolicy: document(statement('Allow', 'iam:*')) });
    expect(await answerTo({ account: MEMBER })).toEqual(refused(MEMBER, `because no service control policy allows the ${ACTION} action`));
  });

  test('the service control policy denies it, and so do other policies', async () => {
    await start({ serviceControlPolicy: document(statement('Allow', '*'), statement('Deny', 'account:*')) });
    const arn = `arn:aws:organizations::${MANAGEMENT}:policy/o-sandbox0123/service_control_policy/p-sandbox1`;
    expect(await answerTo({ account: MEMBER, role: policies(statement('Deny', '*')) })).toEqual(refused(MEMBER, `with an explicit deny in a service control policy: ${arn}`));
  });
});

test('a service control policy applies to the member accounts only, and may change', async () => {
  await start({ serviceControlPolicy: document(statement('Deny', '*')), standaloneAccounts: ['333333333333'] });
  expect(await answerTo()).toBe('allowed');
  expect(await answerTo({ account: '333333333333' })).toBe('allowed');
  expect(await answerTo({ account: MEMBER })).toContain('service control policy');
  sandbox.organization.serviceControlPolicy = undefined;
  expect(await answerTo({ account: MEMBER })).toBe('allowed');
});

test('a boundary may be a managed policy of the same template', async () => {
  await start();
  const template = functionTemplate(GET, { role: { PermissionsBoundary: { Ref: 'Boundary' } } });
  template.Resources!.Boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(statement('Allow', 'account:Put*')) } };
  const { outputs } = await sandbox.deploy({ stackName: 'functions', account: MANAGEMENT, template });
  expect((await sandbox.lambda.invoke(outputs.Arn, {})).result).toContain('because no permissions boundary allows');
});

test('CloudFormation words its refusals in the same way', async () => {
  await start();
  const describe = `const { CloudFormation } = require('@aws-sdk/client-cloudformation');
    exports.handler = async () => new CloudFormation({ maxAttempts: 1 }).describeStacks({ StackName: 'functions' })
      .catch(({ name, message }) => name + ': ' + message);`;
  const arn = await functionOf(sandbox, describe, { role: policies(statement('Allow', 'account:*')) });
  const { result } = await sandbox.lambda.invoke(arn, {});
  expect(result).toMatch(new RegExp(`^AccessDenied: User: arn:aws:sts::${MANAGEMENT}:assumed-role/\\S+/\\S+ is not authorized to perform: cloudformation:DescribeStacks `
    + `on resource: arn:aws:cloudformation:us-east-1:${MANAGEMENT}:stack/functions/\\S+ because no identity-based policy allows the cloudformation:DescribeStacks action$`));
});

describe('the role of a function', () => {
  const CANNOT = 'The role defined for the function cannot be assumed by Lambda.';
  const trustOf = (...statements: object[]) => ({ AssumeRolePolicyDocument: { Statement: statements } });
  const lambda = { Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

  test.each([
    ['trusts another service', trustOf({ ...lambda, Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } })],
    ['trusts an account', trustOf({ ...lambda, Effect: 'Allow', Principal: { AWS: MANAGEMENT } })],
    ['allows another action', trustOf({ ...lambda, Effect: 'Allow', Action: 'sts:TagSession' })],
    ['denies it', trustOf({ ...lambda, Effect: 'Allow' }, { ...lambda, Effect: 'Deny' })],
  ])('is refused if it %s', async (_, role) => {
    await start();
    expect(await deployFunction(sandbox, GET, { role })).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: CANNOT });
  });

  test('may trust other services besides Lambda', async () => {
    await start();
    expect(await answerTo({ role: trustOf({ ...lambda, Effect: 'Allow', Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] } }) })).toBe('allowed');
  });

  test('may be created by hand in the account of the function, but in no other', async () => {
    await start({ policyDelaySeconds: 60 });
    const inline = new Map([['All', ALLOW_ALL as PolicyDocument]]);
    sandbox.iam.putRole(MANAGEMENT, 'by-hand', { trust: SERVICE_TRUST as PolicyDocument, inline, managedPolicyArns: [] }, 0);
    expect(await answerTo({ properties: { Role: `arn:aws:iam::${MANAGEMENT}:role/path/by-hand` } })).toBe('allowed');
    const missing = { properties: { Role: `arn:aws:iam::${MANAGEMENT}:role/nobody` }, stackName: 'missing' };
    expect(await deployFunction(sandbox, GET, missing)).toMatchObject({ reason: CANNOT });
    const other = { properties: { Role: `arn:aws:iam::${MEMBER}:role/by-hand` }, stackName: 'other' };
    expect(await deployFunction(sandbox, GET, other)).toMatchObject({ reason: 'Cross-account pass role is not allowed.' });
  });
});
