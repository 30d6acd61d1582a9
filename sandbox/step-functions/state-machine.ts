import { randomUUID } from 'node:crypto';
import type { Machine } from './definition';
import type { Logging } from './execution';

/** A state machine as it is declared. An update that changes any of this makes a new revision. */
export interface StateMachineOptions {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly roleArn: string;
  /** The definition as text. */
  readonly definition: string;
  /** @default - no logging */
  readonly logging?: Logging;
  /** Whether X-Ray tracing is on. @default false */
  readonly tracing?: boolean;
  /** Whether a customer managed key encrypts it. @default false */
  readonly encrypted?: boolean;
}

/** A state machine as it was created, or as an update has made it. */
export interface Revision {
  /** Undefined until the first update that changes something. */
  readonly id?: string;
  readonly options: StateMachineOptions;
  readonly machine: Machine;
  /** When it was created or updated, in sandbox time in milliseconds. */
  readonly at: number;
}

/** Seconds from an update to its effects: both are eventually consistent. */
export interface UpdateDelays {
  /** Until new executions run the new revision. */
  readonly startSeconds: number;
  /** Until DescribeStateMachine shows the new revision. */
  readonly describeSeconds: number;
}

/** A state machine with all its revisions. */
export class StateMachine {
  /** It is being deleted: nothing starts any more, and what runs ends with its next transition. */
  deleting = false;
  private readonly revisions: Revision[] = [];

  constructor(readonly arn: string, private readonly delays: UpdateDelays) {}

  get createdAt(): number {
    return this.revisions[0].at;
  }

  /** Creates or updates it. An update that changes nothing keeps the revision, as recordings of UpdateStateMachine show. */
  put(options: StateMachineOptions, machine: Machine, now: number): void {
    const last = this.revisions.at(-1);
    if (last && JSON.stringify(last.options) === JSON.stringify(options)) {
      return;
    }
    this.revisions.push({ id: last && randomUUID(), options, machine, at: now });
  }

  /** The revision that an execution runs which starts now. */
  started(now: number): Revision {
    return this.after(this.delays.startSeconds, now);
  }

  /** The revision that DescribeStateMachine shows. */
  described(now: number): Revision {
    return this.after(this.delays.describeSeconds, now);
  }

  private after(seconds: number, now: number): Revision {
    return this.revisions.filter(({ at }) => at + seconds * 1000 <= now).at(-1) ?? this.revisions[0];
  }
}
