/** An error with the name that `Retry` and `Catch` match. Its message is the cause. */
export class StatesError extends Error {
  /** Whether the failed evaluation is already in the history. */
  noted = false;

  constructor(readonly error: string, cause: string) {
    super(cause);
  }

  /** Whether one of the names in `ErrorEquals` matches this error. */
  matches(names: string[]): boolean {
    // No name matches States.Runtime, and only its own name matches States.DataLimitExceeded.
    const wildcards = !['States.Runtime', 'States.DataLimitExceeded'].includes(this.error);
    return this.error !== 'States.Runtime' && names.some(name => name === this.error
      || (wildcards && (name === 'States.ALL' || (name === 'States.TaskFailed' && this.error !== 'States.Timeout'))));
  }
}

/** The definition is not valid, or has a part that the sandbox does not model. The message names the place. */
export class InvalidDefinition extends Error {
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

const MAX_BYTES = 262_144;

/** Refuses data that is too large for Step Functions. Returns its number of bytes. */
export function mustFit(value: unknown, what: string): number {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > MAX_BYTES) {
    throw new StatesError('States.DataLimitExceeded', `${what} has ${bytes} bytes, which exceeds the maximum number of bytes service limit (${MAX_BYTES}).`);
  }
  return bytes;
}
