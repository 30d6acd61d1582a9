import type {
  CloudFormationCustomResourceCreateEvent, CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceUpdateEvent,
} from 'aws-lambda';
import type { AccountManagement } from './account-management';
import type { Deadline } from './deadline';
import { sentAtOf } from './event-timing';
import { FailedCall } from './failure';
import { holdingOf } from './holding';
import { whyOld } from './old-delete';
import { validProperties } from './properties';
import { isRollingBack } from './rollback';
import { takeOver } from './take-over';
import { type ContactKey, type ContactProperties, type ContactValues, isSame, isSameContact, parsePhysicalId } from '../src/private/contract';

/** The outcome of an event. */
export interface Outcome {
  readonly action: 'put' | 'deleted' | 'kept' | 'nothing';
  /** The physical id of the response. */
  readonly physicalId: string;
  /** Why a contact was kept. */
  readonly reason?: string;
}

/**
 * Sets the contact of a new resource.
 *
 * @throws Failure
 */
export async function createContact(
  event: CloudFormationCustomResourceCreateEvent, account: AccountManagement, deadline: Deadline,
): Promise<Outcome> {
  const properties = validProperties(event.ResourceProperties);
  return { action: 'put', physicalId: await takeOver({ event, contact: contactOf(properties, account), properties }, account, deadline) };
}

/**
 * Sets the contact of a resource again, or another one if its properties now name another. CloudFormation later sends a Delete for the old one.
 *
 * @throws Failure
 */
export async function updateContact(
  event: CloudFormationCustomResourceUpdateEvent, account: AccountManagement, deadline: Deadline,
): Promise<Outcome> {
  const { PhysicalResourceId: physicalId } = event;
  const properties = validProperties(event.ResourceProperties);
  const contact = contactOf(properties, account);
  if (!isSameContact(parsePhysicalId(physicalId), contact)) {
    return { action: 'put', physicalId: await takeOver({ event, contact, properties }, account, deadline) };
  }
  return await putOrKeep(contact, properties, account)
    ? { action: 'put', physicalId }
    : { action: 'kept', physicalId, reason: 'The account takes no changes, and has these values already' };
}

/**
 * Deletes the contact that the physical id names, unless it must stay. ResourceProperties don't count: another resource may hold the contact that they
 * name.
 *
 * @throws Failure
 */
export async function deleteContact(
  event: CloudFormationCustomResourceDeleteEvent, account: AccountManagement, deadline: Deadline,
): Promise<Outcome> {
  const { PhysicalResourceId: physicalId } = event;
  const sentAt = sentAtOf(event) ?? Date.now();
  const contact = parsePhysicalId(physicalId);
  if (!contact) { return { action: 'nothing', physicalId }; }
  if (contact.tookOver && await isRollingBack(event.StackId, deadline)) {
    return { action: 'kept', physicalId, reason: 'The deployment that took the contact over is rolled back' };
  }
  const { holder, deleting, own } = await holdingOf(event, contact, deadline);
  if (holder) { return { action: 'kept', physicalId, reason: `${holder} holds the contact` }; }
  const since = await whyOld(event, own, deadline);
  if (since) { return { action: 'kept', physicalId, reason: `The event was delivered again after ${since}` }; }
  await account.delete(contact, deleting, sentAt);
  return { action: 'deleted', physicalId };
}

function contactOf({ AccountId, AlternateContactType }: ContactProperties, { ownAccount }: AccountManagement): ContactKey {
  return { accountId: AccountId ?? ownAccount, alternateContactType: AlternateContactType };
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
