import { Annotations, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { environmentOf } from '../tree';

/**
 * Allows CloudWatch Logs to encrypt the log groups of the account with a key. The policy of an imported key is its owner's: a warning says what it must
 * allow.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogEncryption(scope: IConstruct, key: IKey): void {
  const { partition, region, account } = environmentOf(Stack.of(scope));
  const { statementAdded } = key.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${region}.${Stack.of(scope).urlSuffix}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
  }));
  if (!statementAdded) {
    Annotations.of(scope).addWarningV2('cdk-alternate-contact:keyMustAllowLogs', 'The policy of the imported key cannot be changed here. It must allow '
      + 'logs.<region>.amazonaws.com to encrypt and decrypt for the log group, and delivery.logs.amazonaws.com kms:Decrypt for the logs of the state machine.');
  }
}
