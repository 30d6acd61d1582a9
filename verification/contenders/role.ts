import type { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/** One role for all contacts of a stack. The permissions are part of it, so that they are there before the function and go after it. */
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
