import { Aws, CfnResource, ScopedAws, Stack, Token } from 'aws-cdk-lib';

/** CloudFormation truncates the root's name in the names of nested stacks, but keeps at least this many characters (user reports). */
const KEPT_OF_NAME = 43;

/** Returns the stack at the top of a tree of nested stacks: the stack itself if it is not nested. */
export function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** The place that a stack is deployed to, with tokens for values that only the deployment knows. */
export interface DeploymentEnvironment {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** The names that a stack set or a Service Catalog product gives to its stacks, by the kind of the template's file. */
const NAMES_BY_OTHERS: { readonly [kind: string]: string } = { stackset: 'StackSet-*', product: 'SC-*' };

/**
 * Returns the pattern of the names that a stack set or a Service Catalog product gives to the stacks of the tree, or undefined if neither deploys it.
 * Only the template's file name can be checked: `StackSetStack` is a class of a package that this one does not depend on.
 */
function namesByOthers(stack: Stack): string | undefined {
  const kind = /\.(stackset|product)\.template\.json$/.exec(rootOf(stack).templateFile)?.[1];
  return kind && NAMES_BY_OTHERS[kind];
}

/** Whether a stack set or a Service Catalog product deploys the stack. */
export function isDeployedByOthers(stack: Stack): boolean {
  return namesByOthers(stack) !== undefined;
}

/** Returns where a stack is deployed. A template that others deploy can go anywhere, although the CDK gives it the environment of its `Stage`. */
export function environmentOf(stack: Stack): DeploymentEnvironment {
  return isDeployedByOthers(stack) ? { account: Aws.ACCOUNT_ID, region: Aws.REGION, partition: Aws.PARTITION } : stack;
}

/** Returns the ARN of all nested stacks of the tree. CloudFormation names a nested stack `<name of its parent>-<logical id>-<suffix>`. */
export function nestedStacksArn(stack: Stack): string {
  const { account, region, partition } = environmentOf(stack);
  const names = namesByOthers(stack) ?? namesInTree(rootOf(stack));
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${names}/*`;
}

function namesInTree(root: Stack): string {
  const isCut = !Token.isUnresolved(root.stackName) && root.stackName.length > KEPT_OF_NAME;
  return isCut ? `${root.stackName.slice(0, KEPT_OF_NAME)}*` : `${new ScopedAws(root).stackName}-*`;
}

/** Whether a stack has nested stacks so far. */
export function hasNestedStacks(stack: Stack): boolean {
  return stack.node.findAll().some(construct => CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === 'AWS::CloudFormation::Stack' && construct.stack === stack);
}
