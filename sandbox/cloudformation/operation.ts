import { setMaxListeners } from 'node:events';
import {
  type Change, isCustom, type Made, type OperationOptions, optionFor, type Orphan, type Phase, ResourceFailure, type ResourceState, type ResourceType,
} from './resource';
import type { Stack } from './stack';
import type { Properties } from './template';
import type { Clock } from '../core/clock';

/** A resource that a cleanup deletes: it was removed, or replaced and still exists under its old physical id. */
export interface Leftover {
  readonly state: ResourceState;
  readonly policy: string | undefined;
}

export const CANCELLED = { Create: 'Resource creation cancelled', Update: 'Resource update cancelled', Delete: '' };
const NEVER = new AbortController().signal;

/**
 * One operation on one stack. From phase to phase it remembers what the cleanup deletes and what the rollback undoes.
 * The phases are in phases/. stack-change.ts builds a creation, an update, a rollback or a deletion from them.
 */
export class Operation {
  readonly orphans: Orphan[] = [];
  /** The states before the operation touched them, by logical id; `undefined` for those that it created. */
  readonly touched = new Map<string, ResourceState | undefined>();
  leftovers: Leftover[] = [];
  /** Updated or rolled-back resources that need a cleanup inside: nested stacks. */
  unclean: ResourceState[] = [];
  private readonly stop = new AbortController();

  /** @param outside aborted when a sibling of the whole stack fails */
  constructor(
    readonly clock: Clock,
    readonly stack: Stack,
    readonly types: (type: string) => ResourceType,
    private readonly options: OperationOptions,
    private readonly outside?: AbortSignal,
  ) {
    setMaxListeners(0, NEVER, this.stop.signal); // one per resource in flight
    outside?.addEventListener('abort', () => this.stop.abort(outside));
  }

  /** Aborted when a resource of the stack has failed, or a sibling of the whole stack. */
  get stopped(): AbortSignal {
    return this.stop.signal;
  }

  /** Whether a sibling of the whole stack failed before any resource of the stack did. */
  get cancelled(): boolean {
    return this.outside !== undefined && this.stopped.reason === this.outside;
  }

  /** Cancels the work in flight, and keeps the rest from starting. */
  cancel(): void {
    this.stop.abort();
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

  /** Builds the request to a resource type. */
  change(state: ResourceState, properties: Properties, oldProperties?: Properties): Change {
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

  /** Lets the resource type do its work, unless the test makes the resource fail. Custom resources fail by themselves. */
  async perform(phase: Phase, change: Change): Promise<Made> {
    const type = this.types(change.type);
    if (!isCustom(change.type)) {
      const wanted = optionFor(this.options.fail, change);
      const failure = typeof wanted === 'string' ? { phase: wanted } : wanted;
      const fails = failure?.phase === phase;
      await this.clock.sleep(fails ? failure.afterSeconds ?? 0 : optionFor(this.options.seconds, change) ?? 0);
      if (change.cancelled.aborted) {
        throw new ResourceFailure(CANCELLED[phase], { reached: false });
      }
      if (fails) {
        throw new ResourceFailure(failure.reason ?? `Failed to ${phase.toLowerCase()} as the test demands`, { reached: phase === 'Delete' });
      }
    }
    if (phase === 'Delete') {
      await type.delete(change);
      return { physicalId: '', attributes: {} };
    }
    return phase === 'Create' ? type.create(change) : type.update(change);
  }

  /** Remembers the result of a Create or an Update. */
  complete(state: ResourceState, phase: 'Create' | 'Update', properties: Properties, made: Made): void {
    Object.assign(state, { properties, physicalId: made.physicalId, attributes: made.attributes, reached: true });
    this.stack.mark(state, phase === 'Create' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
    if (phase === 'Update' && this.types(state.type).cleanUp) {
      this.unclean.push(state);
    }
  }

  /** Deletes one resource. Returns whether it is gone. */
  async remove(state: ResourceState, attempts: number): Promise<boolean> {
    if (state.physicalId === undefined || !state.reached) {
      this.stack.mark(state, 'DELETE_COMPLETE'); // it was never created
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
}
