import type { CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { AccountManagement } from './account-management';
import { Failure, nameOf, reasonOf } from './failure';
import { Answer, answer } from './response';
import { Deadline } from './retry';
import { isHeldByStack, isRollingBack } from './stack';
import { brokenRule, CONTACT_VALUES, ContactProperties, contactOf, isSameContact, physicalIdOf, RULES } from '../src/private/contract';

/*
 * What CloudFormation's events do to an account's contact. A contact is its account and its type, and the physical id names both.
 *
 * | event  | its physical id             | calls                                                          | answered id       |
 * |--------|-----------------------------|----------------------------------------------------------------|-------------------|
 * | Create |                             | Get, Put; ListStackResources before it refuses to overwrite    | the contact's     |
 * | Update | names the same contact      | Put                                                            | the same          |
 * | Update | names another contact       | as for Create; CloudFormation has the old id deleted later     | the new contact's |
 * | Delete | names no contact            | none: nothing was created                                      | the same          |
 * | Delete | of a contact taken over     | DescribeStacks; if the stack rolls back, no more: it stays     | the same          |
 * | Delete | of one that the stack holds | ListStackResources: another resource means it, so it stays     | the same          |
 * | Delete | of any other                | ListStackResources, Delete; a missing contact is fine          | the same          |
 */

/** What was done about an event, and the physical id to answer. */
interface Outcome {
  readonly action: 'put' | 'deleted' | 'kept' | 'nothing';
  readonly physicalId: string;
}

/** The properties that CloudFormation knows itself. */
const FRAME = ['ServiceToken', 'ServiceTimeout'];

/**
 * Handles one event of a `Custom::AlternateContact` resource, and always answers it.
 *
 * @throws Error only if CloudFormation does not take the answer before the function's time is up; Lambda then delivers the event again
 */
export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  const deadline = new Deadline(context.getRemainingTimeInMillis());
  const ownAccount = context.invokedFunctionArn.split(':')[4];
  const account = new AccountManagement(ownAccount, deadline);
  let result: Answer;
  let action = 'failed';
  try {
    const outcome = event.RequestType === 'Delete'
      ? await deleteContact(event, account, deadline)
      : await putContact(event, ownAccount, account, deadline);
    action = outcome.action;
    result = { Status: 'SUCCESS', PhysicalResourceId: outcome.physicalId };
  } catch (error) {
    result = { Status: 'FAILED', PhysicalResourceId: failedId(event, error), Reason: reasonOf(error) };
  }
  const { LogicalResourceId, RequestId, RequestType } = event;
  const { PhysicalResourceId, Reason } = result;
  process.stdout.write(`${JSON.stringify({ RequestType, LogicalResourceId, RequestId, PhysicalResourceId, action, Reason })}\n`);
  await answer(event, result, deadline);
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
  if (event.RequestType === 'Update' && isSameContact(contactOf(event.PhysicalResourceId), contact)) {
    await account.put(contact, properties);
    return { action: 'put', physicalId: event.PhysicalResourceId };
  }

  const existing = await account.get(contact);
  const isDifferent = existing && CONTACT_VALUES.some(value => existing[value] !== properties[value]);
  // What another resource of the stack holds is the stack's own: this one replaces that one.
  if (isDifferent && properties.OverwriteExisting === 'false' && !await isHeldByStack(event, contact, deadline)) {
    throw new Failure(`Did not overwrite ${nameOf(contact)}: it is set already, to other values, and overwriteExisting is false. Declare its `
      + 'values as they are, delete it by hand, or set overwriteExisting to true');
  }
  const tookOver = existing !== undefined;
  const physicalId = physicalIdOf({ ...contact, tookOver });
  await account.put(contact, properties).catch((failure: Failure) => {
    if (failure.isUncertain && !tookOver) failure.physicalId = physicalId;
    throw failure;
  });
  return { action: 'put', physicalId };
}

/** The id that a failed event is answered with. A failed Create's is the id of its Delete, which must find nothing unless there is something. */
function failedId(event: CloudFormationCustomResourceEvent, error: unknown): string {
  if (event.RequestType !== 'Create') return event.PhysicalResourceId;
  return (error instanceof Failure && error.physicalId) || `${event.LogicalResourceId}/not-created`;
}

/**
 * Checks the properties once more: tokens were not known at synthesis, and templates can be written by hand.
 *
 * @throws Failure that names what is wrong, without the values
 */
function validProperties(properties: { [property: string]: unknown }): ContactProperties {
  const names = Object.keys(properties).filter(property => !FRAME.includes(property));
  const errors = [
    ...names.filter(property => !Object.hasOwn(RULES, property)).map(property => `${property} is no property of an alternate contact`),
    ...['AlternateContactType', ...CONTACT_VALUES].filter(property => !names.includes(property)).map(property => `${property} is missing`),
    ...names.filter(property => Object.hasOwn(RULES, property)).flatMap(property => {
      const rule = brokenRule(property, properties[property]);
      return rule ? [`${property} must be ${rule}`] : [];
    }),
  ];
  if (errors.length > 0) throw new Failure(`Nothing was changed: ${errors.join('. ')}`);
  return properties as unknown as ContactProperties;
}

/**
 * Deletes the contact that a physical id names, unless it is to stay. ResourceProperties have no say: another resource may own what they mean.
 *
 * @throws Failure
 */
async function deleteContact(event: CloudFormationCustomResourceDeleteEvent, account: AccountManagement, deadline: Deadline): Promise<Outcome> {
  const { PhysicalResourceId: physicalId } = event;
  const contact = contactOf(physicalId);
  if (!contact) return { action: 'nothing', physicalId };
  if (contact.tookOver && await isRollingBack(event.StackId, deadline)) return { action: 'kept', physicalId };
  if (await isHeldByStack(event, contact, deadline)) return { action: 'kept', physicalId };
  await account.delete(contact);
  return { action: 'deleted', physicalId };
}
