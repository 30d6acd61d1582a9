import { Sandbox, StackResult, Template } from '../../sandbox';

export const MANAGEMENT = '111111111111';
export const MEMBER = '222222222222';
export const SERVICE_TRUST = { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
export const ALLOW_ALL = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export interface FunctionOptions {
  /** The function's own properties. */
  readonly properties?: object;
  /** The role's own properties. */
  readonly role?: object;
  readonly account?: string;
  readonly region?: string;
  readonly stackName?: string;
  readonly assetDirectory?: string;
}

/** A stack with one function and its role, which may do everything. */
export function functionTemplate(code: string, { properties, role }: FunctionOptions = {}): Template {
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: SERVICE_TRUST, Policies: [{ PolicyName: 'All', PolicyDocument: ALLOW_ALL }], ...role },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Code: { ZipFile: code }, Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Timeout: 300, ...properties },
      },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
  };
}

export function deployFunction(sandbox: Sandbox, code: string, options: FunctionOptions = {}): Promise<StackResult> {
  const { account = MANAGEMENT, region, stackName = 'functions', assetDirectory } = options;
  return sandbox.deploy({ stackName, account, region, assetDirectory, template: functionTemplate(code, options) });
}

/** Deploys a function, and returns its ARN. */
export async function functionOf(sandbox: Sandbox, code: string, options: FunctionOptions = {}): Promise<string> {
  const { status, reason, outputs } = await deployFunction(sandbox, code, options);
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(status)) { throw new Error(`${status}: ${reason}`); }
  return outputs.Arn;
}
