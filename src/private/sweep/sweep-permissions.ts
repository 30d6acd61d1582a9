import { Lazy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { environmentOf } from '../tree';

/** Lets the machine list accounts, and get and put their contacts. */
export function accountStatements(scope: IConstruct, enforce: boolean, alternateContactTypes: () => readonly string[]): PolicyStatement[] {
  const { partition, account } = environmentOf(Stack.of(scope));
  return [
    // The action takes no resource.
    new PolicyStatement({ actions: ['organizations:ListAccounts'], resources: ['*'] }),
    new PolicyStatement({ actions: ['organizations:DescribeAccount'], resources: [`arn:${partition}:organizations::*:account/o-*/*`] }),
    new PolicyStatement({
      actions: ['account:GetAlternateContact', ...(enforce ? ['account:PutAlternateContact'] : [])],
      // The ids of the organization and of its management account are known only at run time.
      resources: [`arn:${partition}:account::${account}:account`, `arn:${partition}:account::*:account/o-*/*`],
      conditions: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': Lazy.list({ produce: () => [...alternateContactTypes()] }) } },
    }),
  ];
}

/** Lets the machine start its children and its next sweep, and stop older sweeps. */
export function machineStatements(scope: IConstruct, stateMachineArn: string, stateMachineName: string): PolicyStatement[] {
  const { partition, region, account } = environmentOf(Stack.of(scope));
  return [
    new PolicyStatement({ actions: ['states:StartExecution', 'states:ListExecutions'], resources: [stateMachineArn] }),
    new PolicyStatement({
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [`arn:${partition}:states:${region}:${account}:execution:${stateMachineName}:*`],
    }),
  ];
}

/**
 * Lets Step Functions write logs and use a key with the role. The CDK grants this, unless the role is immutable.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function serviceStatements(encryptionKey?: IKey): PolicyStatement[] {
  return [
    // The actions take no resource.
    new PolicyStatement({
      actions: ['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy',
        'DescribeResourcePolicies', 'DescribeLogGroups'].map(action => `logs:${action}`),
      resources: ['*'],
    }),
    ...encryptionKey ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [encryptionKey.keyArn] })] : [],
  ];
}
