import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Organization } from '../account/organization';
import { type Change, type Made, optionFor, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';
import type { Iam, PolicyDocument } from '../iam/iam';
import { type Lambda, partitionOf } from '../lambda/lambda';

/** The resource types that the sandbox gives a meaning; every other type is a record that says it exists. */
export function resourceTypes(
  iam: Iam, lambda: Lambda, organization: Organization, more: Record<string, ResourceType>,
): (type: string) => ResourceType {
  const types: Record<string, ResourceType> = {
    ...more,
    'AWS::IAM::Role': role(iam),
    'AWS::IAM::Policy': inlinePolicy(iam),
    'AWS::IAM::ManagedPolicy': managedPolicy(iam),
    'AWS::Lambda::Function': lambdaFunction(lambda, iam),
    'AWS::Organizations::Account': account(organization),
  };
  const other = record();
  return type => types[type] ?? other;
}

/** Create and update are the same act on a named thing; another name is another thing. */
export function named(name: (change: Change) => string, put: (change: Change, physicalId: string) => Promise<Made> | Made,
  remove: (change: Change, physicalId: string) => void): ResourceType {
  return {
    create: async change => put(change, name(change)),
    update: async change => put(change, name(change)),
    delete: async change => {
      if (change.physicalId !== undefined) {
        remove(change, change.physicalId);
      }
    },
  };
}

/** The name given in the template, or one that is generated once and kept. */
export function nameOf(change: Change, property: string): string {
  const given = change.properties[property];
  if (given !== undefined) {
    return String(given);
  }
  const generated = change.oldProperties?.[property] === undefined ? change.physicalId : undefined;
  return generated ?? generatedName(change);
}

function generatedName(change: Change): string {
  const { stack, logicalId } = change;
  return `${stack.name.slice(0, 24)}-${logicalId.slice(0, 24)}-${randomBytes(6).toString('hex').toUpperCase()}`; // at most 64 characters
}

function role(iam: Iam): ResourceType {
  return named(change => nameOf(change, 'RoleName'), ({ stack, properties }, name) => {
    if (properties.AssumeRolePolicyDocument === undefined) {
      throw new ResourceFailure('Property AssumeRolePolicyDocument cannot be empty.');
    }
    const policies = (properties.Policies ?? []) as { PolicyName: string; PolicyDocument: PolicyDocument }[];
    iam.putRole(stack.account, name, {
      trust: properties.AssumeRolePolicyDocument as PolicyDocument,
      inline: new Map(policies.map(policy => [policy.PolicyName, policy.PolicyDocument])),
      managedPolicyArns: (properties.ManagedPolicyArns ?? []) as string[],
      permissionsBoundary: properties.PermissionsBoundary as string | undefined,
    });
    return { physicalId: name, attributes: { Arn: `arn:${partitionOf(stack.region)}:iam::${stack.account}:role/${name}`, RoleId: `AROA${name}` } };
  }, ({ stack }, name) => iam.deleteRole(stack.account, name));
}

function inlinePolicy(iam: Iam): ResourceType {
  const rolesOf = (properties: Properties | undefined) => (properties?.Roles ?? []) as string[];
  return {
    create: async change => put(change),
    update: async change => put(change),
    delete: async ({ stack, properties }) =>
      rolesOf(properties).forEach(name => iam.putInline(stack.account, name, String(properties.PolicyName), undefined)),
  };
  function put({ stack, logicalId, properties, oldProperties, physicalId }: Change): Made {
    const policy = String(properties.PolicyName);
    for (const name of rolesOf(oldProperties)) {
      if (!rolesOf(properties).includes(name) || oldProperties?.PolicyName !== policy) {
        iam.putInline(stack.account, name, String(oldProperties?.PolicyName), undefined);
      }
    }
    rolesOf(properties).forEach(name => iam.putInline(stack.account, name, policy, properties.PolicyDocument as PolicyDocument));
    return { physicalId: physicalId ?? `${stack.name.slice(0, 4)}-${logicalId.slice(0, 4)}-${randomBytes(6).toString('hex')}`, attributes: {} };
  }
}

function managedPolicy(iam: Iam): ResourceType {
  const arn = (change: Change, name: string) => `arn:${partitionOf(change.stack.region)}:iam::${change.stack.account}:policy/${name}`;
  const name = (change: Change) => {
    const given = change.properties.ManagedPolicyName;
    const generated = change.oldProperties?.ManagedPolicyName === undefined ? change.physicalId : undefined;
    return given !== undefined ? arn(change, String(given)) : generated ?? arn(change, generatedName(change));
  };
  return named(name, ({ stack, properties }, physicalId) => {
    iam.putManaged(stack.account, physicalId, properties.PolicyDocument as PolicyDocument, (properties.Roles ?? []) as string[]);
    return { physicalId, attributes: { PolicyArn: physicalId } };
  }, (_, physicalId) => iam.deleteManaged(physicalId));
}

const MAX_INLINE_CODE = 4 * 1024 * 1024;

function lambdaFunction(lambda: Lambda, iam: Iam): ResourceType {
  return named(change => nameOf(change, 'FunctionName'), (change, name) => {
    const { stack, properties, assetDirectory } = change;
    const code = properties.Code as { ZipFile?: string; S3Key?: string };
    const roleName = String(properties.Role).split('/').at(-1) ?? '';
    if (String(properties.Role).split(':')[4] !== stack.account) {
      throw new ResourceFailure('Cross-account pass role is not allowed.');
    }
    if (!iam.trusts(stack.account, roleName, 'lambda.amazonaws.com')) {
      throw new ResourceFailure('The role defined for the function cannot be assumed by Lambda.');
    }
    if (code.ZipFile !== undefined && Buffer.byteLength(code.ZipFile) > MAX_INLINE_CODE) {
      throw new ResourceFailure('Please provide inline code of at most 4 MB.');
    }
    const directory = join(assetDirectory ?? '', `asset.${code.S3Key?.replace(/^.*\//, '').replace(/\.zip$/, '')}`);
    if (code.ZipFile === undefined && !existsSync(directory)) {
      throw new ResourceFailure(`The sandbox finds no asset at ${directory}; is assetDirectory given?`);
    }
    const reserved = properties.ReservedConcurrentExecutions;
    const environment = (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
    lambda.put({
      account: stack.account,
      region: stack.region,
      name,
      roleName,
      handler: String(properties.Handler),
      timeoutSeconds: Number(properties.Timeout ?? 3),
      reservedConcurrentExecutions: reserved === undefined ? undefined : Number(reserved),
      environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
      code: code.ZipFile === undefined ? { directory } : { zipFile: code.ZipFile },
    });
    return { physicalId: name, attributes: { Arn: lambda.arnOf(stack.account, stack.region, name) } };
  }, ({ stack }, name) => lambda.remove(lambda.arnOf(stack.account, stack.region, name)));
}

function account(organization: Organization): ResourceType {
  const made = (physicalId: string): Made => ({ physicalId, attributes: { AccountId: physicalId, Status: 'ACTIVE' } });
  return {
    create: async change => made(organization.createAccount(optionFor(change.accountIds, change))),
    update: async ({ physicalId }) => made(String(physicalId)),
    delete: async ({ physicalId }) => {
      organization.close(String(physicalId));
    },
  };
}

/** A type without a meaning: its attributes are made up from its physical id. */
function record(): ResourceType {
  const NAMES = ['LogGroupName', 'Name', 'BucketName', 'QueueName', 'TopicName'];
  return named(change => nameOf(change, NAMES.find(name => change.properties[name] !== undefined) ?? 'Name'), ({ stack, type }, physicalId) => ({
    physicalId,
    attributes: new Proxy({}, {
      get: (_, attribute) => attribute === 'Arn'
        ? `arn:${partitionOf(stack.region)}:${type.split('::')[1].toLowerCase()}:${stack.region}:${stack.account}:${physicalId}`
        : typeof attribute === 'string' ? `${physicalId}.${attribute}` : undefined,
      has: () => true,
    }),
  }), () => undefined);
}
