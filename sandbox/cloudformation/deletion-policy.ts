import type { ResourceState } from './resource';

/** The policy that counts when a resource is deleted by the rollback of the operation that created it. */
export function onCreation(state: ResourceState): string | undefined {
  const policy = state.definition.DeletionPolicy;
  return policy === 'RetainExceptOnCreate' ? 'Delete' : policy;
}

/** Whether a resource with this policy is left alone instead of deleted. */
export function keeps(policy: string | undefined): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}
