import { Duration } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, AwsSdkCall, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Contender, LABELS } from './contender';

/** As its documentation shows it: put on create and update, delete on delete. */
export const contender: Contender = {
  label: LABELS['aws-custom-resource'],
  declare(stack, index, contact) {
    const { AccountId, AlternateContactType } = contact;
    const put: AwsSdkCall = {
      service: 'account',
      action: 'PutAlternateContact',
      parameters: contact,
      physicalResourceId: PhysicalResourceId.of(`${AccountId}-${AlternateContactType}`),
    };
    new AwsCustomResource(stack, `Contact${index}`, {
      onUpdate: put,
      onDelete: { service: 'account', action: 'DeleteAlternateContact', parameters: { AccountId, AlternateContactType } },
      policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
      installLatestAwsSdk: false,
      timeout: Duration.minutes(15),
    });
  },
};
