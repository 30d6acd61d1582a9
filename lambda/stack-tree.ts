import type { CloudFormation, DescribeStacksOutput, ListStackResourcesOutput, StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isDenial } from './denial';
import { failureOf } from './failure';
import { longestAskPause } from './pauses';
import { CallError, Deadline, SdkError, withRetries } from './retry';
import { ContactKey, parsePhysicalId, isSameContact, RESOURCE_TYPE } from '../src/private/contract';

/*
 * What only CloudFormation knows. A root stack and its nested stacks are one tree: they are deployed, rolled back and deleted together, and a contact
 * may move from one to another.
 */

let client: CloudFormation | undefined;

/** Few events besides Deletes ask CloudFormation, so its client is loaded only then. */
function cloudFormation(): CloudFormation {
  client ??= new (require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation')).CloudFormation({ maxAttempts: 1 });
  return client;
}

/**
 * Whether the deployment that the stack is part of failed and is being undone. The status of the root says so, or the stack's own: a nested stack whose
 * creation is undone shows an ordinary deletion, and one that was updated by itself rolls back without its root.
 *
 * @throws Failure
 */
export async function isRollingBack(stackId: string, deadline: Deadline): Promise<boolean> {
  const isRoot = rootOf(stackId) === stackId;
  const root = await describe(rootOf(stackId), deadline, isRoot ? rethrow : ignoreGone);
  if ((root.isUndone && !root.isSettled) || (root.status === 'DELETE_IN_PROGRESS' && !root.rootId)) { return root.isUndone; }
  const own = isRoot ? root : await describe(stackId, deadline);
  if (own.isUndone) { return true; }
  // Long after its root was undone, a nested stack may be updated or deleted by itself. If it is at rest, Lambda has delivered an old event again.
  const isBusy = own.status.endsWith('_IN_PROGRESS');
  const undoesOwn = ({ isUndone, isSettled }: Description) => isUndone && !(isSettled && isBusy);
  // Only CloudFormation knows the root of a stack that the CDK did not nest, and the role may not be allowed to ask that root.
  return undoesOwn(root) || (root.rootId !== undefined && undoesOwn(await describe(root.rootId, deadline, ignoreDenialOrGone)));
}

/** What the tree says about a contact. */
export interface Holding {
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
    if (isFirst && hasMore && event.RequestType === 'Delete' && await isGoing(event.StackId, deadline)) {
      return { deleting: Number(process.env.CONTACTS ?? deleting) };
    }
  }
  // CloudFormation shows a resource that it deletes as DELETE_IN_PROGRESS; other engines show it as live. If it is live in a stack at rest, it was
  // created anew, and this is an old event that was delivered again.
  const isAtRest = isItselfLive && !(await describe(event.StackId, deadline)).status.endsWith('_IN_PROGRESS');
  return { holder: isAtRest ? `${event.LogicalResourceId}, created anew,` : undefined, deleting };
}

interface Page {
  readonly stackId: string;
  readonly contacts: StackResourceSummary[];
  readonly isFirst: boolean;
  readonly hasMore: boolean;
}

/** The contacts, past ones included, of the given stacks (the event's first) and those nested in them: a page of 100 resources at a time. */
async function* pagesOfTree(stackIds: string[], deadline: Deadline): AsyncGenerator<Page> {
  // A set holds each stack once, and the loop also takes those that are added meanwhile.
  const stacks = new Set(stackIds);
  let isFirst = true;
  for (const stackId of stacks) {
    const recover = stackId === stackIds[0] ? rethrow : ignoreGone;
    let NextToken: string | undefined;
    do {
      const { StackResourceSummaries = [], NextToken: next } = await ask('ListStackResources', deadline, abortSignal =>
        cloudFormation().listStackResources({ StackName: stackId, NextToken }, { abortSignal }).catch(recover));
      for (const resource of StackResourceSummaries) {
        const isNested = resource.ResourceType === 'AWS::CloudFormation::Stack' && isLive(resource);
        if (isNested && resource.PhysicalResourceId) { stacks.add(resource.PhysicalResourceId); }
      }
      NextToken = next;
      const contacts = StackResourceSummaries.filter(({ ResourceType }) => ResourceType === RESOURCE_TYPE);
      yield { stackId, contacts, isFirst, hasMore: NextToken !== undefined };
      isFirst = false;
    } while (NextToken);
  }
}

/** Whether all stacks that are asked are deleted, because somebody wants it or because their creation failed. */
async function isGoing(stackId: string, deadline: Deadline): Promise<boolean> {
  return ['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes((await describe(rootOf(stackId), deadline, ignoreGone)).status);
}

/** A resource that is deleted, or was skipped because it is retained, no longer belongs to its stack. */
function isLive({ ResourceStatus }: StackResourceSummary): boolean {
  return !ResourceStatus?.startsWith('DELETE_');
}

/** The name in `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`. */
function nameOfStack(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}

/** The root of the stacks that the CDK nested: the construct tells it to the function of a nested stack. Any other stack stands for itself. */
function rootOf(stackId: string): string {
  return process.env.ROOT_STACK_ID ?? stackId;
}

interface Description {
  readonly status: string;
  /** A deployment of the stack failed, and is being or has been undone. */
  readonly isUndone: boolean;
  /** The stack was undone and goes on: it can be deployed again, and so can each of its nested stacks. */
  readonly isSettled: boolean;
  /** The root, as CloudFormation knows it, of a nested stack. */
  readonly rootId?: string;
}

async function describe(stackId: string, deadline: Deadline, recover: (error: SdkError) => Nothing = rethrow): Promise<Description> {
  const { Stacks } = await ask('DescribeStacks', deadline, abortSignal =>
    cloudFormation().describeStacks({ StackName: stackId }, { abortSignal }).catch(recover));
  const { StackStatus: status = '', StackStatusReason = '', RootId: rootId } = Stacks?.[0] ?? {};
  // With `OnFailure: DELETE`, a creation that fails or takes too long ends in a deletion. The reason of an ordinary deletion is "User Initiated".
  const isFailedCreation = status === 'DELETE_IN_PROGRESS' && /failed to create|exceeded the specified timeout/.test(StackStatusReason);
  // A stack that is at rest counts, too: Lambda may deliver a Delete of the rollback again when the rollback is over.
  return { status, isUndone: status.includes('ROLLBACK') || isFailedCreation, isSettled: status === 'UPDATE_ROLLBACK_COMPLETE', rootId };
}

/** An answer that says nothing. */
type Nothing = DescribeStacksOutput & ListStackResourcesOutput;

function rethrow(error: SdkError): never {
  throw error;
}

/** A stack of the tree may be gone: its parent was deleted without it, or it was deleted by itself. It holds nothing, and rolls nothing back. */
function ignoreGone(error: SdkError): Nothing {
  if (error.name !== 'ValidationError' || !error.message.includes('does not exist')) { throw error; }
  return {};
}

function ignoreDenialOrGone(error: SdkError): Nothing {
  return isDenial(error) ? {} : ignoreGone(error);
}

function ask<T>(api: string, deadline: Deadline, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const action = `cloudformation:${api}`;
  return withRetries(deadline, send, longestAskPause).catch((error: CallError) => {
    throw failureOf(error, {
      what: 'ask CloudFormation whether the contact is still declared',
      action,
      whenDenied: `Allow ${action} on this stack, and on the stacks that it is nested with, for the function's role. A new role may need more time: deploy again`,
    });
  });
}
