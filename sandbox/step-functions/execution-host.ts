import type { MapState, Task } from './definition';
import type { Execution, MapRun } from './execution';
import type { ExpressionSurroundings } from './expressions';

/** The surroundings of an execution. */
export interface ExecutionHost extends ExpressionSurroundings {
  readonly timings: Timings;
  /** How a tolerated failed child appears in the result of its map. AWS does not document it. */
  readonly failedChildLeaves: 'nothing' | 'null' | 'error';
  /** Calls a service as the state machine's role. Throws ServiceError. */
  call(execution: Execution, task: Task, input: Record<string, unknown>): Promise<unknown>;
  /** Returns why the state machine's role may not start children, or undefined if it may. */
  childRefusal(execution: Execution): string | undefined;
  /** Starts a run of a distributed map. The returned function starts its children. */
  startMapRun(parent: Execution, map: MapState): { readonly run: MapRun; startChild(input: unknown): Execution };
}

export interface Timings {
  /** From a call to its response. */
  readonly callSeconds: number;
  /** From the end of a child of a distributed map to the start of the next. */
  readonly childStartSeconds: number;
}
