import type { Clock } from './clock';
import { generator } from './generator';
import type { HttpReply } from './http';

/** One API call made by a function, as the services saw it. */
export interface Call {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  /** `PutAlternateContact`, `DescribeStacks` ... */
  readonly api: string;
  /** The caller's account, and the function that called. */
  readonly account: string;
  readonly functionName: string;
  /** The account that the call is about: AccountId as given, else the caller's. Account Management only. */
  readonly targetAccount?: string;
  /** AccountId exactly as given; undefined when it was omitted. */
  readonly accountId?: string;
  readonly contactType?: string;
  /** `ok`, the error's name, or the kind of connection fault (`drop-before`, `drop-after`). */
  outcome: string;
}

/**
 * The kinds of faults:
 * - `500`, `429`: the service's own InternalServerException and TooManyRequestsException (CloudFormation: Throttling)
 * - `drop-before`, `drop-after` (`drop` is `drop-before`): the connection is cut before or after the call took effect
 * - `slow`: the call takes `seconds` longer
 * - `error`: `status`, `name` and `message` as given
 */
type FaultKind = '500' | '429' | 'drop' | 'drop-before' | 'drop-after' | 'slow' | 'error';

export interface Fault {
  /** The API, `ResponseURL` for responses to CloudFormation, `*` for every API (not ResponseURL). */
  readonly api: string;
  readonly kind: FaultKind;
  /** @default 1 */
  readonly times?: number;
  readonly status?: number;
  readonly name?: string;
  readonly message?: string;
  readonly seconds?: number;
  /** Further members of the error's body, for `error`: the `fieldList` of a failed validation. */
  readonly members?: object;
  /** @default - every call of the API */
  readonly match?: (call: Call) => boolean;
}

interface RandomFaults {
  readonly seed: number;
  /** The probability that a call fails, or a function of the call. */
  readonly probability: number | ((call: Call) => number);
  readonly kinds: FaultKind[];
  /** @default '*' */
  readonly api?: string;
  /** For `slow`. @default 1 */
  readonly seconds?: number;
}

/** The faults of one sandbox, planned or at random. */
export class Faults {
  private planned: { fault: Fault; left: number }[] = [];
  private random: { options: RandomFaults; next: () => number }[] = [];

  add(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1 });
  }

  /** Faults at random, the same ones for the same seed and the same sequence of calls. */
  addRandom(options: RandomFaults): void {
    this.random.push({ options, next: generator(options.seed) });
  }

  clear(): void {
    this.planned = [];
    this.random = [];
  }

  /** The fault for this call, if any. Planned faults come first, in the order in which they were added. */
  next(call: Call): Fault | undefined {
    const concerns = (api: string) => api === call.api || (api === '*' && call.api !== 'ResponseURL');
    const planned = this.planned.find(({ fault, left }) => left > 0 && concerns(fault.api) && (fault.match?.(call) ?? true));
    if (planned) {
      planned.left--;
      return planned.fault;
    }
    for (const { options, next } of this.random) {
      if (concerns(options.api ?? '*')) {
        const probability = typeof options.probability === 'number' ? options.probability : options.probability(call);
        if (next() < probability) {
          return { api: call.api, kind: options.kinds[Math.floor(next() * options.kinds.length)], seconds: options.seconds };
        }
      }
    }
    return undefined;
  }
}

/** How a service words an error; used for its own errors and for injected ones. */
export type ErrorReply = (status: number, name: string, message: string, members?: object) => HttpReply;

/** Answers a call with `process`, or as the fault says. Sets the outcome of a call that meets a fault; `process` sets it otherwise. */
export async function withFault(
  clock: Clock, call: Call, fault: Fault | undefined, throttling: string, error: ErrorReply, process: () => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  const fail = (status: number, name: string, message: string, members?: object): HttpReply => {
    call.outcome = name;
    return error(status, name, message, members);
  };
  switch (fault?.kind) {
    case '500':
      return fail(500, fault.name ?? 'InternalServerException', fault.message ?? 'An internal error occurred.');
    case '429':
      return fail(fault.status ?? 429, fault.name ?? throttling, fault.message ?? 'Rate exceeded');
    case 'error':
      return fail(fault.status ?? 400, fault.name ?? 'UnknownError', fault.message ?? '', fault.members);
    case 'drop':
    case 'drop-before':
      call.outcome = 'drop-before';
      return 'drop';
    case 'drop-after':
      await process();
      call.outcome = 'drop-after';
      return 'drop';
    case 'slow':
      await clock.sleep(fault.seconds ?? 1);
      return process();
    default:
      return process();
  }
}
