import type { CloudFormationCustomResourceCreateEvent, CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import type { AccountManagement } from './account-management';
import type { Deadline } from './deadline';
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
  if (previous && !isSame(previous, known)) {
    // Half of the time that is left is kept for giving the contact back.
    const refusal = await mayOverwrite(previous, claim, deadline.within(deadline.forCalls / 2))
      .then(may => may ? undefined : refusalOf(contact), (failure: Failure) => failure);
    if (refusal) {
      await giveBack(contact, previous, account);
      throw refusal;
    }
  }
  return physicalIdOf({ ...contact, tookOver: previous !== undefined });
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
