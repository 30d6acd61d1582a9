import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';
import { partitionOf } from './lambda';
import { onCreation, Operation, type OperationOptions, type Orphan } from './operation';
import type { ResourceType, StackEvent } from './resource';
import { Stack } from './stack';
import { ResolvedTemplate, type Template, ValidationError } from './template';

export interface DeployOptions extends OperationOptions {
  readonly stackName: string;
  readonly template: Template;
  readonly account: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** Parameters without a value keep the previous one, then the default. */
  readonly parameters?: Record<string, string>;
  readonly disableRollback?: boolean;
}

export interface DestroyOptions extends OperationOptions {
  readonly stackName: string;
  readonly account: string;
  readonly region?: string;
}

export interface StackResult {
  readonly stackId: string;
  readonly status: string;
  /** The failed resource's reason; `No updates are to be performed.` for an update without a change. */
  readonly reason?: string;
  /** The events of this operation alone. */
  readonly events: StackEvent[];
  /** What a cleanup could not delete, though the operation succeeded. */
  readonly orphans: Orphan[];
  readonly outputs: Record<string, string>;
}

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/** CloudFormation's engine: creates, updates and deletes stacks, and rolls back. */
export class Stacks {
  /** Also deleted stacks, which are known by their id only. */
  readonly all: Stack[] = [];
  private readonly exported = new Map<string, unknown>();

  constructor(private readonly clock: Clock, private readonly types: (type: string) => ResourceType) {}

  /** The stack of that name, or with that id. */
  find(nameOrId: string, account: string, region: string): Stack | undefined {
    return this.all.find(stack => stack.account === account && stack.region === region
      && (stack.id === nameOrId || (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE')));
  }

  /** Drops a stack that is stuck, as support would: its resources are left to themselves. */
  forget(name: string, account: string, region: string): void {
    const stack = this.find(name, account, region);
    if (stack) {
      this.all.splice(this.all.indexOf(stack), 1);
    }
  }

  async deploy(options: DeployOptions): Promise<StackResult> {
    const { stackName, account, region = 'us-east-1' } = options;
    const known = this.find(stackName, account, region);
    if (known && !UPDATABLE.includes(known.status)) {
      throw new ValidationError(`Stack:${known.id} is in ${known.status} state and can not be updated.`);
    }
    const id = `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${stackName}/${randomUUID()}`;
    const stack = known ?? new Stack(this.clock, id, stackName, account, region);
    const template = JSON.parse(JSON.stringify(options.template)) as Template; // what is changed afterwards is the caller's business
    const parameters = { ...stack.parameters, ...options.parameters };
    const resolved = new ResolvedTemplate(template, {
      account,
      region,
      stackName,
      stackId: stack.id,
      parameters,
      importValue: name => this.importValue(account, region, name),
    });
    if (!known) {
      this.all.push(stack);
      return this.create(stack, template, parameters, resolved, options);
    }
    if (JSON.stringify([stack.template, stack.parameters]) === JSON.stringify([template, parameters])) {
      return { ...this.result(stack, 0), events: [], reason: 'No updates are to be performed.' };
    }
    const retyped = [...resolved.resources].filter(([name, { Type }]) => Type !== (stack.resources.get(name)?.type ?? Type));
    if (retyped.length > 0) {
      throw new ValidationError('Update of resource type is not permitted. The new template modifies resource type of the following '
        + `resources: [${retyped.map(([name]) => name).join(', ')}]`);
    }
    return this.update(stack, template, parameters, resolved, options);
  }

  async destroy(options: DestroyOptions): Promise<StackResult> {
    const stack = this.find(options.stackName, options.account, options.region ?? 'us-east-1');
    if (!stack) {
      return { stackId: '', status: 'DELETE_COMPLETE', events: [], orphans: [], outputs: {} }; // as AWS: success
    }
    if (stack.status.endsWith('_IN_PROGRESS')) {
      throw new ValidationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    }
    const first = stack.events.length;
    const operation = new Operation(this.clock, stack, this.types, options);
    stack.setStatus('DELETE_IN_PROGRESS');
    // Nothing creates or updates here, so RetainExceptOnCreate retains.
    const failed = await operation.removeAll(state => state.definition.DeletionPolicy);
    if (failed.length > 0) {
      stack.setStatus('DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}].`);
    } else {
      this.setOutputs(stack, []);
      stack.setStatus('DELETE_COMPLETE');
    }
    return this.result(stack, first, operation);
  }

  private async create(
    stack: Stack, template: Template, parameters: Record<string, string>, resolved: ResolvedTemplate, options: DeployOptions,
  ): Promise<StackResult> {
    const operation = new Operation(this.clock, stack, this.types, options);
    Object.assign(stack, { template, parameters, resolved });
    stack.setStatus('CREATE_IN_PROGRESS', 'User Initiated');
    if (await operation.forward(resolved) && this.exportOutputs(stack, resolved, operation)) {
      stack.setStatus('CREATE_COMPLETE');
      return this.result(stack, 0, operation);
    }
    const reason = failures(stack, 0);
    if (options.disableRollback) {
      stack.setStatus('CREATE_FAILED', reason);
      return this.result(stack, 0, operation);
    }
    stack.setStatus('ROLLBACK_IN_PROGRESS', `${reason} Rollback requested by user.`);
    const undeleted = await operation.removeAll(onCreation);
    stack.setStatus(undeleted.length > 0 ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE',
      undeleted.length > 0 ? `The following resource(s) failed to delete: [${undeleted.join(', ')}].` : undefined);
    return this.result(stack, 0, operation);
  }

  private async update(
    stack: Stack, template: Template, parameters: Record<string, string>, resolved: ResolvedTemplate, options: DeployOptions,
  ): Promise<StackResult> {
    const first = stack.events.length;
    const operation = new Operation(this.clock, stack, this.types, options);
    const previous = stack.resolved as ResolvedTemplate;
    stack.setStatus('UPDATE_IN_PROGRESS', 'User Initiated');
    if (await operation.forward(resolved) && this.exportOutputs(stack, resolved, operation)) {
      operation.dropMissing(resolved);
      Object.assign(stack, { template, parameters, resolved });
      stack.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      await operation.cleanUp();
      stack.setStatus('UPDATE_COMPLETE'); // whatever became of the cleanup
      return this.result(stack, first, operation);
    }
    const reason = failures(stack, first);
    if (options.disableRollback) {
      Object.assign(stack, { template, parameters, resolved });
      stack.setStatus('UPDATE_FAILED', reason);
      return this.result(stack, first, operation);
    }
    stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const failed = await operation.undo(previous);
    if (failed.length > 0) {
      stack.setStatus('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${failed.join(', ')}].`);
      return this.result(stack, first, operation);
    }
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await operation.cleanUp();
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE');
    return this.result(stack, first, operation);
  }

  /** Outputs are evaluated last; one that cannot be fails the operation like a resource. */
  private exportOutputs(stack: Stack, resolved: ResolvedTemplate, operation: Operation): boolean {
    try {
      this.setOutputs(stack, resolved.outputs((...name) => operation.lookup(...name)));
      return true;
    } catch (reason) {
      stack.setStatus(stack.status, (reason as Error).message);
      return false;
    }
  }

  private setOutputs(stack: Stack, outputs: ReturnType<ResolvedTemplate['outputs']>): void {
    stack.exports.forEach(name => this.exported.delete(name));
    stack.exports = [];
    stack.outputs = Object.fromEntries(outputs.map(({ name, value }) => [name, String(value)]));
    for (const { value, exportName } of outputs) {
      if (exportName !== undefined) {
        const key = `${stack.account}/${stack.region}/${exportName}`;
        this.exported.set(key, value);
        stack.exports.push(key);
      }
    }
  }

  private importValue(account: string, region: string, name: string): unknown {
    const key = `${account}/${region}/${name}`;
    if (!this.exported.has(key)) {
      throw new Error(`No export named ${name} found.`);
    }
    return this.exported.get(key);
  }

  private result(stack: Stack, first: number, operation?: Operation): StackResult {
    const events = stack.events.slice(first);
    const failed = events.find(event => event.status.endsWith('_FAILED') && event.physicalId !== stack.id);
    return {
      stackId: stack.id,
      status: stack.status,
      reason: failed?.reason,
      events,
      orphans: operation?.orphans ?? [],
      outputs: stack.outputs,
    };
  }
}

/** The stack's reason for a rollback; it names cancelled resources too. */
function failures(stack: Stack, first: number): string {
  const events = stack.events.slice(first);
  const named = (status: string) => events.filter(event => event.status === status).map(event => event.logicalId);
  return [['CREATE_FAILED', 'create'], ['UPDATE_FAILED', 'update']]
    .filter(([status]) => named(status).length > 0)
    .map(([status, verb]) => `The following resource(s) failed to ${verb}: [${named(status).join(', ')}].`)
    .join(' ');
}
