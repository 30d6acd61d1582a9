import type { State, States } from './definition';
import { StatesError } from './errors';
import type { Execution } from './execution';
import type { ExecutionHost } from './execution-host';
import type { Bindings } from './expressions';
import type { Strand } from './strand';
import type { Variables } from './variables';

/** Runs states from the first to the last. They see the variables around them. */
export type RunStates = (states: States, input: unknown, outer: Variables | undefined, strand: Strand) => Promise<unknown>;

/** One visit to a state. */
export class Visit {
  /** How often the state was retried. */
  retries = 0;
  private readonly enteredAt: number;

  constructor(
    readonly execution: Execution,
    readonly host: ExecutionHost,
    readonly state: State,
    readonly input: unknown,
    readonly variables: Variables,
    readonly strand: Strand,
    /** Runs the states inside the state. */
    readonly inside: RunStates,
  ) {
    this.enteredAt = host.now();
  }

  /** Does a part of the state, and records how it begins and ends. */
  async recorded<T>(part: string, started: object, work: () => Promise<T>, succeeded: object = {}): Promise<T> {
    this.record(`${part}Started`, () => ({ ...started }));
    try {
      const result = await work();
      this.record(`${part}Succeeded`, () => ({ ...succeeded }));
      return result;
    } catch (reason) {
      if (reason instanceof StatesError) {
        this.record(`${part}Failed`, () => ({ error: reason.error, cause: reason.message }));
      }
      throw reason;
    }
  }

  record(type: string, details: () => Record<string, unknown>): void {
    this.execution.record(type, () => ({ name: this.state.name, ...details() }));
  }

  /** Returns the values that expressions can use. */
  bindings(outcome: { result?: unknown; errorOutput?: unknown } = {}, map?: object): Bindings {
    const { identity, input, startedAt } = this.execution;
    const context = {
      Execution: {
        Id: identity.arn,
        Input: input,
        Name: identity.name,
        RoleArn: identity.roleArn,
        StartTime: new Date(startedAt).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: identity.machineArn, Name: identity.machineName },
      State: { EnteredTime: new Date(this.enteredAt).toISOString(), Name: this.state.name, RetryCount: this.retries },
      ...map && { Map: map },
    };
    return { states: { input: this.input, context, ...outcome }, variables: this.variables.values };
  }
}
