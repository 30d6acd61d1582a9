import { describeStack, ignoreGone, ignoreGoneOrDenied, type StackDescription } from './cloudformation';
import type { Deadline } from './deadline';
import { rootOf } from './stack-tree';

/**
 * Whether the deployment that the stack is part of failed and is being undone. The status of the root says so, or the stack's own: a nested stack whose
 * creation is undone shows an ordinary deletion, and one that was updated by itself rolls back without its root.
 *
 * @throws Failure
 */
export async function isRollingBack(stackId: string, deadline: Deadline): Promise<boolean> {
  const isRoot = rootOf(stackId) === stackId;
  const root = await describeStack(rootOf(stackId), deadline, isRoot ? undefined : ignoreGone);
  if ((root.isUndone && !root.isSettled) || (root.status === 'DELETE_IN_PROGRESS' && !root.rootId)) { return root.isUndone; }
  const own = isRoot ? root : await describeStack(stackId, deadline);
  if (own.isUndone) { return true; }
  // Long after its root was undone, a nested stack may be updated or deleted by itself. If it is at rest, Lambda has delivered an old event again.
  const isBusy = own.status.endsWith('_IN_PROGRESS');
  const undoesOwn = ({ isUndone, isSettled }: StackDescription) => isUndone && !(isSettled && isBusy);
  // Only CloudFormation knows the root of a stack that the CDK did not nest, and the role may not be allowed to ask that root.
  return undoesOwn(root) || (root.rootId !== undefined && undoesOwn(await describeStack(root.rootId, deadline, ignoreGoneOrDenied)));
}
