import type { ResourceState } from './resource';

/** The policy that applies when the operation that created a resource rolls back. */
export function onCreation(state: ResourceState): string | undefined {
  const policy = state.definition.DeletionPolicy;
  return policy === 'RetainExceptOnCreate' ? 'Delete' : policy;
}

/** Whether a resource with this policy is retained instead of deleted. */
export function keeps(policy: string | undefined): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}
