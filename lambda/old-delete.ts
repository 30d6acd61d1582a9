import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { CloudFormationCustomResourceDeleteEvent } from 'aws-lambda';
import { describeStack } from './cloudformation';
import type { Deadline } from './deadline';
import { sentAtOf } from './event-timing';
import { isLive } from './stack-tree';

/** How exactly the URL of a response says when the event was sent, in milliseconds. */
const SECOND = 1_000;

/**
 * Returns why a Delete must be an old one that Lambda delivers again, or undefined if CloudFormation may be waiting for it.
 *
 * CloudFormation lists a resource that it deletes as DELETE_IN_PROGRESS, so the usual Delete needs no further call. After a replacement it lists the new
 * physical id, and other engines list the resource as live. So in all other cases only a stack at rest shows that the Delete is old.
 *
 * @param own what the stack lists of the event's resource. Left out if the whole tree is being deleted
 * @throws Failure
 */
export async function whyOld(
  event: CloudFormationCustomResourceDeleteEvent, own: readonly StackResourceSummary[] | undefined, deadline: Deadline,
): Promise<string | undefined> {
  const isItself = ({ PhysicalResourceId }: StackResourceSummary) => PhysicalResourceId === event.PhysicalResourceId;
  if (!own || own.some(row => row.ResourceStatus === 'DELETE_IN_PROGRESS' && isItself(row))) { return undefined; }
  const sentBefore = (sentAtOf(event) ?? Infinity) + SECOND;
  // A resource that is being created has no physical id yet.
  const isAnew = own.some(row => isLive(row) && Number(row.LastUpdatedTimestamp) > sentBefore && (isItself(row) || row.ResourceStatus?.startsWith('CREATE_')));
  if (isAnew) { return 'the resource was created anew'; }
  return (await describeStack(event.StackId, deadline)).status.endsWith('_IN_PROGRESS') ? undefined : 'its deployment was over';
}
