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

/** The names of the stacks that a stack set or a Service Catalog product deploys, by the kind of the template's file. */
const NAMES_BY_OTHERS: { readonly [kind: string]: string } = { stackset: 'StackSet-*', product: 'SC-*' };

/**
 * Returns the pattern of the names that a stack set or a Service Catalog product gives to the tree, or undefined if neither deploys it. The file name
 * of the template tells: `StackSetStack` is a class of a package that this one does not depend on.
 */
function namesByOthers(stack: Stack): string | undefined {
  const kind = /\.(stackset|product)\.template\.json$/.exec(rootOf(stack).templateFile)?.[1];
  return kind && NAMES_BY_OTHERS[kind];
}

/** Whether a stack set or a Service Catalog product deploys the stack. */
export function isDeployedByOthers(stack: Stack): boolean {
  return namesByOthers(stack) !== undefined;
}

/** Returns where a stack is deployed. A template that others deploy can go anywhere, though the CDK gives it the environment of its `Stage`. */
export function environmentOf(stack: Stack): DeploymentEnvironment {
  return isDeployedByOthers(stack) ? { account: Aws.ACCOUNT_ID, region: Aws.REGION, partition: Aws.PARTITION } : stack;
}

/** Returns the ARN of all nested stacks of the tree. CloudFormation names one `<name of its parent>-<logical id>-<suffix>`. */
export function nestedStacksArn(stack: Stack): string {
  const { account, region, partition } = environmentOf(stack);
  const names = namesByOthers(stack) ?? namesInTree(rootOf(stack));
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${names}/*`;
}

function namesInTree(root: Stack): string {
  const isCut = !Token.isUnresolved(root.stackName) && root.stackName.length > KEPT_OF_NAME;
  return isCut ? `${root.stackName.slice(0, KEPT_OF_NAME)}*` : `${new ScopedAws(root).stackName}-*`;
}

/** Tells whether nested stacks have been added to a stack. */
export function hasNestedStacks(stack: Stack): boolean {
  return stack.node.findAll().some(construct => CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === 'AWS::CloudFormation::Stack' && construct.stack === stack);
}
