/*
 * Exports of the handler's modules, each broken in one way. breaks.ts bundles the handler with one of them in place of the real one. Here, all imports
 * are the real ones.
 */
import { AccountManagement } from '../../lambda/account-management';
import { describeStack, listResources } from '../../lambda/cloudformation';
import type { Deadline } from '../../lambda/deadline';
import { isDenial } from '../../lambda/denial';
import type { awaitedFor } from '../../lambda/event-timing';
import { holdingOf } from '../../lambda/holding';
import { deleteContact } from '../../lambda/lifecycle';
import { patienceFor } from '../../lambda/patience';
import { respond } from '../../lambda/respond';
import type { isRollingBack } from '../../lambda/rollback';
import { isUnanswered } from '../../lambda/sdk-error';
import { pagesOfTree } from '../../lambda/stack-tree';
import { takeOver } from '../../lambda/take-over';
import type { ContactKey, ContactValues } from '../../src/private/contract';

export const deleteByProperties: typeof deleteContact = (event, account, deadline) => {
  const { AccountId = account.ownAccount, AlternateContactType } = event.ResourceProperties;
  return deleteContact({ ...event, PhysicalResourceId: `${AccountId}/${AlternateContactType}` }, account, deadline);
};

export const deleteWhatIsHeld: typeof holdingOf = async (event, contact, deadline) => {
  const holding = await holdingOf(event, contact, deadline);
  return event.RequestType === 'Delete' ? { deleting: holding.deleting } : holding;
};

export const pagesOfOneStack: typeof pagesOfTree = ([stackId], deadline) => pagesOfTree([stackId], deadline);

export const listWithoutNestedStacks: typeof listResources = async (...question) => {
  const { StackResourceSummaries, NextToken } = await listResources(...question);
  return { StackResourceSummaries: StackResourceSummaries?.filter(({ ResourceType }) => ResourceType !== 'AWS::CloudFormation::Stack'), NextToken };
};

export const listFirstPage: typeof listResources = async (...question) => ({ ...await listResources(...question), NextToken: undefined });

export const neverRollingBack: typeof isRollingBack = () => Promise.resolve(false);

export const notRollingBackAfterPut: typeof takeOver = ({ event, ...claim }, account, deadline) =>
  // In a rollback of its stack, only a Create is undone.
  takeOver({ ...claim, event: { ...event, RequestType: 'Update' } as typeof event }, account, deadline);

export const isStackItselfRollingBack: typeof isRollingBack = async (stackId, deadline) => (await describeStack(stackId, deadline)).isUndone;

export class ReadOnce extends AccountManagement {
  public override getPrevious(_contact: ContactKey, _put: ContactValues, known: ContactValues | undefined): Promise<ContactValues | undefined> {
    return Promise.resolve(known);
  }
}

export class NameEveryAccount extends AccountManagement {
  constructor(_ownAccount: string, ...others: [Deadline, typeof noMorePatience]) {
    super('', ...others);
  }
}

export const awaitedForEver: typeof awaitedFor = () => Infinity;

export const noPatienceWhenUnanswered: typeof patienceFor = error => isUnanswered(error) ? 0 : patienceFor(error);

export const noPatienceWhenDenied: typeof patienceFor = error => isDenial(error) ? 0 : patienceFor(error);

export const noMorePatience = () => Promise.resolve(0);

export const respondAndLogEvent: typeof respond = (event, response, deadline) => {
  console.log(JSON.stringify(event));
  return respond(event, response, deadline);
};
