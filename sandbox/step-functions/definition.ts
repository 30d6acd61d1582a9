import type { JsonTemplate } from './json-template';

/** States that follow each other: those of a machine, of a branch of a Parallel state, or of a Map state's processor. */
export interface States {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Machine extends States {
  readonly timeoutSeconds?: number;
}

export type State = Pass | Task | Choice | Wait | Succeed | Fail | Parallel | MapState;

interface Named {
  readonly name: string;
}

/** How a state ends: the variables that it assigns, its output and the next state. */
export interface Leaving {
  readonly assign?: JsonTemplate;
  readonly output?: JsonTemplate;
  /** Undefined at the end. */
  readonly next?: string;
}

export interface Retrier {
  readonly errorEquals: string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly fullJitter: boolean;
}

export interface Catcher extends Leaving {
  readonly errorEquals: string[];
}

export interface Handling {
  readonly retriers: Retrier[];
  readonly catchers: Catcher[];
}

interface Pass extends Named, Leaving { readonly type: 'Pass' }
interface Wait extends Named, Leaving { readonly type: 'Wait'; readonly seconds: JsonTemplate }
interface Succeed extends Named, Leaving { readonly type: 'Succeed' }
interface Fail extends Named { readonly type: 'Fail'; readonly error?: JsonTemplate; readonly cause?: JsonTemplate }
export interface Choice extends Named, Leaving {
  readonly type: 'Choice';
  readonly rules: readonly (Leaving & { readonly condition: JsonTemplate })[];
}
export interface Task extends Named, Leaving, Handling {
  readonly type: 'Task';
  /** The service's name as in the resource's ARN, and the action in camel case. */
  readonly service: string;
  readonly action: string;
  readonly arguments?: JsonTemplate;
  readonly timeoutSeconds?: number;
}
export interface Parallel extends Named, Leaving, Handling {
  readonly type: 'Parallel';
  readonly arguments?: JsonTemplate;
  readonly branches: States[];
}
export interface MapState extends Named, Leaving, Handling {
  readonly type: 'Map';
  readonly items?: JsonTemplate;
  readonly itemSelector?: JsonTemplate;
  readonly maxConcurrency?: JsonTemplate;
  readonly processor: States;
  /** Undefined in an inline map. */
  readonly distributed?: {
    readonly label: string;
    readonly express: boolean;
    readonly toleratedFailurePercentage?: JsonTemplate;
    readonly toleratedFailureCount?: JsonTemplate;
    readonly maxItemsPerBatch?: JsonTemplate;
  };
}
