import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, AwsCustomResourceProps, AwsSdkCall, Logging, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { ContactInTemplate, ContactToDeclare, Contender, placeOf } from './contender';

/** Puts on create and update, deletes on delete. The id names the contact, and a Delete may find none. */
export function declareWith(
  permissions: Pick<AwsCustomResourceProps, 'policy' | 'role'>, stack: Stack, { path, accountId, type, values, retain }: ContactToDeclare, logging?: Logging,
): AwsCustomResource {
  // The service does not accept the id of the stack's own account. A token for it cannot be recognized.
  const key = { AccountId: accountId === stack.account ? undefined : accountId, AlternateContactType: type };
  const put: AwsSdkCall = {
    service: 'account',
    action: 'PutAlternateContact',
    parameters: { ...key, ...values },
    physicalResourceId: PhysicalResourceId.of(`${key.AccountId ?? stack.account}-${type}`),
    logging,
  };
  return new AwsCustomResource(...placeOf(stack, path), {
    onUpdate: put,
    onDelete: {
      service: 'account', action: 'DeleteAlternateContact', parameters: key, ignoreErrorCodesMatching: 'ResourceNotFoundException', logging,
    },
    installLatestAwsSdk: false,
    removalPolicy: retain ? RemovalPolicy.RETAIN : undefined,
    timeout: Duration.minutes(15),
    ...permissions,
  });
}

/** The form that the documentation shows first. */
export const contender: Contender = {
  usesAssets: true,
  declare(stack, contact) {
    declareWith({ policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }) }, stack, contact);
  },
  contactIn: (properties, requestType) => (JSON.parse(String(properties[requestType])) as { parameters: ContactInTemplate }).parameters,
};
