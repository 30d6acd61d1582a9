/** An error as Step Functions names it: what `Retry` and `Catch` match, and what an execution ends with. The message is the cause. */
export class StatesError extends Error {
  /** Whether the history already has the failed evaluation. */
  noted = false;

  constructor(readonly error: string, cause: string) {
    super(cause);
  }

  /** Whether one of the names in `ErrorEquals` means this error. */
  matches(names: string[]): boolean {
    // States.Runtime cannot be handled at all, States.DataLimitExceeded only by its name.
    const wildcards = !['States.Runtime', 'States.DataLimitExceeded'].includes(this.error);
    return this.error !== 'States.Runtime' && names.some(name => name === this.error
      || (wildcards && (name === 'States.ALL' || (name === 'States.TaskFailed' && this.error !== 'States.Timeout'))));
  }
}

/** The definition is not valid, or uses what the sandbox does not model. Names the place in the definition. */
export class InvalidDefinition extends Error {
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

const MAX_BYTES = 262_144;

/** Refuses data that Step Functions refuses to carry, and says how many bytes it has. */
export function mustFit(value: unknown, what: string): number {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > MAX_BYTES) {
    throw new StatesError('States.DataLimitExceeded', `${what} has ${bytes} bytes, which exceeds the maximum number of bytes service limit (${MAX_BYTES}).`);
  }
  return bytes;
}
