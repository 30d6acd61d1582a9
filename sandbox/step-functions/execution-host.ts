import type { MapState, State, Task } from './definition';
import type { Execution, MapRun } from './execution';
import type { Bindings, ExpressionSurroundings } from './expressions';

/** The surroundings of an execution. */
export interface ExecutionHost extends ExpressionSurroundings {
  readonly timings: Timings;
  /** How a tolerated failed child appears in the result of its map. */
  readonly failedChildLeaves: FailedChildLeaves;
  /** In which states States.ALL means States.DataLimitExceeded. */
  readonly allMeansDataLimit: AllMeansDataLimit;
  /** Whether the EXPRESS children of a map run outlive the end of their parent, as the developer guide says (Map Run status, Aborted). */
  readonly expressChildrenGoOn: boolean;
  /** Is called with every visit that ends without a failure. */
  readonly onLeave?: (visit: LeftVisit) => void;
  /** Whether the state machine is being deleted. */
  deleting(): boolean;
  /** Calls a service as the state machine's role. Throws ServiceError. */
  call(execution: Execution, task: Task, input: Record<string, unknown>): Promise<unknown>;
  /** Returns why the state machine's role may not start children, or undefined if it may. */
  childRefusal(execution: Execution): string | undefined;
  /** Starts a run of a distributed map. The returned function starts its children. */
  startMapRun(parent: Execution, map: MapState): { readonly run: MapRun; startChild(input: unknown): Execution };
}

/** How a visit to a state ended. */
export interface LeftVisit {
  readonly state: State;
  /** What its expressions could use: input, context, and the result or the error. */
  readonly bindings: Bindings;
  /** The variables before those that it assigned. */
  readonly variables: Record<string, unknown>;
  readonly output: unknown;
  /** @default - the last state of its machine, branch or map */
  readonly next?: string;
}

/**
 * The developer guide says `never`: only the name States.DataLimitExceeded catches that error. A recording of 2024-03 shows that States.ALL catches it in
 * a Task; for other states nothing is recorded.
 */
export type AllMeansDataLimit = 'in tasks' | 'always' | 'never';

/**
 * `description`: what DescribeExecution says of the child, with its input and cause, as the developer guide documents ("returns its execution
 * results unchanged", ResultWriter). Its size counts towards the limit of the map's result. The others are what AWS might do instead.
 */
export type FailedChildLeaves = 'description' | 'nothing' | 'null' | 'error';

export interface Timings {
  /** From a call to its response. */
  readonly callSeconds: number;
  /** From the end of a child of a distributed map to the start of the next. */
  readonly childStartSeconds: number;
}
