import { Stopped, Strand } from './strand';
import type { Clock } from '../core/clock';

type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

interface HistoryEvent {
  readonly id: number;
  readonly type: string;
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly details: Record<string, unknown>;
}

export interface Logging {
  readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData: boolean;
  /** The ARN of the log group. */
  readonly logGroupArn?: string;
}

export interface LogEntry extends HistoryEvent {
  readonly executionArn: string;
}

/** The names and the role of an execution. */
export interface Identity {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly account: string;
  readonly region: string;
  readonly roleArn: string;
  /** Whether it is an EXPRESS execution, which lasts at most 5 minutes and keeps no history. */
  readonly express: boolean;
  /** Whether a customer managed key encrypts the state machine. */
  readonly encrypted: boolean;
}

/** One run of a distributed map. */
export interface MapRun {
  readonly arn: string;
  readonly label: string;
  readonly executions: Execution[];
}

interface Outcome {
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

const MAX_EVENTS = 25_000;
const EXPRESS_SECONDS = 300;
const ENDINGS = { SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', TIMED_OUT: 'ExecutionTimedOut', ABORTED: 'ExecutionAborted' };
const LOGGED = { ALL: /./, ERROR: /Failed|TimedOut|Aborted|^FailState/, FATAL: /^Execution(Failed|TimedOut|Aborted)$/, OFF: /^$/ };

/** An execution of a state machine, or a child of a distributed map. */
export class Execution {
  status: Status = 'RUNNING';
  outcome: Outcome = {};
  readonly startedAt: number;
  stoppedAt?: number;
  /** The id of the last event, recorded or not. */
  private lastEvent = 0;
  /** The history of a STANDARD execution. */
  readonly history: HistoryEvent[] = [];
  readonly mapRuns: MapRun[] = [];
  /** The states entered and the retries, for which AWS charges a STANDARD execution. */
  transitions = 0;
  /** The work of the execution, which ends when the strand stops. */
  readonly strand: Strand;
  /** Resolves when the execution has ended. */
  readonly ended: Promise<void>;
  private settle: { resolve: () => void; reject: (defect: unknown) => void } | undefined;
  private readonly cancelTimeout: () => void;

  constructor(
    readonly identity: Identity,
    readonly input: unknown,
    private readonly clock: Clock,
    private readonly logging: Logging,
    private readonly logs: LogEntry[],
    timeoutSeconds?: number,
  ) {
    this.startedAt = clock.now();
    this.strand = new Strand(clock);
    this.ended = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    const limit = Math.min(identity.express ? EXPRESS_SECONDS : Infinity, timeoutSeconds ?? Infinity);
    this.cancelTimeout = limit === Infinity ? () => undefined
      : clock.after(limit, () => this.finish('TIMED_OUT', { error: 'States.Timeout', cause: `The execution ran longer than ${limit} seconds.` }));
  }

  /** Adds an event to the history and to the log, and returns its id. If the history is full, the execution fails. */
  record(type: string, details: () => Record<string, unknown>): number {
    this.strand.mustGoOn();
    if (!this.identity.express && this.history.length >= MAX_EVENTS - 1) {
      this.finish('FAILED', { error: 'States.Runtime', cause: `The execution reached the maximum number of history events (${MAX_EVENTS}).` });
      throw new Stopped();
    }
    return this.write(type, details);
  }

  /** Ends the execution and stops its work. Only the first call has an effect. */
  finish(status: Exclude<Status, 'RUNNING'>, outcome: Outcome): void {
    if (this.status !== 'RUNNING') {
      return;
    }
    this.write(ENDINGS[status], () => ({ ...outcome }));
    Object.assign(this, { status, outcome, stoppedAt: this.clock.now() });
    this.cancelTimeout();
    this.strand.stop();
    this.settle?.resolve();
  }

  /** Makes `ended` reject, because the sandbox itself has a defect. */
  breakDown(defect: unknown): void {
    this.strand.stop();
    this.settle?.reject(defect);
  }

  private write(type: string, details: () => Record<string, unknown>): number {
    const id = ++this.lastEvent;
    const logged = LOGGED[this.logging.level].test(type);
    if (this.identity.express && !logged) {
      return id;
    }
    const event = { id, type, at: this.clock.now(), details: details() };
    if (!this.identity.express) {
      this.history.push(event);
    }
    if (logged) {
      const logDetails = this.logging.includeExecutionData ? event.details : withoutData(event.details);
      this.logs.push({ ...event, executionArn: this.identity.arn, details: logDetails });
    }
    return id;
  }
}

/** Leaves out of an event what a log without execution data leaves out. Errors and causes stay. */
function withoutData({ name, error, cause }: Record<string, unknown>): Record<string, unknown> {
  return { name, error, cause };
}
