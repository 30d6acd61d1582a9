import { CfnResource, ScopedAws, Stack, Token } from 'aws-cdk-lib';

/** What is left at least of a root's name in the names of its nested stacks: CloudFormation cuts long names, as users' reports show. */
const KEPT_OF_NAME = 43;

/** Returns the stack at the top of a tree of nested stacks: the stack itself where it is not nested. */
export function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** Returns the ARN of all nested stacks of the tree. CloudFormation names one `<name of its parent>-<logical id>-<suffix>`. */
export function nestedStacksArn(stack: Stack): string {
  const root = rootOf(stack);
  const isCut = !Token.isUnresolved(root.stackName) && root.stackName.length > KEPT_OF_NAME;
  const names = isCut ? `${root.stackName.slice(0, KEPT_OF_NAME)}*` : `${new ScopedAws(root).stackName}-*`;
  return `arn:${stack.partition}:cloudformation:${stack.region}:${stack.account}:stack/${names}/*`;
}

/** Tells whether nested stacks have been added to a stack. */
export function hasNestedStacks(stack: Stack): boolean {
  return stack.node.findAll().some(construct => CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === 'AWS::CloudFormation::Stack' && construct.stack === stack);
}
