import { randomBytes } from 'node:crypto';
import { type Change, type Made, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';

/** A type whose resources are identified by their names. Create and Update do the same, and a new name replaces the resource. */
export function named(name: (change: Change) => string, put: (change: Change, physicalId: string) => Promise<Made> | Made,
  remove: (change: Change, physicalId: string) => Promise<void> | void): ResourceType {
  return {
    create: async change => put(change, name(change)),
    update: async change => put(change, name(change)),
    delete: async change => {
      if (change.physicalId !== undefined) {
        await remove(change, change.physicalId);
      }
    },
  };
}

/** Returns the name in the template, or one that is generated once and kept. */
export function nameOf(change: Change, property: string): string {
  const given = change.properties[property];
  if (given !== undefined) {
    return String(given);
  }
  const generated = change.oldProperties?.[property] === undefined ? change.physicalId : undefined;
  return generated ?? generatedName(change);
}

export function generatedName(change: Change): string {
  const { stack, logicalId } = change;
  return `${stack.name.slice(0, 24)}-${logicalId.slice(0, 24)}-${randomBytes(6).toString('hex').toUpperCase()}`; // at most 64 characters
}

/** Whether a rule or a schedule is enabled. */
export function isEnabled({ State = 'ENABLED' }: Properties): boolean {
  return State === 'ENABLED';
}

/** Refuses properties that the sandbox does not model. */
export function allow(properties: Properties, known: string[]): void {
  const unknown = Object.keys(properties).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new ResourceFailure(`The sandbox does not model the property ${unknown}.`);
  }
}

/** Calls a service. If it throws, the resource fails with that error. */
export function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (reason) {
    throw new ResourceFailure((reason as Error).message);
  }
}
