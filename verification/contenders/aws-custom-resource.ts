import { Duration, Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, AwsCustomResourceProps, AwsSdkCall, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { SampleContact, Contender } from './contender';

/** Put on create and update, delete on delete. */
export function declareWith(
  permissions: Pick<AwsCustomResourceProps, 'policy' | 'role'>, stack: Stack, index: number, contact: SampleContact,
): AwsCustomResource {
  const { AccountId, AlternateContactType } = contact;
  const put: AwsSdkCall = {
    service: 'account',
    action: 'PutAlternateContact',
    parameters: contact,
    physicalResourceId: PhysicalResourceId.of(`${AccountId}-${AlternateContactType}`),
  };
  return new AwsCustomResource(stack, `Contact${index}`, {
    onUpdate: put,
    onDelete: {
      service: 'account',
      action: 'DeleteAlternateContact',
      parameters: { AccountId, AlternateContactType },
      ignoreErrorCodesMatching: 'ResourceNotFoundException',
    },
    installLatestAwsSdk: false,
    timeout: Duration.minutes(15),
    ...permissions,
  });
}

/** As the documentation shows it first. */
export const contender: Contender = {
  declare(stack, index, contact) {
    declareWith({ policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }) }, stack, index, contact);
  },
};
