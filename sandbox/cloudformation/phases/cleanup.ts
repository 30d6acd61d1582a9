import { keeps } from '../deletion-policy';
import type { Leftover, Operation } from '../operation';
import { dependents, inOrder } from '../ordering';
import type { ResourceState } from '../resource';
import type { ResolvedTemplate } from '../template';

const ATTEMPTS = 3;

/** Leaves the resources that the new template no longer has to the cleanup. */
export function dropMissing({ stack, leftovers }: Operation, template: ResolvedTemplate): void {
  for (const [logicalId, state] of stack.resources) {
    if (!template.resources.has(logicalId)) {
      stack.resources.delete(logicalId);
      stack.leaving.add(state);
      leftovers.push({ state, policy: state.definition.DeletionPolicy });
    }
  }
}

/** Deletes removed and replaced resources, dependents first. After three failed tries a resource is an orphan, and the operation succeeds. */
export async function cleanUp(operation: Operation): Promise<void> {
  const { leftovers, unclean, stack } = operation;
  const tasks = [
    ...leftovers.map(leftover => ({ state: leftover.state, work: () => discard(operation, leftover) })),
    ...unclean.map(state => ({ state, work: () => cleanInside(operation, state) })),
  ];
  const ids = tasks.map((_, index) => String(index));
  const byName = (name: string) => ids.filter(id => tasks[Number(id)].state.logicalId === name);
  const dependencies = (id: string) => tasks[Number(id)].state.dependencies.flatMap(byName);
  await inOrder(ids, dependents(ids, dependencies), id => tasks[Number(id)].work());
  stack.leaving.clear(); // retained resources are listed until now
}

async function discard(operation: Operation, { state, policy }: Leftover): Promise<void> {
  if (keeps(policy)) {
    operation.stack.mark(state, 'DELETE_SKIPPED');
    return;
  }
  if (!await operation.remove(state, ATTEMPTS)) {
    operation.orphans.push({ logicalId: state.logicalId, physicalId: String(state.physicalId) });
  }
  operation.stack.leaving.delete(state);
}

async function cleanInside(operation: Operation, state: ResourceState): Promise<void> {
  const { stack, types, orphans } = operation;
  stack.mark(state, 'UPDATE_IN_PROGRESS');
  orphans.push(...await types(state.type).cleanUp?.(operation.change(state, state.properties)) ?? []);
  stack.mark(state, 'UPDATE_COMPLETE');
}
