import { Lazy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** What the machine may do to accounts. */
export function accountStatements(scope: IConstruct, enforce: boolean, alternateContactTypes: () => readonly string[]): PolicyStatement[] {
  const { partition, account } = Stack.of(scope);
  return [
    // Neither takes a resource.
    new PolicyStatement({ actions: ['organizations:ListAccounts', 'organizations:DescribeAccount'], resources: ['*'] }),
    new PolicyStatement({
      actions: ['account:GetAlternateContact', ...(enforce ? ['account:PutAlternateContact'] : [])],
      // The organization and its management account are found out at run time.
      resources: [`arn:${partition}:account::${account}:account`, `arn:${partition}:account::*:account/o-*/*`],
      conditions: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': Lazy.list({ produce: () => [...alternateContactTypes()] }) } },
    }),
  ];
}

/** What the machine may do to itself: start its children and its next sweep, and stop older sweeps. */
export function machineStatements(scope: IConstruct, stateMachineArn: string, stateMachineName: string): PolicyStatement[] {
  const { partition, region, account } = Stack.of(scope);
  return [
    new PolicyStatement({ actions: ['states:StartExecution', 'states:ListExecutions'], resources: [stateMachineArn] }),
    new PolicyStatement({
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [`arn:${partition}:states:${region}:${account}:execution:${stateMachineName}:*`],
    }),
  ];
}
