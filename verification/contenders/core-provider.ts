import { join } from 'node:path';
import { CustomResourceProvider, CustomResourceProviderRuntime } from 'aws-cdk-lib';
import { Contender, placeOf } from './contender';
import { declareCustomResource } from './hand-written-parts';

export const contender: Contender = {
  usesAssets: true,
  declare(stack, contact) {
    const serviceToken = CustomResourceProvider.getOrCreate(stack, 'Custom::AlternateContactProvider', {
      codeDirectory: join(__dirname, 'handler'),
      runtime: CustomResourceProviderRuntime.NODEJS_22_X,
      policyStatements: [{ Effect: 'Allow', Action: ['account:PutAlternateContact', 'account:DeleteAlternateContact'], Resource: '*' }],
    });
    declareCustomResource(...placeOf(stack, contact.path), serviceToken, contact);
  },
};
