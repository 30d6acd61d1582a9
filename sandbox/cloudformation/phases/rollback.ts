import { onCreation } from '../deletion-policy';
import type { Operation } from '../operation';
import { inOrder } from '../ordering';
import { isCustom, type Made } from '../resource';
import type { ResolvedTemplate } from '../template';

/**
 * Undoes an update, dependencies first. Returns the logical ids of the resources whose rollback failed.
 *
 * Every updated resource gets an Update with its OLD properties, on the physical id that it has NOW. If it responds with yet another id, the cleanup
 * deletes the previous one. The cleanup also deletes what the update created. A resource whose update failed or was cancelled gets an Update, too,
 * because nobody knows how far it got.
 */
export async function rollBack(operation: Operation, previous: ResolvedTemplate): Promise<string[]> {
  const { stack, touched } = operation;
  operation.leftovers = []; // the old physical ids are not deleted
  operation.unclean = [];
  const failed: string[] = [];
  for (const [logicalId, before] of touched) {
    const state = stack.resources.get(logicalId);
    if (!before && state) {
      stack.resources.delete(logicalId);
      stack.leaving.add(state);
      operation.leftovers.push({ state, policy: onCreation(state) });
    }
  }
  await inOrder([...previous.resources.keys()], id => previous.dependencies(id), async logicalId => {
    const state = stack.resources.get(logicalId);
    const before = touched.get(logicalId);
    if (!state || !before) {
      return;
    }
    const attempted = { ...state };
    Object.assign(state, { definition: before.definition, dependencies: before.dependencies });
    if (JSON.stringify(before.properties) === JSON.stringify(attempted.properties)) {
      if (state.status !== before.status) {
        stack.mark(state, 'UPDATE_COMPLETE'); // its update failed before anything changed
      }
      return;
    }
    stack.mark(state, 'UPDATE_IN_PROGRESS');
    try {
      const type = operation.types(state.type);
      const change = operation.change(state, before.properties, attempted.properties);
      const made = isCustom(state.type) || attempted.physicalId === before.physicalId
        ? await (type.rollBack ? type.rollBack(change) : type.update(change))
        : before as Made; // a replaced resource that is not custom: the old one still exists
      operation.complete(state, 'Update', before.properties, made);
      if (attempted.physicalId !== made.physicalId) {
        operation.leftovers.push({ state: attempted, policy: onCreation(attempted) });
      }
    } catch (reason) {
      failed.push(logicalId);
      stack.mark(state, 'UPDATE_FAILED', (reason as Error).message);
    }
  });
  return failed;
}
