import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DeclaredAccount } from './account';
import { MANAGED_POLICY_SPACE, RolePolicies } from '../role-policies';
import { environmentOf, hasNestedStacks, nestedStacksArn, rootOf } from '../tree';

/* The sizes of statements in a policy, in characters without white space. */

/** The statements that do not grow, at most. */
const FIXED_STATEMENTS = 1_400;
/** The id of the root, which a nested stack adds to them. */
const ROOT_STACK_ID = 300;
/** The statement for a function in a VPC. */
const VPC_STATEMENT = 230;
/** A statement that allows contacts to be put, without its resources. */
const PUT_STATEMENT = 220;

/** No partition has a longer name. A stack without a known region can be deployed to any. */
const LONGEST_PARTITION = 'aws-us-gov';
const ANY_ACCOUNT_ID = '111122223333';

/**
 * What Lambda needs to connect a function to a VPC. It checks for all resources.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
const VPC_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];

type AccountArn = (partition: string, accountId: string) => string;
/** Names the account that makes the call. */
const standaloneArn: AccountArn = (partition, accountId) => `arn:${partition}:account::${accountId}:account`;
/** Names a member of the caller's organization. */
const memberArn: AccountArn = (partition, accountId) => `arn:${partition}:account::*:*/${accountId}`;

/** The permissions of the function that sets the contacts of a stack: exactly what it calls. */
export class Permissions {
  private readonly putStatements: PutStatements;

  constructor(private readonly stack: Stack, private readonly policies: RolePolicies, logGroupArn: string, isInVpc: boolean) {
    policies.add(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] }));
    policies.add(this.deleteAnyContact());
    policies.add(this.askStacks());
    if (isInVpc) { policies.add(new PolicyStatement({ actions: VPC_ACTIONS, resources: ['*'] })); }
    this.putStatements = new PutStatements(policies, FIXED_STATEMENTS + (stack.nested ? ROOT_STACK_ID : 0) + (isInVpc ? VPC_STATEMENT : 0));
  }

  /** Allows the function to set a contact. */
  public allowPut(account: DeclaredAccount, alternateContactType: string): void {
    const { partition, account: stackAccount } = environmentOf(this.stack);
    const arns = arnsOf(account, stackAccount);
    const longest = Token.isUnresolved(partition) ? LONGEST_PARTITION : partition;
    const size = arns.reduce((sum, [arn]) => sum + `"${arn(longest, ANY_ACCOUNT_ID)}",`.length, 0);
    this.putStatements.allow(alternateContactType, arns.map(([arn, accountId]) => arn(partition, accountId)), size);
  }

  /** Deletion is not limited to the declared contacts: CloudFormation shrinks the role before it deletes a contact that left the app. */
  private deleteAnyContact(): PolicyStatement {
    const { partition, account } = environmentOf(this.stack);
    return new PolicyStatement({
      actions: ['account:DeleteAlternateContact'],
      resources: [standaloneArn(partition, account), `arn:${partition}:account::*:account/o-*/*`],
    });
  }

  /** Before the function deletes, it asks whether its tree of stacks rolls back, and whether another resource of the tree holds the same contact. */
  private askStacks(): PolicyStatement {
    const { stack } = this;
    const nestedStacks = nestedStacksArn(stack);
    const statement = new PolicyStatement({
      actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
      resources: stack.nested ? [stack.stackId, rootOf(stack).stackId, nestedStacks] : [stack.stackId],
    });
    if (!stack.nested) {
      this.policies.beforeSynthesis(() => {
        if (hasNestedStacks(stack)) { statement.addResources(nestedStacks); }
      });
    }
    return statement;
  }
}

/** Returns the ARNs that may name an account. One that may be the stack's account is named both ways. */
function arnsOf(account: DeclaredAccount, stackAccount: string): [AccountArn, string][] {
  if (account.kind === 'own') { return [[standaloneArn, stackAccount]]; }
  const asMember: [AccountArn, string] = [memberArn, account.accountId];
  if (account.kind === 'literal') { return account.mayBeOwn ? [[standaloneArn, account.accountId], asMember] : [asMember]; }
  // In an ARN, a token without a value leaves a gap that names no account.
  return [[standaloneArn, account.accountId], asMember, ...account.mayBeOwn ? [[standaloneArn, stackAccount] as [AccountArn, string]] : []];
}

/** The statements that allow contacts to be put, one per type and policy. IAM limits the size of a policy, so the next one begins when it is full. */
export class PutStatements {
  private readonly open = new Map<string, PolicyStatement>();
  private space: number;

  constructor(private readonly policies: RolePolicies, fixedStatements: number) {
    this.space = policies.spaceBeside(fixedStatements);
  }

  /** @param size the characters that the resources take in a policy */
  public allow(alternateContactType: string, resources: string[], size: number): void {
    const statement = this.open.get(alternateContactType);
    if (statement && size <= this.space) {
      statement.addResources(...resources);
      this.space -= size;
    } else {
      this.begin(alternateContactType, resources, size + PUT_STATEMENT);
    }
  }

  private begin(alternateContactType: string, resources: string[], size: number): void {
    if (size > this.space) {
      this.policies.beginPolicy();
      this.open.clear();
      this.space = MANAGED_POLICY_SPACE;
    }
    const statement = new PolicyStatement({
      // Get comes with Put: before the function creates a contact, it looks for one to take over.
      actions: ['account:PutAlternateContact', 'account:GetAlternateContact'],
      resources,
      conditions: { 'ForAnyValue:StringEquals': { 'account:AlternateContactTypes': alternateContactType } },
    });
    this.policies.add(statement);
    this.open.set(alternateContactType, statement);
    this.space -= size;
  }
}
