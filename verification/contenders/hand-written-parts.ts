import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ContactToDeclare } from './contender';

/** The parts that contenders share: each stack has one role and one function. */

/** The permissions are inside the role, so that they exist before the function and are deleted after it. */
export function sharedRoleOf(stack: Stack): Role {
  return stack.node.tryFindChild('Role') as Role | undefined ?? new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    inlinePolicies: {
      Contacts: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], resources: ['*'] })],
      }),
    },
  });
}

/** @param files those of handler/ that are its code */
export function sharedFunctionOf(stack: Stack, ...files: ('index.js' | 'answer.js')[]): Function {
  return stack.node.tryFindChild('Handler') as Function | undefined ?? new Function(stack, 'Handler', {
    code: Code.fromInline(files.map(name => readFileSync(join(__dirname, 'handler', name), 'utf8')).join('')),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    timeout: Duration.minutes(15),
    role: sharedRoleOf(stack),
  });
}

export function declareCustomResource(scope: Construct, id: string, serviceToken: string, contact: Omit<ContactToDeclare, 'path'>): void {
  new CustomResource(scope, id, {
    resourceType: 'Custom::AlternateContact',
    serviceToken,
    properties: { AccountId: contact.accountId, AlternateContactType: contact.type, ...contact.values },
    removalPolicy: contact.retain ? RemovalPolicy.RETAIN : undefined,
  });
}
