import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, AwsCustomResourceProps, AwsSdkCall, Logging, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { ContactInTemplate, ContactToDeclare, Contender, placeOf } from './contender';

/** Put on create and update, delete on delete: an id that names the contact, and a Delete that may find nothing. */
export function declareWith(
  permissions: Pick<AwsCustomResourceProps, 'policy' | 'role'>, stack: Stack, { path, accountId, type, values, retain }: ContactToDeclare, logging?: Logging,
): AwsCustomResource {
  // The service refuses the stack's own account to be named. Where a token stands for it, nobody can tell.
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

/** As the documentation shows it first. */
export const contender: Contender = {
  usesAssets: true,
  declare(stack, contact) {
    declareWith({ policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }) }, stack, contact);
  },
  contactIn: (properties, requestType) => (JSON.parse(String(properties[requestType])) as { parameters: ContactInTemplate }).parameters,
};
