import { randomBytes } from 'node:crypto';
import { type Change, type Made, ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';

/** Create and update are the same act on a named thing; another name is another thing. */
export function named(name: (change: Change) => string, put: (change: Change, physicalId: string) => Promise<Made> | Made,
  remove: (change: Change, physicalId: string) => void): ResourceType {
  return {
    create: async change => put(change, name(change)),
    update: async change => put(change, name(change)),
    delete: async change => {
      if (change.physicalId !== undefined) {
        remove(change, change.physicalId);
      }
    },
  };
}

/** The name given in the template, or one that is generated once and kept. */
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

/** Whether a rule or a schedule is turned on. */
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

/** What a service refuses fails the resource. */
export function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (reason) {
    throw new ResourceFailure((reason as Error).message);
  }
}
