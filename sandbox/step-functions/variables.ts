import { mustFit, StatesError } from './errors';

const MAX_TOTAL = 10 * 1024 * 1024;

/** The variables of one scope. An inner scope sees the variables of outer scopes, but assigns only its own. */
export class Variables {
  readonly values: Record<string, unknown>;
  private readonly bytes = new Map<string, number>();

  constructor(outer?: Variables) {
    this.values = { ...outer?.values };
  }

  /** Assigns the values of an Assign field. */
  assign(values: Record<string, unknown>, state: string): void {
    mustFit(values, `The Assign field of the state '${state}'`);
    for (const [name, value] of Object.entries(values)) {
      this.values[name] = value;
      this.bytes.set(name, mustFit(value, `The variable ${name}`));
    }
    const total = [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (total > MAX_TOTAL) {
      throw new StatesError('States.DataLimitExceeded', `The variables of the execution have ${total} bytes, more than ${MAX_TOTAL}.`);
    }
  }
}
