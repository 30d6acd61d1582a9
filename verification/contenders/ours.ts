import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Contender, placeOf } from './contender';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';
import { detailsFrom } from '../tools/details';

function providerOf(stack: Stack, id: string | undefined): AlternateContactProvider | undefined {
  return id === undefined ? undefined : stack.node.tryFindChild(id) as AlternateContactProvider ?? new AlternateContactProvider(stack, id);
}

export const contender: Contender = {
  declare(stack, { path, accountId, type, values, retain, overwriteExisting, provider }) {
    new AlternateContact(...placeOf(stack, path), {
      accountId,
      alternateContactType: type as AlternateContactType,
      ...detailsFrom({ ...values }),
      removalPolicy: retain ? RemovalPolicy.RETAIN : undefined,
      overwriteExisting,
      provider: providerOf(stack, provider),
    });
  },
};
