import { InvalidDefinition } from './errors';
import { isObject, isWhole } from './json-template';

/** A part of a definition, not yet read. */
export type Json = Record<string, unknown>;

/** Refuses fields that the sandbox does not model. */
export function allow(json: Json, fields: string[], path: string): void {
  for (const field of Object.keys(json)) {
    if (!fields.includes(field)) {
      throw new InvalidDefinition(`${path}.${field}`, 'the sandbox does not model this field here');
    }
  }
}

export function object(value: unknown, path: string): Json {
  if (!isObject(value)) {
    throw new InvalidDefinition(path, 'must be an object');
  }
  return value;
}

export function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) {
    throw new InvalidDefinition(path, 'must be an array');
  }
  return value;
}

export function whole(value: unknown, path: string, least = 0): number {
  if (!isWhole(value) || value < least) {
    throw new InvalidDefinition(path, `must be a whole number of at least ${least}`);
  }
  return value;
}
