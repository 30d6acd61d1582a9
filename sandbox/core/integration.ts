import type { Caller } from './caller';

/** A service that state machines call. */
export interface Integration {
  /** The service's name in the ARN of the integration, such as `account`. */
  readonly service: string;
  /** The members that each action takes, in Pascal case. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  /** Answers a call in the region of the state machine. Throws ServiceError. */
  call(action: string, input: Record<string, unknown>, caller: Caller, region: string): Promise<unknown>;
}
