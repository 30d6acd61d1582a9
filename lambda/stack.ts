import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { failureOf } from './failure';
import { Deadline, SdkError, withRetries } from './retry';
import { Contact, contactOf, isSameContact, RESOURCE_TYPE } from '../src/private/contract';

let client: CloudFormation | undefined;

/** What only the function's own stack knows is asked by few events but Deletes, so the client is loaded when the first one asks. */
function cloudFormation(): CloudFormation {
  if (!client) {
    const sdk = require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation');
    client = new sdk.CloudFormation({ maxAttempts: 1 });
  }
  return client;
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
  const ownId = event.RequestType === 'Create' ? undefined : event.PhysicalResourceId;
  let isItselfLive = false;
  let NextToken: string | undefined;
  do {
    const page = await ask(deadline, abortSignal => cloudFormation().listStackResources({ StackName: event.StackId, NextToken }, { abortSignal }));
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
  const { Stacks } = await ask(deadline, abortSignal => cloudFormation().describeStacks({ StackName: stackId }, { abortSignal }));
  return { StackStatus: Stacks?.[0].StackStatus ?? '', StackStatusReason: Stacks?.[0].StackStatusReason ?? '' };
}

function ask<T>(deadline: Deadline, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withRetries(deadline, send).catch((error: SdkError) => {
    throw failureOf(error, 'ask the stack whether the contact is still declared', true);
  });
}
