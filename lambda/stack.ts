import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { failureOf } from './failure';
import { Deadline, SdkError, withRetries } from './retry';
import { Contact, contactOf, isSameContact, RESOURCE_TYPE } from '../src/private/contract';

/*
 * What only the function's own stack knows. Deletes alone ask, so its client is loaded when the first one does.
 */
function cloudFormation() {
  const { CloudFormation } = require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation');
  return new CloudFormation({ maxAttempts: 1 });
}

/**
 * Whether the stack is undoing a deployment that failed. A creation that ends in the deletion of the stack (`OnFailure: DELETE`) counts too.
 *
 * @throws Failure
 */
export async function isRollingBack(stackId: string, deadline: Deadline): Promise<boolean> {
  const { StackStatus, StackStatusReason } = await describe(stackId, deadline);
  return StackStatus.includes('ROLLBACK') || StackStatusReason.includes('failed to create');
}

/**
 * Whether a live resource of the stack, other than the one that the event deletes, holds the contact.
 *
 * @throws Failure
 */
export async function isHeldByStack(event: CloudFormationCustomResourceEvent, contact: Contact, deadline: Deadline): Promise<boolean> {
  const client = cloudFormation();
  const ownId = event.RequestType === 'Create' ? undefined : event.PhysicalResourceId;
  let isItselfLive = false;
  let NextToken: string | undefined;
  do {
    const page = await ask(deadline, abortSignal => client.listStackResources({ StackName: event.StackId, NextToken }, { abortSignal }));
    for (const { LogicalResourceId, PhysicalResourceId, ResourceStatus = '', ResourceType } of page.StackResourceSummaries ?? []) {
      if (ResourceType !== RESOURCE_TYPE || !isSameContact(contactOf(PhysicalResourceId), contact)) continue;
      if (/^DELETE_(IN_PROGRESS|COMPLETE|FAILED)$/.test(ResourceStatus)) continue;
      if (LogicalResourceId !== event.LogicalResourceId || PhysicalResourceId !== ownId) return true;
      isItselfLive = true;
    }
    NextToken = page.NextToken;
  } while (NextToken);
  // CloudFormation shows a resource that it deletes as DELETE_IN_PROGRESS; other engines don't. One that is live in a stack at rest was created
  // anew: this is an old event that was delivered again.
  return isItselfLive && !(await describe(event.StackId, deadline)).StackStatus.endsWith('_IN_PROGRESS');
}

async function describe(stackId: string, deadline: Deadline) {
  const client = cloudFormation();
  const { Stacks } = await ask(deadline, abortSignal => client.describeStacks({ StackName: stackId }, { abortSignal }));
  return { StackStatus: Stacks?.[0].StackStatus ?? '', StackStatusReason: Stacks?.[0].StackStatusReason ?? '' };
}

function ask<T>(deadline: Deadline, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withRetries(deadline, send).catch((error: SdkError) => {
    throw failureOf(error, 'ask the stack whether the contact is still declared', true);
  });
}
