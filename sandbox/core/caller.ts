import type { IncomingHttpHeaders } from 'node:http';

/** The function or state machine that signed a request. */
export interface Caller {
  readonly account: string;
  readonly partition: string;
  readonly roleName: string;
  readonly functionName: string;
  /** The ARN in error messages: `arn:aws:sts::<account>:assumed-role/<role>/<function>`. */
  readonly arn: string;
}

/** Finds the caller by the headers of its request. Returns undefined if the credentials are unknown. */
export type CallerOf = (headers: IncomingHttpHeaders) => Caller | undefined;
