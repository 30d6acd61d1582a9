/** An error with the name that `Retry` and `Catch` match. Its message is the cause. */
export class StatesError extends Error {
  /** Whether the failed evaluation is already in the history. */
  noted = false;
  /** The Task state that failed, until the state around it has recorded that. */
  failedTask?: string;

  /** @param location the field whose evaluation failed */
  constructor(readonly error: string, cause: string, readonly location?: string) {
    super(cause);
  }

  /**
   * Whether one of the names in `ErrorEquals` matches this error.
   *
   * @param allMeansDataLimit whether States.ALL means States.DataLimitExceeded too
   */
  matches(names: string[], allMeansDataLimit: boolean): boolean {
    switch (this.error) {
      case 'States.Runtime': // no name matches it
        return false;
      case 'States.DataLimitExceeded':
        return names.includes(this.error) || (allMeansDataLimit && names.includes('States.ALL'));
      case 'States.Timeout':
        return names.includes(this.error) || names.includes('States.ALL');
      default:
        return [this.error, 'States.ALL', 'States.TaskFailed'].some(name => names.includes(name));
    }
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
