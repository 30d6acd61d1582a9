import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describeStack, ignoreGone } from './cloudformation';
import type { Deadline } from './deadline';
import { isLive, pagesOfTree, rootOf } from './stack-tree';
import { type ContactKey, isSameContact, parsePhysicalId } from '../src/private/contract';

/** The answer of the tree about a contact. */
interface Holding {
  /** Another resource than the event's that holds the contact. */
  readonly holder?: string;
  /** How many contacts the tree is deleting now. */
  readonly deleting: number;
}

/**
 * Looks for a live resource of the tree, other than the event's, that holds the contact.
 *
 * @throws Failure
 */
export async function holdingOf(event: CloudFormationCustomResourceEvent, contact: ContactKey, deadline: Deadline): Promise<Holding> {
  const ownId = event.RequestType === 'Create' ? undefined : event.PhysicalResourceId;
  let isItselfLive = false;
  let deleting = 0;
  for await (const { stackId, contacts, isFirst, hasMore } of pagesOfTree([event.StackId, rootOf(event.StackId)], deadline)) {
    deleting += contacts.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_IN_PROGRESS').length;
    for (const { LogicalResourceId, PhysicalResourceId } of contacts.filter(isLive)) {
      if (!isSameContact(parsePhysicalId(PhysicalResourceId), contact)) { continue; }
      isItselfLive = stackId === event.StackId && LogicalResourceId === event.LogicalResourceId && PhysicalResourceId === ownId;
      if (!isItselfLive) { return { holder: `${LogicalResourceId} of ${nameOfStack(stackId)}`, deleting }; }
    }
    // Hundreds of Deletes would each read all pages. A tree that is deleted as a whole leaves nobody to hold the contact.
    if (isFirst && hasMore && event.RequestType === 'Delete' && await isTreeGoing(event.StackId, deadline)) {
      return { deleting: Number(process.env.CONTACTS ?? deleting) };
    }
  }
  // CloudFormation shows a resource that it deletes as DELETE_IN_PROGRESS; other engines show it as live. If it is live in a stack at rest, it was
  // created anew, and this is an old event that was delivered again.
  const isAtRest = isItselfLive && !(await describeStack(event.StackId, deadline)).status.endsWith('_IN_PROGRESS');
  return { holder: isAtRest ? `${event.LogicalResourceId}, created anew,` : undefined, deleting };
}

/** Whether the whole tree is being deleted, because somebody wants it or because its creation failed. */
async function isTreeGoing(stackId: string, deadline: Deadline): Promise<boolean> {
  return ['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes((await describeStack(rootOf(stackId), deadline, ignoreGone)).status);
}

/** Returns the name in `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`. */
function nameOfStack(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}
