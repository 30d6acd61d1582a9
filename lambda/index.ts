import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { AccountManagement } from './account-management';
import { Deadline } from './deadline';
import { awaitedFor } from './event-timing';
import { FailedCreate, Failure, NOT_AWAITED, reasonOf } from './failure';
import { createContact, deleteContact, type Outcome, updateContact } from './lifecycle';
import { patienceForNew } from './new-account';
import { respond } from './respond';

/*
 * What each event of CloudFormation does to the contact of an account. A contact is its account and its type; the physical id names both. "Tree" stands
 * for the stack, its root and all stacks that the CDK nested with it.
 *
 * | event  | its physical id            | calls                                                             | id in the response |
 * |--------|----------------------------|-------------------------------------------------------------------|--------------------|
 * | Create |                            | Get, Put, Get; before it refuses to overwrite, ListStackResources | the contact's      |
 * | Update | names the same contact     | Put; if it is denied, Get: it succeeds if the values are the same | the same           |
 * | Update | names another contact      | as for Create, and DescribeStacks; its old id is deleted later    | the new contact's  |
 * | Delete | names no contact           | none: nothing was created                                         | the same           |
 * | Delete | of a contact taken over    | DescribeStacks; while the tree rolls back, no more: it stays      | the same           |
 * | Delete | of one that the tree holds | ListStackResources: it stays                                      | the same           |
 * | Delete | that is an old one         | ListStackResources, perhaps DescribeStacks: see old-delete.ts     | the same           |
 * | Delete | of any other               | ListStackResources, Delete; a missing contact is fine             | the same           |
 *
 * A Create that fails responds with an id that names no contact, so its Delete does nothing. If its Put may have succeeded, the id is the contact's,
 * followed by `/uncertain`. The Delete of that id is like any other: if the resource has been created again meanwhile, it holds the contact, which stays.
 * If `overwriteExisting` is false and the second Get shows that a contact was overwritten, it is put back, and the event fails. Such a Create then asks
 * DescribeStacks. If the tree rolls back, because another resource failed meanwhile, it leaves the account as it was.
 *
 * Unless CloudFormation lists the resource of a Delete as DELETE_IN_PROGRESS, the Delete also asks DescribeStacks: Lambda may deliver an old one again.
 *
 * A denial that may only mean that an account is new is tried again for longer, if ListStackResources shows that the tree has just created the account.
 *
 * An event that CloudFormation no longer waits for only gets a response: CloudFormation has gone on without it. Where a stack has more than one page of
 * resources, a Delete asks DescribeStacks whether the whole tree is being deleted. If so, nobody is left to hold the contact, and it reads no further.
 */

/**
 * Handles one event of a `Custom::AlternateContact` resource, and always responds.
 *
 * @throws Error only if CloudFormation does not accept the response before the function's time is up; Lambda then delivers the event again
 */
export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  const deadline = new Deadline(context.getRemainingTimeInMillis(), awaitedFor(event));
  const account = new AccountManagement(
    context.invokedFunctionArn.split(':')[4], deadline, accountId => patienceForNew(accountId, event.StackId, deadline),
  );
  const { action, physicalId: PhysicalResourceId, reason: Reason } = await handle(event, account, deadline)
    .catch((error: unknown) => ({ action: 'failed', physicalId: failedId(event, error), reason: reasonOf(error) } as const));

  const { LogicalResourceId, RequestId, RequestType } = event;
  process.stdout.write(`${JSON.stringify({ RequestType, LogicalResourceId, RequestId, PhysicalResourceId, action, Reason })}\n`);
  const isFailed = action === 'failed';
  await respond(event, { Status: isFailed ? 'FAILED' : 'SUCCESS', PhysicalResourceId, Reason: isFailed ? Reason : undefined }, deadline);
}

/**
 * Does what the table above says.
 *
 * @throws Failure
 */
async function handle(event: CloudFormationCustomResourceEvent, account: AccountManagement, deadline: Deadline): Promise<Outcome> {
  if (!deadline.isAwaited) { throw new Failure(`Nothing was done: when the event reached the function, ${NOT_AWAITED}`); }
  switch (event.RequestType) {
    case 'Create': return createContact(event, account, deadline);
    case 'Update': return updateContact(event, account, deadline);
    case 'Delete': return deleteContact(event, account, deadline);
  }
}

/** CloudFormation next deletes the id of a failed Create, so that id names a contact only if the put may have succeeded. */
function failedId(event: CloudFormationCustomResourceEvent, error: unknown): string {
  if (event.RequestType !== 'Create') { return event.PhysicalResourceId; }
  return error instanceof FailedCreate ? error.physicalId : `${event.LogicalResourceId}/not-created`;
}
