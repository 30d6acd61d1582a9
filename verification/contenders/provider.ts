import type { Stack } from 'aws-cdk-lib';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Contender, placeOf } from './contender';
import { declareCustomResource, sharedFunctionOf } from './hand-written-parts';

function providerOf(stack: Stack): Provider {
  return stack.node.tryFindChild('Provider') as Provider | undefined
    ?? new Provider(stack, 'Provider', { onEventHandler: sharedFunctionOf(stack, 'index.js') });
}

export const contender: Contender = {
  usesAssets: true,
  declare(stack, contact) {
    declareCustomResource(...placeOf(stack, contact.path), providerOf(stack).serviceToken, contact);
  },
};
