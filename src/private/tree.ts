import { Aws, CfnResource, ScopedAws, Stack, Token } from 'aws-cdk-lib';

/** CloudFormation truncates the root's name in nested stacks' names, but keeps at least this many characters (user reports: A-04). */
const KEPT_OF_NAME = 43;

/** Returns the stack at the top of a tree of nested stacks: the stack itself if it is not nested. */
export function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** The account, region and partition of a stack, with tokens for those that only the deployment knows. */
export interface DeploymentEnvironment {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** The patterns of the names of stacks that a stack set or a Service Catalog product deploys, by the kind of template file. */
const NAMES_BY_OTHERS: { readonly [kind: string]: string } = { stackset: 'StackSet-*', product: 'SC-*' };

/**
 * Returns the pattern of the names that a stack set or a Service Catalog product gives to the tree, or undefined if neither deploys it. Goes by the name
 * of the template file, because `StackSetStack` is a class of a package that this one does not depend on.
 */
function namesByOthers(stack: Stack): string | undefined {
  const kind = /\.(stackset|product)\.template\.json$/.exec(rootOf(stack).templateFile)?.[1];
  return kind && NAMES_BY_OTHERS[kind];
}

/** Whether a stack set or a Service Catalog product deploys the stack. */
export function isDeployedByOthers(stack: Stack): boolean {
  return namesByOthers(stack) !== undefined;
}

/** Returns the environment of a stack. A template that others deploy can go anywhere, although the CDK gives it the environment of its `Stage`. */
export function environmentOf(stack: Stack): DeploymentEnvironment {
  return isDeployedByOthers(stack) ? { account: Aws.ACCOUNT_ID, region: Aws.REGION, partition: Aws.PARTITION } : stack;
}

/** Returns the ARN that matches all nested stacks of the tree. CloudFormation names them `<name of the parent>-<logical id>-<suffix>`. */
export function nestedStacksArn(stack: Stack): string {
  const { account, region, partition } = environmentOf(stack);
  const names = namesByOthers(stack) ?? namesInTree(rootOf(stack));
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${names}/*`;
}

function namesInTree(root: Stack): string {
  const isTruncated = !Token.isUnresolved(root.stackName) && root.stackName.length > KEPT_OF_NAME;
  return isTruncated ? `${root.stackName.slice(0, KEPT_OF_NAME)}*` : `${new ScopedAws(root).stackName}-*`;
}

/** Whether nested stacks have been added to a stack. */
export function hasNestedStacks(stack: Stack): boolean {
  return stack.node.findAll().some(construct => CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === 'AWS::CloudFormation::Stack' && construct.stack === stack);
}
