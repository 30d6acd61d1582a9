import { CfnResource } from 'aws-cdk-lib';
import { Contender, LABELS } from './contender';
import { allow, handlerOf } from './floor';

/** For reference: the resource with nothing around it. */
export const contender: Contender = {
  label: LABELS.bare,
  declare(stack, index, contact) {
    new CfnResource(stack, `Contact${index}`, {
      type: 'Custom::AlternateContact',
      properties: { ServiceToken: handlerOf(stack).functionArn, ...contact },
    });
  },
  allow,
};
