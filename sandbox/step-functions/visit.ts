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
  /** The id of the event that the state was entered. */
  entered = 0;
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

  /** Does a part of the state, and records how it begins and ends. Without `failed`, its failure is not recorded. */
  async recorded<T>(
    part: string, started: object, work: () => Promise<T>,
    ends: { readonly succeeded?: object; readonly failed?: (reason: StatesError) => object } = {},
  ): Promise<T> {
    this.record(`${part}Started`, () => ({ ...started }));
    try {
      const result = await work();
      this.record(`${part}Succeeded`, () => ({ ...ends.succeeded }));
      return result;
    } catch (reason) {
      if (reason instanceof StatesError) {
        const { failed } = ends;
        if (failed) {
          this.record(`${part}Failed`, () => ({ ...failed(reason) }));
        }
        this.taskAborted(reason);
      }
      throw reason;
    }
  }

  /** Records that the Task inside the state has failed, and with it a branch or an iteration. */
  private taskAborted(reason: StatesError): void {
    const { failedTask } = reason;
    if (failedTask !== undefined) {
      reason.failedTask = undefined;
      this.record('TaskStateAborted', () => ({ name: failedTask }));
    }
  }

  /** Returns the id of the event. */
  record(type: string, details: () => Record<string, unknown>): number {
    return this.execution.record(type, () => ({ name: this.state.name, ...details() }));
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
      State: {
        EnteredTime: new Date(this.enteredAt).toISOString(),
        Name: this.state.name,
        ...['Task', 'Map'].includes(this.state.type) && { RetryCount: this.retries },
      },
      ...map && { Map: map },
    };
    return { states: { input: this.input, context, ...outcome }, variables: this.variables.values };
  }
}
