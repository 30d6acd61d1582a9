import { keeps } from '../deletion-policy';
import type { Operation } from '../operation';
import { dependents, inOrder } from '../ordering';
import type { ResourceState } from '../resource';

/**
 * Deletes every resource, dependents first, each in one try. If a resource cannot be deleted, those that it depends on stay, too.
 * Returns the logical ids of the resources that could not be deleted.
 *
 * @param policyOf the policy that decides whether a resource is retained
 */
export async function deleteAll(operation: Operation, policyOf: (state: ResourceState) => string | undefined): Promise<string[]> {
  const { stack } = operation;
  const failed = new Set<string>();
  const blocked = new Set<string>();
  const ids = [...stack.resources.keys()];
  const stateOf = (id: string) => stack.resources.get(id) as ResourceState;
  const before = dependents(ids, id => stateOf(id).dependencies);
  await inOrder(ids, before, async id => {
    if (before(id).some(dependent => failed.has(dependent) || blocked.has(dependent))) {
      blocked.add(id);
      return;
    }
    const state = stateOf(id);
    if (['DELETE_COMPLETE', 'DELETE_SKIPPED'].includes(state.status)) {
      return;
    }
    if (keeps(policyOf(state))) {
      stack.mark(state, 'DELETE_SKIPPED');
    } else if (!await operation.remove(state, 1)) {
      failed.add(id);
    }
  });
  return [...failed];
}
