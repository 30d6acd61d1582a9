import type { Caller } from './caller';

/** A service that state machines call. */
export interface Integration {
  /** As in the resource's ARN: `account`. */
  readonly service: string;
  /** The members that each action takes, in Pascal case. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  /** Answers a call in the region of the state machine. Throws ServiceError. */
  call(action: string, input: Record<string, unknown>, caller: Caller, region: string): Promise<unknown>;
}

/** An error that a service answers with, before Step Functions gives it a name of its own. */
export class ServiceError extends Error {
  constructor(override readonly name: string, message: string, readonly status: number) {
    super(message);
  }
}
