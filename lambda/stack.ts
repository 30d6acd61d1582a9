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
  const client = cloudFormation();
  const { Stacks } = await ask(deadline, abortSignal => client.describeStacks({ StackName: stackId }, { abortSignal }));
  const { StackStatus = '', StackStatusReason = '' } = Stacks?.[0] ?? {};
  return StackStatus.includes('ROLLBACK') || StackStatusReason.includes('failed to create');
}

/**
 * Whether a live resource of the stack holds the contact. The resource that is being deleted is not live, and shows it by its status.
 *
 * @throws Failure
 */
export async function isHeldByStack(stackId: string, contact: Contact, deadline: Deadline): Promise<boolean> {
  const client = cloudFormation();
  let NextToken: string | undefined;
  do {
    const page = await ask(deadline, abortSignal => client.listStackResources({ StackName: stackId, NextToken }, { abortSignal }));
    const isHeld = page.StackResourceSummaries?.some(resource => resource.ResourceType === RESOURCE_TYPE
      && !/^DELETE_(IN_PROGRESS|COMPLETE|FAILED)$/.test(resource.ResourceStatus ?? '')
      && isSameContact(contactOf(resource.PhysicalResourceId), contact));
    if (isHeld) return true;
    NextToken = page.NextToken;
  } while (NextToken);
  return false;
}

function ask<T>(deadline: Deadline, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withRetries(deadline, send).catch((error: SdkError) => {
    throw failureOf(error, 'ask the stack whether the contact is still declared', true);
  });
}
