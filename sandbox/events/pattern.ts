/** The event pattern is not valid, or has a filter that the sandbox does not model. */
class InvalidPattern extends Error {}

type Pattern = Record<string, unknown>;

const KNOWN = ['exists', 'prefix', 'suffix', 'anything-but', 'equals-ignore-case'];

/** Throws InvalidPattern. */
export function checkPattern(pattern: unknown, path = 'EventPattern'): void {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new InvalidPattern(`Event pattern is not valid. Reason: ${path} must be an object or an array`);
  }
  for (const [key, value] of Object.entries(pattern)) {
    const where = `${path}.${key}`;
    if (!Array.isArray(value)) {
      checkPattern(value, where);
      continue;
    }
    if (value.length === 0) {
      throw new InvalidPattern(`Event pattern is not valid. Reason: Empty arrays are not allowed at ${where}`);
    }
    for (const filter of value) {
      const names = isObject(filter) ? Object.keys(filter) : [];
      const nested = isObject(filter) && isObject(filter['anything-but']) ? Object.keys(filter['anything-but']) : [];
      if (Array.isArray(filter) || (isObject(filter) && names.length !== 1) || names.some(name => !KNOWN.includes(name))
        || nested.some(name => name !== 'prefix' && name !== 'suffix')) {
        throw new InvalidPattern(`The sandbox does not model this filter at ${where}: ${JSON.stringify(filter)}`);
      }
    }
  }
}

/** Whether an event matches a pattern: each key of the pattern lists a filter that accepts the event's value. */
export function matches(pattern: unknown, event: unknown): boolean {
  return Object.entries(pattern as Pattern).every(([key, value]) => {
    const actual = (isObject(event) ? [event] : Array.isArray(event) ? event.filter(isObject) : []).map(item => item[key]);
    if (Array.isArray(value)) {
      const values = actual.flat().filter(item => item !== undefined);
      return value.some(filter => isObject(filter) && 'exists' in filter
        ? filter.exists === values.some(item => !isObject(item))
        : values.some(item => accepts(filter, item)));
    }
    return actual.length === 0 ? matches(value, undefined) : actual.some(item => matches(value, item));
  });
}

function accepts(filter: unknown, value: unknown): boolean {
  if (!isObject(filter)) {
    return filter === value;
  }
  const [[name, wanted]] = Object.entries(filter);
  switch (name) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(wanted));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(wanted));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(wanted).toLowerCase();
    default: // anything-but: checkPattern accepts no others
      return isObject(wanted) ? !accepts(wanted, value) : ![wanted].flat().includes(value);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
