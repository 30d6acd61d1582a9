import { join } from 'path';
import { CustomResource, CustomResourceProvider, CustomResourceProviderRuntime } from 'aws-cdk-lib';
import { Contender } from './contender';

export const contender: Contender = {
  declare(stack, index, contact) {
    const provider = CustomResourceProvider.getOrCreateProvider(stack, 'Custom::AlternateContactProvider', {
      codeDirectory: join(__dirname, 'handler'),
      runtime: CustomResourceProviderRuntime.NODEJS_22_X,
      policyStatements: [{ Effect: 'Allow', Action: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], Resource: '*' }],
    });
    new CustomResource(stack, `Contact${index}`, {
      resourceType: 'Custom::AlternateContact',
      serviceToken: provider.serviceToken,
      properties: { ...contact },
    });
  },
};
