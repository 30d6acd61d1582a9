import type { Declaration } from './declaration';

/** Step Functions' limits, in bytes. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const VARIABLE_LIMIT = 256 * 1024;
const DEFINITION_LIMIT = 1024 * 1024;

/**
 * Tells whether a declaration is too large for a definition.
 *
 * @returns what is too large and how much of it fits, or nothing
 */
export function tooLarge({ contacts, rules }: Declaration, definition: string): string[] {
  return [
    ...overflow('overrides', rules.length, JSON.stringify(rules), VARIABLE_LIMIT),
    ...overflow('different contacts', contacts.length, JSON.stringify(contacts), VARIABLE_LIMIT),
    ...overflow('overrides', rules.length, definition, DEFINITION_LIMIT),
  ].slice(0, 1);
}

function overflow(what: string, count: number, json: string, limit: number): string[] {
  const bytes = Buffer.byteLength(json);
  if (bytes <= limit) return [];
  return [`too many ${what}: ${count} take ${bytes} bytes, and Step Functions holds ${limit}, which is about ${Math.floor(count * limit / bytes)} of them. `
    + 'Declare fewer, for organizational units rather than for accounts, or use the same contact for several'];
}
