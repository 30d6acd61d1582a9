import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { dependents, inOrder } from './ordering';
import {
  type Change, type Made, type OperationOptions, optionFor, type Orphan, type Phase, ResourceFailure, type ResourceState, type ResourceType,
} from './resource';
import type { Stack } from './stack';
import type { Properties, ResolvedTemplate } from './template';
import type { Clock } from '../core/clock';

/** The old half of a resource whose physical id changed, or a resource that was removed: what a cleanup deletes. */
interface Leftover {
  readonly state: ResourceState;
  readonly policy: string | undefined;
}

const CLEANUP_ATTEMPTS = 3;
const CANCELLED = { Create: 'Resource creation cancelled', Update: 'Resource update cancelled', Delete: '' };
const NEVER = new AbortController().signal;

/**
 * One operation on a stack, as the phases that CloudFormation puts together to a creation, an update, a rollback or a deletion
 * (see stack-change.ts). What is remembered from phase to phase: what to delete in the cleanup, and what to undo in the rollback.
 */
export class Operation {
  readonly orphans: Orphan[] = [];
  /** The states before the operation touched them, by logical id; `undefined` for those that it created. */
  readonly touched = new Map<string, ResourceState | undefined>();
  private leftovers: Leftover[] = [];
  /** What was updated, or rolled back, and has a cleanup of its own: nested stacks. */
  private unclean: ResourceState[] = [];
  private readonly failedSiblings = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly stack: Stack,
    private readonly types: (type: string) => ResourceType,
    private readonly options: OperationOptions,
    private readonly outside?: AbortSignal,
  ) {
    setMaxListeners(0, NEVER, this.failedSiblings.signal); // one a resource in flight
    outside?.addEventListener('abort', () => this.failedSiblings.abort(outside));
  }

  /** Whether it was not a resource of the stack that failed first, but a sibling of the whole stack. */
  get cancelled(): boolean {
    return this.outside !== undefined && this.failedSiblings.signal.reason === this.outside;
  }

  /** Creates and updates, dependencies first. The first failure cancels what is in flight and keeps the rest from starting. */
  async forward(template: ResolvedTemplate): Promise<boolean> {
    const stop = this.failedSiblings;
    await inOrder([...template.resources.keys()], id => template.dependencies(id), id => this.advance(template, id), () => stop.signal.aborted);
    return !stop.signal.aborted;
  }

  /** After a successful update, what the new template lacks waits for the cleanup. */
  dropMissing(template: ResolvedTemplate): void {
    for (const [logicalId, state] of this.stack.resources) {
      if (!template.resources.has(logicalId)) {
        this.stack.resources.delete(logicalId);
        this.stack.leaving.add(state);
        this.leftovers.push({ state, policy: state.definition.DeletionPolicy });
      }
    }
  }

  /**
   * Undoes an update, dependencies first: every updated resource gets an Update with its OLD properties, on the physical id it
   * has NOW. What answers with yet another id leaves the new one behind for the cleanup; so does what was created.
   * Resources whose update failed or was cancelled are undone too: nobody knows how far it got.
   */
  async undo(previous: ResolvedTemplate): Promise<string[]> {
    this.leftovers = []; // the old physical ids stay
    this.unclean = [];
    const failed: string[] = [];
    for (const [logicalId, before] of this.touched) {
      const state = this.stack.resources.get(logicalId);
      if (!before && state) {
        this.stack.resources.delete(logicalId);
        this.stack.leaving.add(state);
        this.leftovers.push({ state, policy: onCreation(state) });
      }
    }
    await inOrder([...previous.resources.keys()], id => previous.dependencies(id), async logicalId => {
      const state = this.stack.resources.get(logicalId);
      const before = this.touched.get(logicalId);
      if (!state || !before) {
        return;
      }
      const attempted = { ...state };
      Object.assign(state, { definition: before.definition, dependencies: before.dependencies });
      if (JSON.stringify(before.properties) === JSON.stringify(attempted.properties)) {
        if (state.status !== before.status) {
          this.stack.mark(state, 'UPDATE_COMPLETE'); // its update failed before anything was touched
        }
        return;
      }
      this.stack.mark(state, 'UPDATE_IN_PROGRESS');
      try {
        const type = this.types(state.type);
        const change = this.change(state, before.properties, attempted.properties);
        const made = isCustom(state.type) || attempted.physicalId === before.physicalId
          ? await (type.rollBack ? type.rollBack(change) : type.update(change))
          : before as Made; // ordinary resources: the old one still exists and simply counts again
        this.applied(state, before.properties, made);
        this.completed(state, 'Update');
        if (attempted.physicalId !== made.physicalId) {
          this.leftovers.push({ state: attempted, policy: onCreation(attempted) });
        }
      } catch (reason) {
        failed.push(logicalId);
        this.stack.mark(state, 'UPDATE_FAILED', (reason as Error).message);
      }
    });
    return failed;
  }

  /** Deletes what was removed or replaced, dependents first. After three tries a resource is left to itself: nothing fails. */
  async cleanUp(): Promise<void> {
    const tasks = [
      ...this.leftovers.map(({ state, policy }) => ({ state, work: () => this.discard(state, policy) })),
      ...this.unclean.map(state => ({ state, work: () => this.cleanInside(state) })),
    ];
    const ids = tasks.map((_, index) => String(index));
    const byName = (name: string) => ids.filter(id => tasks[Number(id)].state.logicalId === name);
    const dependencies = (id: string) => tasks[Number(id)].state.dependencies.flatMap(byName);
    await inOrder(ids, dependents(ids, dependencies), id => tasks[Number(id)].work());
    this.stack.leaving.clear(); // what was retained is listed until here
  }

  /** Deletes every resource, dependents first; what a resource needs that could not be deleted stays too. */
  async removeAll(policy: (state: ResourceState) => string | undefined): Promise<string[]> {
    const failed = new Set<string>();
    const blocked = new Set<string>();
    const ids = [...this.stack.resources.keys()];
    const state = (id: string) => this.stack.resources.get(id) as ResourceState;
    const before = dependents(ids, id => state(id).dependencies);
    await inOrder(ids, before, async id => {
      if (before(id).some(dependent => failed.has(dependent) || blocked.has(dependent))) {
        blocked.add(id);
        return;
      }
      if (['DELETE_COMPLETE', 'DELETE_SKIPPED'].includes(state(id).status)) {
        return;
      }
      if (keeps(policy(state(id)))) {
        this.stack.mark(state(id), 'DELETE_SKIPPED');
      } else if (!await this.remove(state(id), 1)) {
        failed.add(id);
      }
    });
    return [...failed];
  }

  /** The value of Ref or Fn::GetAtt at this moment. */
  lookup(logicalId: string, attribute?: string): unknown {
    const state = this.stack.resources.get(logicalId);
    if (state?.physicalId === undefined) {
      throw new Error(`Template error: ${logicalId} does not exist`);
    }
    if (attribute === undefined) {
      return state.physicalId;
    }
    if (!(attribute in state.attributes)) {
      throw new Error(`CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${logicalId}`);
    }
    return state.attributes[attribute];
  }

  private async advance(template: ResolvedTemplate, logicalId: string): Promise<void> {
    const definition = template.resources.get(logicalId);
    const known = this.stack.resources.get(logicalId);
    if (!definition) {
      return;
    }
    const dependencies = template.dependencies(logicalId);
    const state: ResourceState = known ?? {
      logicalId,
      type: definition.Type,
      definition,
      dependencies,
      status: '',
      properties: {},
      attributes: {},
      updatedAt: this.clock.now(),
      reached: false,
    };
    const before = known && { ...known };
    let properties: Properties;
    try {
      properties = template.properties(logicalId, (...name) => this.lookup(...name));
    } catch (reason) {
      this.touched.set(logicalId, before);
      this.failed(state, known ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason as Error);
      return;
    }
    Object.assign(state, { definition, dependencies });
    if (known && JSON.stringify(properties) === JSON.stringify(known.properties)) {
      if (before && JSON.stringify(before.definition) !== JSON.stringify(definition)) {
        this.touched.set(logicalId, before);
      }
      return; // unchanged properties: no event, whatever else has changed around it
    }

    this.touched.set(logicalId, before);
    this.stack.resources.set(logicalId, state);
    const phase = known ? 'Update' : 'Create';
    const kind = phase.toUpperCase();
    this.stack.mark(state, `${kind}_IN_PROGRESS`);
    const change = { ...this.change(state, properties, before?.properties), cancelled: this.failedSiblings.signal };
    Object.assign(state, { properties, reached: true });
    try {
      const made = await this.unlessCancelled(phase, change, this.perform(phase, change));
      this.applied(state, properties, made);
      this.completed(state, phase);
      if (before && before.physicalId !== made.physicalId) {
        this.leftovers.push({ state: before, policy: definition.UpdateReplacePolicy });
      }
    } catch (reason) {
      if (reason instanceof ResourceFailure && !before) {
        state.physicalId = reason.physicalId; // Delete will follow, with the id from the FAILED answer
        state.reached = reason.reached;
      } else if (before && reason instanceof ResourceFailure && !reason.reached) {
        state.properties = before.properties; // nobody was asked: nothing to undo
      }
      // A FAILED Update does not replace, whatever id it answers (inferred).
      this.failed(state, `${kind}_FAILED`, reason as Error);
    }
  }

  private failed(state: ResourceState, status: string, reason: Error): void {
    this.stack.resources.set(state.logicalId, state);
    if (status === 'CREATE_FAILED' && state.reached && isCustom(state.type) && state.physicalId === undefined) {
      // The function never told an id, so CloudFormation makes one up.
      state.physicalId = `${this.stack.name}-${state.logicalId}-${randomBytes(6).toString('hex').toUpperCase()}`;
    }
    this.stack.mark(state, status, reason.message);
    this.failedSiblings.abort();
  }

  /** Lets a resource type do its work, unless the test wants an ordinary resource to fail. */
  private async perform(phase: Phase, change: Change): Promise<Made> {
    const type = this.types(change.type);
    if (!isCustom(change.type)) {
      const wanted = optionFor(this.options.fail, change);
      const failure = typeof wanted === 'string' ? { phase: wanted } : wanted;
      const fails = failure?.phase === phase;
      await this.clock.sleep(fails ? failure.afterSeconds ?? 0 : 0);
      if (change.cancelled.aborted) {
        throw new ResourceFailure(CANCELLED[phase], { reached: false });
      }
      if (fails) {
        throw new ResourceFailure(failure.reason ?? `Failed to ${phase.toLowerCase()} as the test wished`, { reached: phase === 'Delete' });
      }
    }
    if (phase === 'Delete') {
      await type.delete(change);
      return { physicalId: '', attributes: {} };
    }
    return phase === 'Create' ? type.create(change) : type.update(change);
  }

  /** CloudFormation does not wait for a custom resource whose sibling has failed. */
  private unlessCancelled(phase: 'Create' | 'Update', change: Change, work: Promise<Made>): Promise<Made> {
    if (!isCustom(change.type)) {
      return work; // quick, and looks at the signal by itself
    }
    const { signal } = this.failedSiblings;
    return new Promise((resolve, reject) => {
      const cancel = () => reject(new Error(CANCELLED[phase]));
      signal.addEventListener('abort', cancel);
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
    });
  }

  private async discard(state: ResourceState, policy: string | undefined): Promise<void> {
    if (keeps(policy)) {
      this.stack.mark(state, 'DELETE_SKIPPED');
      return;
    }
    if (!await this.remove(state, CLEANUP_ATTEMPTS)) {
      this.orphans.push({ logicalId: state.logicalId, physicalId: String(state.physicalId) });
    }
    this.stack.leaving.delete(state);
  }

  private async cleanInside(state: ResourceState): Promise<void> {
    this.stack.mark(state, 'UPDATE_IN_PROGRESS');
    this.orphans.push(...await this.types(state.type).cleanUp?.(this.change(state, state.properties)) ?? []);
    this.stack.mark(state, 'UPDATE_COMPLETE');
  }

  /** Deletes one resource; says whether it is gone. */
  private async remove(state: ResourceState, attempts: number): Promise<boolean> {
    if (state.physicalId === undefined || !state.reached) {
      this.stack.mark(state, 'DELETE_COMPLETE'); // it never came into being
      return true;
    }
    for (let attempt = 1; attempt <= attempts; attempt++) {
      this.stack.mark(state, 'DELETE_IN_PROGRESS');
      try {
        await this.perform('Delete', this.change(state, state.properties));
        this.stack.mark(state, 'DELETE_COMPLETE');
        return true;
      } catch (reason) {
        this.stack.mark(state, 'DELETE_FAILED', (reason as Error).message);
      }
    }
    return false;
  }

  private change(state: ResourceState, properties: Properties, oldProperties?: Properties): Change {
    return {
      ...this.options,
      stack: this.stack,
      logicalId: state.logicalId,
      type: state.type,
      physicalId: state.physicalId,
      properties,
      oldProperties,
      cancelled: NEVER,
      identify: physicalId => {
        state.physicalId = physicalId;
        this.stack.mark(state, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
      },
    };
  }

  private completed(state: ResourceState, phase: 'Create' | 'Update'): void {
    this.stack.mark(state, phase === 'Create' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
    if (phase === 'Update' && this.types(state.type).cleanUp) {
      this.unclean.push(state);
    }
  }

  private applied(state: ResourceState, properties: Properties, made: Made): void {
    Object.assign(state, { properties, physicalId: made.physicalId, attributes: made.attributes, reached: true });
  }
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** The policy that counts when a resource is deleted by the rollback of the operation that created it. */
export function onCreation(state: ResourceState): string | undefined {
  const policy = state.definition.DeletionPolicy;
  return policy === 'RetainExceptOnCreate' ? 'Delete' : policy;
}

function keeps(policy: string | undefined): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}
