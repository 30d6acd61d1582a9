import { readFileSync } from 'fs';
import { join } from 'path';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Contender } from './contender';

function providerOf(stack: Stack): Provider {
  const known = stack.node.tryFindChild('Provider') as Provider | undefined;
  if (known) return known;
  const onEventHandler = new Function(stack, 'Handler', {
    code: Code.fromInline(readFileSync(join(__dirname, 'handler', 'index.js'), 'utf8')),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    timeout: Duration.minutes(15),
  });
  onEventHandler.addToRolePolicy(new PolicyStatement({ actions: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], resources: ['*'] }));
  return new Provider(stack, 'Provider', { onEventHandler });
}

export const contender: Contender = {
  declare(stack, index, contact) {
    new CustomResource(stack, `Contact${index}`, {
      resourceType: 'Custom::AlternateContact',
      serviceToken: providerOf(stack).serviceToken,
      properties: { ...contact },
    });
  },
};
