import { CfnResource } from 'aws-cdk-lib';
import { Contender } from './contender';
import { allow, handlerOf } from './hand-written';

/** For reference: the resource with nothing around it. */
export const contender: Contender = {
  declare(stack, index, contact) {
    new CfnResource(stack, `Contact${index}`, {
      type: 'Custom::AlternateContact',
      properties: { ServiceToken: handlerOf(stack).functionArn, ...contact },
    });
  },
  allow,
};
