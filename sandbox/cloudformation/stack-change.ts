import { onCreation } from './deletion-policy';
import type { Exports } from './exports';
import { Operation } from './operation';
import { cleanUp, dropMissing } from './phases/cleanup';
import { deleteAll } from './phases/deletion';
import { forward } from './phases/forward';
import { rollBack } from './phases/rollback';
import type { OperationOptions, ResourceState, ResourceType } from './resource';
import type { Revision, Stack } from './stack';
import { ResolvedTemplate, type Template, ValidationError } from './template';
import type { Clock } from '../core/clock';

/** The services that every change of a stack needs. */
export interface ChangeContext {
  readonly clock: Clock;
  readonly types: (type: string) => ResourceType;
  readonly exports: Exports;
}

/** Reads a template for a stack. Throws ValidationError if CloudFormation refuses it. */
export function revise(engine: ChangeContext, stack: Stack, template: Template, parameters: Record<string, string>): Revision {
  const { account, region, name, id } = stack;
  const resolved = new ResolvedTemplate(template, {
    account,
    region,
    stackName: name,
    stackId: id,
    parameters,
    importValue: exported => engine.exports.import(account, region, exported),
  });
  const retyped = [...resolved.resources].filter(([logicalId, { Type }]) => Type !== (stack.resources.get(logicalId)?.type ?? Type));
  if (retyped.length > 0) {
    throw new ValidationError('Update of resource type is not permitted. The new template modifies resource type of the following '
      + `resources: [${retyped.map(([logicalId]) => logicalId).join(', ')}]`);
  }
  return { template, parameters, resolved };
}

/**
 * A creation, an update or a deletion of one stack. It sets the status of the stack before and after each phase of the operation.
 * A root stack goes through its phases in one run (see service.ts). A nested stack waits between them for the rest of its tree
 * (see nested-stack.ts).
 */
export class StackChange {
  readonly operation: Operation;
  private readonly first: number;
  private readonly previous?: Revision;
  private next?: Revision;
  private outputFailure = '';

  /** @param cancelled aborted when a sibling of the nested stack fails */
  constructor(private readonly engine: ChangeContext, private readonly stack: Stack, options: OperationOptions, cancelled?: AbortSignal) {
    this.operation = new Operation(engine.clock, stack, engine.types, options, cancelled);
    this.first = stack.events.length;
    this.previous = stack.revision;
  }

  /** Creates all resources. Returns false if one failed: those that were created still exist. */
  async create(revision: Revision): Promise<boolean> {
    this.stack.revision = revision;
    this.stack.setStatus('CREATE_IN_PROGRESS', 'User Initiated');
    if (!await forward(this.operation, revision.resolved) || !this.setOutputs(revision)) {
      return false;
    }
    this.stack.setStatus('CREATE_COMPLETE');
    return true;
  }

  /** Creates and updates resources. Returns true if the cleanup is due, false if the rollback is. */
  async update(revision: Revision): Promise<boolean> {
    this.next = revision;
    this.stack.updatedAt = this.engine.clock.now();
    this.stack.setStatus('UPDATE_IN_PROGRESS', 'User Initiated');
    if (!await forward(this.operation, revision.resolved) || !this.setOutputs(revision)) {
      return false;
    }
    this.stack.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    return true;
  }

  /** Sets the status of a stack whose creation or update has failed. The reason names cancelled resources too. */
  fail(status: string, note = ''): void {
    const own = this.stack.events.slice(this.first).filter(event => event.stackName === this.stack.name);
    const reasons = [['CREATE_FAILED', 'create'], ['UPDATE_FAILED', 'update']].map(([failure, verb]) => {
      const named = own.filter(event => event.status === failure).map(event => event.logicalId);
      return named.length > 0 ? `The following resource(s) failed to ${verb}: [${named.join(', ')}].` : '';
    });
    this.stack.setStatus(status, [...reasons, this.outputFailure, note].filter(text => text !== '').join(' '));
  }

  /** Leaves a failed update as it is. */
  keep(): void {
    this.stack.revision = this.next;
    this.fail('UPDATE_FAILED');
  }

  /** Rolls an update back. Returns true if the cleanup is due. */
  async rollBack(): Promise<boolean> {
    if (this.stack.status !== 'UPDATE_ROLLBACK_IN_PROGRESS') {
      this.fail('UPDATE_ROLLBACK_IN_PROGRESS');
    }
    this.next = undefined;
    const previous = this.previous as Revision;
    const failed = await rollBack(this.operation, previous.resolved);
    if (failed.length > 0) {
      this.stack.setStatus('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${failed.join(', ')}].`);
      return false;
    }
    this.setOutputs(previous);
    this.stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    return true;
  }

  /** Deletes what an update or its rollback left behind. The stack is complete afterwards, even if a resource could not be deleted. */
  async cleanUp(): Promise<void> {
    if (this.next) {
      dropMissing(this.operation, this.next.resolved);
      this.stack.revision = this.next;
    }
    await cleanUp(this.operation);
    this.stack.setStatus(this.next ? 'UPDATE_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE');
  }

  /** Deletes what a failed creation created. */
  async rollBackCreation(): Promise<void> {
    this.fail('ROLLBACK_IN_PROGRESS', 'Rollback requested by user.');
    await this.deleteAll(onCreation, 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED');
  }

  /** Deletes the stack. Returns whether it is gone. */
  async delete(): Promise<boolean> {
    this.stack.deletedAt = this.engine.clock.now();
    this.stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
    // If the tree is rolling back, this very operation created the stack, so RetainExceptOnCreate does not keep its resources.
    const policy = this.stack.root.status.includes('ROLLBACK') ? onCreation : (state: ResourceState) => state.definition.DeletionPolicy;
    const gone = await this.deleteAll(policy, 'DELETE_COMPLETE', 'DELETE_FAILED');
    if (gone) {
      this.engine.exports.set(this.stack, []);
    }
    return gone;
  }

  private async deleteAll(policy: (state: ResourceState) => string | undefined, complete: string, incomplete: string): Promise<boolean> {
    const failed = await deleteAll(this.operation, policy);
    const gone = failed.length === 0;
    this.stack.setStatus(gone ? complete : incomplete, gone ? undefined : `The following resource(s) failed to delete: [${failed.join(', ')}].`);
    return gone;
  }

  /** Evaluates the outputs, after everything else. One that cannot be evaluated fails the operation as a resource does. */
  private setOutputs({ resolved }: Revision): boolean {
    try {
      this.engine.exports.set(this.stack, resolved.outputs((...name) => this.operation.lookup(...name)));
      return true;
    } catch (reason) {
      this.outputFailure = (reason as Error).message;
      return false;
    }
  }
}
