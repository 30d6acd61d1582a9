import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Contender, placeOf } from './contender';
import { sharedRoleOf } from './role';

function providerOf(stack: Stack): Provider {
  const known = stack.node.tryFindChild('Provider') as Provider | undefined;
  return known ?? new Provider(stack, 'Provider', {
    onEventHandler: new Function(stack, 'Handler', {
      code: Code.fromInline(readFileSync(join(__dirname, 'handler', 'index.js'), 'utf8')),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      timeout: Duration.minutes(15),
      role: sharedRoleOf(stack),
    }),
  });
}

export const contender: Contender = {
  usesAssets: true,
  declare(stack, { path, accountId, type, values, retain }) {
    new CustomResource(...placeOf(stack, path), {
      resourceType: 'Custom::AlternateContact',
      serviceToken: providerOf(stack).serviceToken,
      properties: { AccountId: accountId, AlternateContactType: type, ...values },
      removalPolicy: retain ? RemovalPolicy.RETAIN : undefined,
    });
  },
};
