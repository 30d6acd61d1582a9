/**
 * Does the work for every id, each after the ids that come `before` it, independent ones at the same time.
 * Once `stopped` returns true, no more work begins, but work that has begun is waited for.
 */
export async function inOrder(
  ids: string[], before: (id: string) => string[], work: (id: string) => Promise<void>, stopped: () => boolean = () => false,
): Promise<void> {
  const all = new Set(ids);
  const begun = new Map<string, Promise<void>>();
  const run = (id: string): Promise<void> => {
    let promise = begun.get(id);
    if (!promise) {
      promise = Promise.all(before(id).filter(other => all.has(other)).map(run)).then(() => stopped() ? undefined : work(id));
      begun.set(id, promise);
    }
    return promise;
  };
  await Promise.all(ids.map(run));
}

/** Reverses dependencies: returns the ids that depend on an id. */
export function dependents(ids: string[], dependencies: (id: string) => string[]): (id: string) => string[] {
  const result = new Map<string, string[]>(ids.map(id => [id, []]));
  ids.forEach(id => dependencies(id).forEach(dependency => result.get(dependency)?.push(id)));
  return id => result.get(id) ?? [];
}
