import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import { Contender, placeOf } from './contender';
import { functionOf } from './hand-written';

/** For reference: the resource with nothing around it. */
export const contender: Contender = {
  declare(stack, { path, accountId, type, values, retain }) {
    const resource = new CfnResource(...placeOf(stack, path), {
      type: 'Custom::AlternateContact',
      properties: { ServiceToken: functionOf(stack).functionArn, AccountId: accountId, AlternateContactType: type, ...values },
    });
    if (retain) { resource.applyRemovalPolicy(RemovalPolicy.RETAIN); }
  },
};
