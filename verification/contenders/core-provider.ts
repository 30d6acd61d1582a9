import { join } from 'node:path';
import { CustomResource, CustomResourceProvider, CustomResourceProviderRuntime, RemovalPolicy } from 'aws-cdk-lib';
import { Contender, placeOf } from './contender';

export const contender: Contender = {
  usesAssets: true,
  declare(stack, { path, accountId, type, values, retain }) {
    const provider = CustomResourceProvider.getOrCreateProvider(stack, 'Custom::AlternateContactProvider', {
      codeDirectory: join(__dirname, 'handler'),
      runtime: CustomResourceProviderRuntime.NODEJS_22_X,
      policyStatements: [{ Effect: 'Allow', Action: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], Resource: '*' }],
    });
    new CustomResource(...placeOf(stack, path), {
      resourceType: 'Custom::AlternateContact',
      serviceToken: provider.serviceToken,
      properties: { AccountId: accountId, AlternateContactType: type, ...values },
      removalPolicy: retain ? RemovalPolicy.RETAIN : undefined,
    });
  },
};
