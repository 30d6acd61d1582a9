/** An error as Step Functions names it: what `Retry` and `Catch` match, and what an execution ends with. The message is the cause. */
export class StatesError extends Error {
  /** Whether the history already has the failed evaluation. */
  noted = false;
  /** The Task state that failed, until the state around it has recorded that. */
  failedTask?: string;

  /** @param location the field whose evaluation failed */
  constructor(readonly error: string, cause: string, readonly location?: string) {
    super(cause);
  }

  /**
   * Whether one of the names in `ErrorEquals` means this error.
   *
   * @param allMeansDataLimit whether States.ALL means States.DataLimitExceeded too
   */
  matches(names: string[], allMeansDataLimit: boolean): boolean {
    switch (this.error) {
      case 'States.Runtime': // cannot be handled at all
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
