import { randomBytes, randomUUID } from 'node:crypto';
import { templateOf } from './assembly';
import type { StackRegistry } from './registry';
import { type Change, type Made, type Orphan, ResourceFailure, type ResourceType } from './resource';
import { type Revision, Stack } from './stack';
import { type ChangeContext, revise, StackChange } from './stack-change';
import { ValidationError } from './template';

/**
 * AWS::CloudFormation::Stack. A nested stack is created and updated when its parent reaches it, like any resource. Its cleanup and its rollback
 * are part of its parent's: they wait until the whole tree has succeeded or failed.
 */
export class NestedStack implements ResourceType {
  /** Updates under way, by the id of the nested stack. */
  private readonly updates = new Map<string, StackChange>();

  constructor(private readonly stacks: StackRegistry, private readonly engine: ChangeContext) {}

  async create(change: Change): Promise<Made> {
    const parent = change.stack as Stack;
    const { account, region } = parent;
    const name = nestedName(parent.name, change.logicalId);
    const id = `${parent.id.split('/')[0]}/${name}/${randomUUID()}`;
    const stack = new Stack(this.engine.clock, id, name, account, region, { parent, logicalId: change.logicalId });
    const revision = this.read(change, stack);
    this.stacks.add(stack);
    change.identify(stack.id);
    const creation = new StackChange(this.engine, stack, change, change.cancelled);
    if (!await creation.create(revision)) {
      creation.fail('CREATE_FAILED'); // the rollback of the root deletes what it has created
      throw new ResourceFailure(creation.operation.cancelled ? 'Resource creation cancelled'
        : `Embedded stack ${stack.id} was not successfully created: ${stack.statusReason}`, { physicalId: stack.id });
    }
    return made(stack);
  }

  async update(change: Change): Promise<Made> {
    const stack = this.find(change);
    const revision = this.read(change, stack);
    const update = new StackChange(this.engine, stack, change, change.cancelled);
    this.updates.set(stack.id, update);
    if (!await update.update(revision)) {
      if (change.disableRollback) {
        update.keep();
      } else {
        update.fail('UPDATE_ROLLBACK_IN_PROGRESS'); // it begins when the rollback of its parent reaches it
      }
      throw new ResourceFailure(update.operation.cancelled ? 'Resource update cancelled' : notUpdated(stack));
    }
    return made(stack);
  }

  async rollBack(change: Change): Promise<Made> {
    const stack = this.find(change);
    if (!await this.updateOf(stack).rollBack()) {
      throw new ResourceFailure(notUpdated(stack));
    }
    return made(stack);
  }

  async cleanUp(change: Change): Promise<Orphan[]> {
    const stack = this.find(change);
    const update = this.updateOf(stack);
    await update.cleanUp();
    this.updates.delete(stack.id);
    return update.operation.orphans;
  }

  async delete(change: Change): Promise<void> {
    const stack = this.find(change);
    if (!await new StackChange(this.engine, stack, change).delete()) {
      throw new ResourceFailure(`Embedded stack ${stack.id} was not successfully deleted: ${stack.statusReason}`);
    }
  }

  private find({ stack: { account, region }, physicalId }: Change): Stack {
    return this.stacks.find(String(physicalId), account, region) as Stack;
  }

  private updateOf(stack: Stack): StackChange {
    return this.updates.get(stack.id) as StackChange;
  }

  /** Reads the template. If CloudFormation refuses it, the resource fails before anything changes. */
  private read({ properties, assetDirectory }: Change, stack: Stack): Revision {
    const parameters = Object.entries((properties.Parameters ?? {}) as object).map(([name, value]) => [name, String(value)]);
    try {
      return revise(this.engine, stack, templateOf(String(properties.TemplateURL), assetDirectory), Object.fromEntries(parameters));
    } catch (reason) {
      throw reason instanceof ValidationError ? new ResourceFailure(reason.message, { reached: false }) : reason;
    }
  }
}

/**
 * Names have at most 99 characters. If the parent's name and the logical id do not fit, the logical id is cut first, then the parent's name, to 43
 * characters. So the name of a nested stack may not begin with the whole name of its root. (Names in users' reports: A-04.)
 */
function nestedName(parent: string, logicalId: string): string {
  const suffix = randomBytes(6).toString('hex').toUpperCase();
  const room = 99 - suffix.length - 2;
  const head = parent.slice(0, Math.max(43, room - logicalId.length));
  return `${head}-${logicalId.slice(0, room - head.length)}-${suffix}`;
}

function made({ id, outputs }: Stack): Made {
  return { physicalId: id, attributes: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`Outputs.${name}`, value])) };
}

function notUpdated({ id, status, statusReason }: Stack): string {
  return `Embedded stack ${id} was not successfully updated. Currently in ${status} with reason: ${statusReason}`;
}
