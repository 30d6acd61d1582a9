import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { declareWith } from './aws-custom-resource';
import { Contender } from './contender';

/** Its permissions are part of it, so that they are there before the function. */
function roleOf(stack: Stack): Role {
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

/** One role for all, and no policy of its own for any: the form that holds the most contacts. */
export const contender: Contender = {
  declare(stack, index, contact) {
    const resource = declareWith({ role: roleOf(stack) }, stack, index, contact);
    // No property gives the function more than the SDK's three attempts, but every SDK reads this variable.
    (resource.node.findChild('Provider') as SingletonFunction).addEnvironment('AWS_MAX_ATTEMPTS', '50');
  },
};
