import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describeStack, ignoreGone } from './cloudformation';
import type { Deadline } from './deadline';
import { isLive, pagesOfTree, rootOf } from './stack-tree';
import { type ContactKey, isSameContact, parsePhysicalId, RESOURCE_TYPE } from '../src/private/contract';

/** The answer of the tree about a contact. */
interface Holding {
  /** Another resource than the event's that holds the contact. */
  readonly holder?: string;
  /** How many contacts the tree is deleting now. */
  readonly deleting: number;
  /** What the stack lists of the event's resource. Left out if the whole tree is being deleted. */
  readonly own?: readonly StackResourceSummary[];
}

/**
 * Looks for a live resource of the tree, other than the event's, that holds the contact.
 *
 * @throws Failure
 */
export async function holdingOf(event: CloudFormationCustomResourceEvent, contact: ContactKey, deadline: Deadline): Promise<Holding> {
  const ownId = event.RequestType === 'Create' ? undefined : event.PhysicalResourceId;
  const own: StackResourceSummary[] = [];
  let deleting = 0;
  for await (const { stackId, resources, isFirst, hasMore } of pagesOfTree([event.StackId, rootOf(event.StackId)], deadline)) {
    const contacts = resources.filter(({ ResourceType }) => ResourceType === RESOURCE_TYPE);
    deleting += contacts.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_IN_PROGRESS').length;
    for (const row of contacts) {
      const { LogicalResourceId, PhysicalResourceId } = row;
      const isOwn = stackId === event.StackId && LogicalResourceId === event.LogicalResourceId;
      if (isOwn) { own.push(row); }
      if (isLive(row) && isSameContact(parsePhysicalId(PhysicalResourceId), contact) && !(isOwn && PhysicalResourceId === ownId)) {
        return { holder: `${LogicalResourceId} of ${nameOfStack(stackId)}`, deleting, own };
      }
    }
    // Hundreds of Deletes would each read all pages. A tree that is deleted as a whole leaves nobody to hold the contact.
    if (isFirst && hasMore && event.RequestType === 'Delete' && await isTreeGoing(event.StackId, deadline)) {
      return { deleting: Number(process.env.CONTACTS ?? deleting) };
    }
  }
  return { deleting, own };
}

/** Whether the whole tree is being deleted, because somebody wants it or because its creation failed. */
async function isTreeGoing(stackId: string, deadline: Deadline): Promise<boolean> {
  return ['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes((await describeStack(rootOf(stackId), deadline, ignoreGone)).status);
}

/** Returns the name in `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`. */
function nameOfStack(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}
