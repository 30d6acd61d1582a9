import { randomUUID } from 'node:crypto';
import { Exports } from './exports';
import { NestedStack } from './nested-stack';
import type { StackRegistry } from './registry';
import type { OperationOptions, Orphan, ResourceType, StackEvent } from './resource';
import { type Revision, Stack } from './stack';
import { type ChangeContext, revise, StackChange } from './stack-change';
import { type Template, ValidationError } from './template';
import type { Clock } from '../core/clock';
import { partitionOf } from '../core/endpoints';

export interface DeployOptions extends OperationOptions {
  readonly stackName: string;
  readonly template: Template;
  readonly account: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** A parameter that is left out takes the template's default, in an update too. */
  readonly parameters?: Record<string, string>;
  /** The parameters that keep their previous value (`UsePreviousValue`), as those that the CDK CLI is not given. @default - none */
  readonly previousParameters?: string[];
}

export interface DestroyOptions extends OperationOptions {
  readonly stackName: string;
  readonly account: string;
  readonly region?: string;
}

export interface StackResult {
  readonly stackId: string;
  readonly status: string;
  /** The reason of the resource that failed first; `No updates are to be performed.` for an update that changes nothing. */
  readonly reason?: string;
  /** The events of this operation, also those in nested stacks. */
  readonly events: StackEvent[];
  /** The resources that a cleanup could not delete. The operation succeeds all the same. */
  readonly orphans: Orphan[];
  readonly outputs: Record<string, string>;
}

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/** CloudFormation's calls: they create, update and delete stacks. */
export class CloudFormation {
  private readonly engine: ChangeContext;

  constructor(
    private readonly clock: Clock, private readonly stacks: StackRegistry, types: (type: string) => ResourceType,
    private readonly onStatus: (stack: Stack) => void,
  ) {
    this.engine = { clock, exports: new Exports(), types: type => type === 'AWS::CloudFormation::Stack' ? nested : types(type) };
    const nested = new NestedStack(stacks, this.engine);
  }

  /** Creates or updates a stack. Throws ValidationError if CloudFormation refuses the call. */
  async deploy(options: DeployOptions): Promise<StackResult> {
    const { stackName, account, region = 'us-east-1' } = options;
    const known = this.stacks.find(stackName, account, region);
    if (known && !UPDATABLE.includes(known.status)) {
      throw new ValidationError(`Stack:${known.id} is in ${known.status} state and can not be updated.`);
    }
    const id = `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${stackName}/${randomUUID()}`;
    const stack = known ?? new Stack(this.clock, id, stackName, account, region);
    stack.onStatus = this.onStatus;
    const template = JSON.parse(JSON.stringify(options.template)) as Template; // a copy, because the caller may change the original
    const previous = stack.revision;
    const revision = revise(this.engine, stack, template, { ...keep(previous, options.previousParameters), ...options.parameters });
    const first = stack.events.length;
    const same = (one: Revision) => JSON.stringify([one.template, one.parameters]);
    if (previous && same(previous) === same(revision)) {
      return { ...this.result(stack, first), reason: 'No updates are to be performed.' };
    }
    if (!known) {
      this.stacks.add(stack);
    }
    const change = new StackChange(this.engine, stack, options);
    await (known ? this.update(change, revision, options) : this.create(change, revision, options));
    return this.result(stack, first, change.operation.orphans);
  }

  async destroy(options: DestroyOptions): Promise<StackResult> {
    const stack = this.stacks.find(options.stackName, options.account, options.region ?? 'us-east-1');
    if (!stack) {
      return { stackId: '', status: 'DELETE_COMPLETE', events: [], orphans: [], outputs: {} }; // AWS calls it a success, too
    }
    if (stack.status.endsWith('_IN_PROGRESS')) {
      throw new ValidationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    }
    const first = stack.events.length;
    await new StackChange(this.engine, stack, options).delete();
    return this.result(stack, first);
  }

  private async create(change: StackChange, revision: Revision, { disableRollback }: DeployOptions): Promise<void> {
    if (await change.create(revision)) {
      return;
    }
    if (disableRollback) {
      change.fail('CREATE_FAILED');
    } else {
      await change.rollBackCreation();
    }
  }

  private async update(change: StackChange, revision: Revision, { disableRollback }: DeployOptions): Promise<void> {
    const succeeded = await change.update(revision);
    if (!succeeded && disableRollback) {
      change.keep();
    } else if (succeeded || await change.rollBack()) {
      await change.cleanUp();
    }
  }

  private result(stack: Stack, first: number, orphans: Orphan[] = []): StackResult {
    const events = stack.events.slice(first);
    const failed = events.find(event => event.status.endsWith('_FAILED') && event.physicalId !== stack.id);
    return { stackId: stack.id, status: stack.status, reason: failed?.reason, events, orphans, outputs: stack.outputs };
  }
}

/** The previous values of parameters. Throws ValidationError. */
function keep(previous: Revision | undefined, names: string[] = []): Record<string, string> {
  return Object.fromEntries(names.map(name => {
    const value = previous?.resolved.parametersGiven().get(name);
    if (value === undefined) {
      throw new ValidationError(`Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`);
    }
    return [name, value];
  }));
}
