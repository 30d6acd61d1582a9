import { Aws, CfnResource, ScopedAws, Stack, Token } from 'aws-cdk-lib';

/** What is left at least of a root's name in the names of its nested stacks: CloudFormation cuts long names, as users' reports show. */
const KEPT_OF_NAME = 43;

/** Returns the stack at the top of a tree of nested stacks: the stack itself where it is not nested. */
export function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** Where a stack is deployed, with tokens for what only the deployment knows. */
export interface DeploymentEnvironment {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/**
 * Whether a stack set or a Service Catalog product deploys the stack. The file name of the template tells: `StackSetStack` is a class of a
 * package that this one does not depend on.
 */
export function isDeployedByOthers(stack: Stack): boolean {
  return /\.(stackset|product)\.template\.json$/.test(rootOf(stack).templateFile);
}

/** Returns where a stack is deployed. A template that others deploy can go anywhere, though the CDK gives it the environment of its `Stage`. */
export function environmentOf(stack: Stack): DeploymentEnvironment {
  return isDeployedByOthers(stack) ? { account: Aws.ACCOUNT_ID, region: Aws.REGION, partition: Aws.PARTITION } : stack;
}

/** Returns the ARN of all nested stacks of the tree. CloudFormation names one `<name of its parent>-<logical id>-<suffix>`. */
export function nestedStacksArn(stack: Stack): string {
  const root = rootOf(stack);
  const isCut = !Token.isUnresolved(root.stackName) && root.stackName.length > KEPT_OF_NAME;
  const names = isCut ? `${root.stackName.slice(0, KEPT_OF_NAME)}*` : `${new ScopedAws(root).stackName}-*`;
  const { account, region, partition } = environmentOf(stack);
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${names}/*`;
}

/** Tells whether nested stacks have been added to a stack. */
export function hasNestedStacks(stack: Stack): boolean {
  return stack.node.findAll().some(construct => CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === 'AWS::CloudFormation::Stack' && construct.stack === stack);
}
