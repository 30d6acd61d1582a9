import type { Deadline } from './deadline';
import { isLive, pagesOfTree, rootOf } from './stack-tree';

/** For how long an account counts as new, in milliseconds. */
const HOUR = 3_600_000;
/** How much longer a new account is worth waiting for, in milliseconds: AWS says that it may need minutes until it can be accessed. */
const MORE_PATIENCE = 300_000;
/** How long the tree may be searched for the account, in milliseconds. */
const LONGEST_SEARCH = 30_000;

/**
 * Returns for how many more milliseconds a denial that names no cause is worth waiting for: a while if the tree has created the account within the last
 * hour. If it gave up, the deployment would be rolled back around an account that stays, and whose e-mail address is taken.
 */
export async function patienceForNew(accountId: string, stackId: string, deadline: Deadline): Promise<number> {
  const createdAfter = Date.now() - HOUR;
  try {
    for await (const { resources } of pagesOfTree([stackId, rootOf(stackId)], deadline.within(LONGEST_SEARCH))) {
      const isNew = resources.some(row => row.ResourceType === 'AWS::Organizations::Account' && row.PhysicalResourceId === accountId
        && isLive(row) && Number(row.LastUpdatedTimestamp) > createdAfter);
      if (isNew) { return MORE_PATIENCE; }
    }
  } catch {
    // The denial itself says more than that CloudFormation could not be asked.
  }
  return 0;
}
