import type { CloudFormationCustomResourceCreateEvent, CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import type { AccountManagement } from './account-management';
import type { Deadline } from './deadline';
import { sentAtOf } from './event-timing';
import { type FailedCall, FailedCreate, Failure, nameOf } from './failure';
import { holdingOf } from './holding';
import { isRollingBack } from './rollback';
import { type ContactKey, type ContactProperties, type ContactValues, isSame, physicalIdOf, uncertainIdOf } from '../src/private/contract';

/** A contact that a resource declares and does not hold yet. */
interface Claim {
  readonly event: CloudFormationCustomResourceCreateEvent | CloudFormationCustomResourceUpdateEvent;
  readonly contact: ContactKey;
  readonly properties: ContactProperties;
}

/**
 * Sets a contact that the resource does not hold yet, and takes over what the account has in its place, if it may.
 *
 * @returns the physical id with which the resource holds the contact
 * @throws Failure
 */
export async function takeOver(claim: Claim, account: AccountManagement, deadline: Deadline): Promise<string> {
  const { contact, properties } = claim;
  const known = await account.get(contact);
  if (!await mayOverwrite(known, claim, deadline)) { throw refusalOf(contact); }
  await account.put(contact, properties).catch((failure: FailedCall) => {
    throw failure.isUncertain && !known ? new FailedCreate(failure, uncertainIdOf(contact)) : failure;
  });
  const previous = await account.getPrevious(contact, properties, known);
  // Half of the time that is left is kept for undoing the put.
  const undone = await whyUndone(claim, known, previous, deadline.within(deadline.forCalls / 2)).catch((failure: Failure) => failure);
  if (undone) {
    await undo(claim, previous, account);
    throw undone;
  }
  return physicalIdOf({ ...contact, tookOver: previous !== undefined });
}

/**
 * Why what was put must not stay, or undefined if it may: the put has overwritten a contact that must stay, or the deployment is rolled back. When another
 * resource fails, CloudFormation stops waiting for a Create that is under way, and does not know which contact to delete. In a rollback, an Update may be
 * the one that returns to the contact that the resource held before, so it stays.
 *
 * @param known what the read before the put returned
 * @param previous what the account had before the put
 * @throws Failure
 */
async function whyUndone(
  claim: Claim, known: ContactValues | undefined, previous: ContactValues | undefined, deadline: Deadline,
): Promise<Failure | undefined> {
  const { event, contact, properties } = claim;
  if (properties.OverwriteExisting !== 'false' || isSame(previous, properties)) { return undefined; }
  if (!isSame(previous, known) && !await mayOverwrite(previous, claim, deadline)) { return refusalOf(contact); }
  return event.RequestType === 'Create' && await isRollingBack(event.StackId, deadline)
    ? new Failure(`Left ${nameOf(contact)} as it was: the deployment is rolled back, and overwriteExisting is false`) : undefined;
}

/**
 * Whether the resource may replace what the account has. A contact that another resource of the tree holds is the app's own, and passes to this one. In
 * a rollback, an Update returns to the contact that the resource held before. A rollback creates nothing: a Create that arrives then was delivered again.
 *
 * @throws Failure
 */
async function mayOverwrite(existing: ContactValues | undefined, { event, contact, properties }: Claim, deadline: Deadline): Promise<boolean> {
  return properties.OverwriteExisting !== 'false' || existing === undefined || isSame(existing, properties)
    || (await holdingOf(event, contact, deadline)).holder !== undefined
    || (event.RequestType === 'Update' && await isRollingBack(event.StackId, deadline));
}

function refusalOf(contact: ContactKey): Failure {
  return new Failure(`Did not overwrite ${nameOf(contact)}: the account has one with other values, and overwriteExisting is false. Declare `
    + 'the values that it has, delete it by hand, or set overwriteExisting to true');
}

/**
 * Gives the account back what it had before the put, or deletes what was put if it had nothing.
 *
 * @throws Failure that asks the user to restore the contact by hand, or whose Delete will delete it
 */
async function undo({ event, contact }: Claim, previous: ContactValues | undefined, account: AccountManagement): Promise<void> {
  if (previous) {
    await account.put(contact, previous).catch(({ isUncertain, message }: FailedCall) => {
      throw new Failure(`Restore ${nameOf(contact)} by hand: it had other values before this deployment, overwriteExisting is false, and it `
        + `${isUncertain ? 'may have' : 'has'} the declared values now. ${message}`);
    });
  } else {
    // Where one resource of many fails, all others may be undone at once.
    await account.delete(contact, Number(process.env.CONTACTS ?? 1), sentAtOf(event) ?? Date.now())
      .catch((failure: FailedCall) => { throw new FailedCreate(failure, uncertainIdOf(contact)); });
  }
}
