import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { environmentOf } from '../tree';
import { warn } from '../warnings';

/**
 * Lets CloudWatch Logs encrypt the construct's log group with a key. The CDK allows the delivery of logs. The policy of an imported key cannot be changed
 * here: a warning says what it must allow.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function allowLogEncryption(scope: IConstruct, key: IKey, { ownsLogGroup }: { readonly ownsLogGroup: boolean }): void {
  const { partition, region, account } = environmentOf(Stack.of(scope));
  if (ownsLogGroup) {
    key.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.${Stack.of(scope).urlSuffix}`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
    }));
  }
  if (!(key instanceof Key)) {
    warn(scope, 'keyMustAllowLogs', 'The policy of the imported key cannot be changed here. It must allow '
      + `delivery.logs.amazonaws.com to call kms:Decrypt${ownsLogGroup ? ', and logs.<region>.amazonaws.com to encrypt and decrypt for the log group' : ''}.`);
  }
}
