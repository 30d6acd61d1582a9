import type { CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { AccountManagement } from './account-management';
import { FailedCall, FailedCreate, Failure, nameOf, NOT_AWAITED, reasonOf } from './failure';
import { CustomResourceResponse, respond } from './respond';
import { Deadline } from './retry';
import { holdingOf, isRollingBack } from './stack-tree';
import {
  type ContactKey, type ContactProperties, type ContactValues, isSame, isSameContact, parsePhysicalId, physicalIdOf, RULES, uncertainIdOf, unmetRequirement,
} from '../src/private/contract';

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
 * | Delete | of any other               | ListStackResources, Delete; a missing contact is fine             | the same           |
 *
 * A Create that fails responds with an id that names no contact, so its Delete does nothing. If its Put may have succeeded, the id is the contact's,
 * followed by `/uncertain`. The Delete of that id is like any other: if the resource has been created again meanwhile, it holds the contact, which stays.
 * If `overwriteExisting` is false and the second Get shows that a contact was overwritten, it is put back, and the event fails.
 *
 * An event that CloudFormation no longer waits for only gets a response: CloudFormation has gone on without it. Where a stack has more than one page of
 * resources, a Delete asks DescribeStacks whether the whole tree is being deleted. If so, nobody is left to hold the contact, and it reads no further.
 */

/** What was done about an event, and the physical id of the response. */
interface Outcome {
  readonly action: 'put' | 'deleted' | 'kept' | 'nothing';
  readonly physicalId: string;
  /** Why a contact was kept. */
  readonly because?: string;
}

/** The properties that CloudFormation reads itself. */
const FRAME = ['ServiceToken', 'ServiceTimeout'];

/** Written so that CloudFormation does not take the function's own code, which is in the template, for such a reference. */
const DYNAMIC_REFERENCE = /\{\{resolve:/;

/** How long CloudFormation waits for a response by default, in seconds. */
const DEFAULT_SERVICE_TIMEOUT = 3_600;

/**
 * Handles one event of a `Custom::AlternateContact` resource, and always responds.
 *
 * @throws Error only if CloudFormation does not take the response before the function's time is up; Lambda then delivers the event again
 */
export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  const sentAt = sentAtOf(event);
  // Where too few functions may run, an event can wait in Lambda's queue until CloudFormation has given up on it and rolled back.
  const awaited = sentAt === undefined ? Infinity
    : sentAt + 1000 * Number(event.ResourceProperties.ServiceTimeout ?? DEFAULT_SERVICE_TIMEOUT) - Date.now();
  const deadline = new Deadline(context.getRemainingTimeInMillis(), awaited);
  const ownAccount = context.invokedFunctionArn.split(':')[4];
  const account = new AccountManagement(ownAccount, deadline);
  let result: CustomResourceResponse;
  let outcome: Outcome | undefined;
  try {
    if (!deadline.isAwaited) { throw new Failure(`Nothing was done: when the event reached the function, ${NOT_AWAITED}`); }
    outcome = event.RequestType === 'Delete'
      ? await deleteContact(event, account, deadline, sentAt ?? Date.now())
      : await putContact(event, ownAccount, account, deadline);
    result = { Status: 'SUCCESS', PhysicalResourceId: outcome.physicalId };
  } catch (error) {
    result = { Status: 'FAILED', PhysicalResourceId: failedId(event, error), Reason: reasonOf(error) };
  }
  const { LogicalResourceId, RequestId, RequestType } = event;
  const { PhysicalResourceId, Reason = outcome?.because } = result;
  const action = outcome?.action ?? 'failed';
  process.stdout.write(`${JSON.stringify({ RequestType, LogicalResourceId, RequestId, PhysicalResourceId, action, Reason })}\n`);
  await respond(event, result, deadline);
}

/** When CloudFormation sent the event, in milliseconds since 1970, by the signature of the URL. Other engines don't sign it. */
function sentAtOf({ ResponseURL }: CloudFormationCustomResourceEvent): number | undefined {
  const date = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(ResponseURL)?.slice(1).map(Number);
  return date && Date.UTC(date[0], date[1] - 1, ...date.slice(2));
}

/**
 * Creates or updates a contact.
 *
 * @throws Failure
 */
async function putContact(
  event: CloudFormationCustomResourceEvent, ownAccount: string, account: AccountManagement, deadline: Deadline,
): Promise<Outcome> {
  const properties = validProperties(event.ResourceProperties);
  const contact = { accountId: properties.AccountId ?? ownAccount, alternateContactType: properties.AlternateContactType };
  if (event.RequestType === 'Update' && isSameContact(parsePhysicalId(event.PhysicalResourceId), contact)) {
    const isPut = await putOrKeep(contact, properties, account);
    const because = isPut ? undefined : 'The account takes no changes, and has these values already';
    return { action: isPut ? 'put' : 'kept', physicalId: event.PhysicalResourceId, because };
  }

  // A contact that another resource of the tree holds is the app's own, and passes to this one. In a rollback, an Update returns to the contact that
  // the resource held before. A rollback creates nothing: a Create that arrives then was delivered again.
  const mayOverwrite = async (existing: ContactValues | undefined, until: Deadline) => properties.OverwriteExisting !== 'false'
    || existing === undefined || isSame(existing, properties) || (await holdingOf(event, contact, until)).holder !== undefined
    || (event.RequestType === 'Update' && await isRollingBack(event.StackId, until));

  const known = await account.get(contact);
  if (!await mayOverwrite(known, deadline)) { throw refusalOf(contact); }
  await account.put(contact, properties).catch((failure: FailedCall) => {
    throw failure.isUncertain && !known ? new FailedCreate(failure, uncertainIdOf(contact)) : failure;
  });
  const previous = await account.getPrevious(contact, properties, known);
  if (previous && !isSame(previous, known)) {
    // Half of the time that is left is kept for giving the contact back.
    const refusal = await mayOverwrite(previous, deadline.within(deadline.forCalls / 2))
      .then(may => may ? undefined : refusalOf(contact), (failure: Failure) => failure);
    if (refusal) {
      await giveBack(contact, previous, account);
      throw refusal;
    }
  }
  return { action: 'put', physicalId: physicalIdOf({ ...contact, tookOver: previous !== undefined }) };
}

/**
 * Sets a contact that the resource holds. An account that is closed takes no changes, not even those of a rollback, but it can be read.
 *
 * @returns false if the put was denied, and the account has these values already
 * @throws Failure
 */
async function putOrKeep(contact: ContactKey, values: ContactValues, account: AccountManagement): Promise<boolean> {
  try {
    await account.put(contact, values);
    return true;
  } catch (error) {
    const existing = error instanceof FailedCall && error.isDenied ? await account.get(contact).catch(() => undefined) : undefined;
    if (!isSame(existing, values)) { throw error; }
    return false;
  }
}

/**
 * Puts back a contact that must not be overwritten.
 *
 * @throws Failure that asks the user to restore the contact by hand
 */
function giveBack(contact: ContactKey, previous: ContactValues, account: AccountManagement): Promise<void> {
  return account.put(contact, previous).catch(({ isUncertain, message }: FailedCall) => {
    throw new Failure(`Restore ${nameOf(contact)} by hand: somebody set it just before this deployment, overwriteExisting is false, and it `
      + `${isUncertain ? 'may have' : 'has'} the declared values now. ${message}`);
  });
}

function refusalOf(contact: ContactKey): Failure {
  return new Failure(`Did not overwrite ${nameOf(contact)}: the account has one with other values, and overwriteExisting is false. Declare `
    + 'the values that it has, delete it by hand, or set overwriteExisting to true');
}

/** CloudFormation next deletes the id of a failed Create, so that id names a contact only if the put may have succeeded. */
function failedId(event: CloudFormationCustomResourceEvent, error: unknown): string {
  if (event.RequestType !== 'Create') { return event.PhysicalResourceId; }
  return error instanceof FailedCreate ? error.physicalId : `${event.LogicalResourceId}/not-created`;
}

/**
 * Checks the properties once more: tokens were not known at synthesis, and a template can be written by hand.
 *
 * @throws Failure that names each property and its rule, but not its value, which is personal
 */
function validProperties(properties: { [property: string]: unknown }): ContactProperties {
  const names = Object.keys(properties).filter(property => !FRAME.includes(property));
  const errors = [
    ...names.filter(property => !Object.hasOwn(RULES, property)).map(property => `unknown property ${property}`),
    ...Object.keys(RULES).filter(property => !RULES[property].isOptional && !names.includes(property)).map(property => `${property} is missing`),
    ...names.filter(property => Object.hasOwn(RULES, property)).flatMap(property => {
      const rule = unmetRequirement(property, properties[property]);
      return rule ? [`${property} must be ${rule}`] : [];
    }),
    // CloudFormation resolves no secure reference here. A name could be one as it stands.
    ...names.filter(property => DYNAMIC_REFERENCE.test(String(properties[property]))).map(property => `${property} is a dynamic reference that was not resolved`),
  ];
  if (errors.length > 0) { throw new Failure(`Nothing was changed: ${errors.join('. ')}`); }
  return properties as unknown as ContactProperties;
}

/**
 * Deletes the contact that the physical id names, unless it must stay. ResourceProperties don't count: another resource may hold the contact that they
 * name.
 *
 * @throws Failure
 */
async function deleteContact(
  event: CloudFormationCustomResourceDeleteEvent, account: AccountManagement, deadline: Deadline, sentAt: number,
): Promise<Outcome> {
  const { PhysicalResourceId: physicalId } = event;
  const contact = parsePhysicalId(physicalId);
  if (!contact) { return { action: 'nothing', physicalId }; }
  if (contact.tookOver && await isRollingBack(event.StackId, deadline)) {
    return { action: 'kept', physicalId, because: 'The deployment that took the contact over is rolled back' };
  }
  const { holder, deleting } = await holdingOf(event, contact, deadline);
  if (holder) { return { action: 'kept', physicalId, because: `${holder} holds the contact` }; }
  await account.delete(contact, deleting, sentAt);
  return { action: 'deleted', physicalId };
}
