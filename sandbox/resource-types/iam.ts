import { randomBytes } from 'node:crypto';
import { generatedName, named, nameOf } from './named';
import { type Change, type Made, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';
import { partitionOf } from '../core/endpoints';
import type { PolicyDocument } from '../iam/policy';
import type { Iam } from '../iam/service';

export function role(iam: Iam): ResourceType {
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

export function inlinePolicy(iam: Iam): ResourceType {
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

export function managedPolicy(iam: Iam): ResourceType {
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
