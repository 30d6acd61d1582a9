import { generator } from './generator';

/** One API call by a function or a state machine, as the service saw it. */
export interface Call {
  /** Sandbox time in milliseconds. */
  readonly at: number;
  /** `PutAlternateContact`, `DescribeStacks` ... */
  readonly api: string;
  /** The caller's account. */
  readonly account: string;
  /** The function or the state machine that called. */
  readonly functionName: string;
  /** The account that an Account Management call is about: its AccountId, else the caller's account. */
  readonly targetAccount?: string;
  /** The AccountId of the call. */
  readonly accountId?: string;
  readonly contactType?: string;
  /** `ok`, the name of the error, or the kind of connection fault (`drop-before`, `drop-after`). */
  outcome: string;
}

/**
 * The kinds of faults:
 * - `500`, `429`: the service answers with its error for an internal failure, or for throttling
 * - `drop-before`, `drop-after` (`drop` is `drop-before`): the connection is cut before or after the call took effect
 * - `slow`: the call takes `seconds` longer
 * - `error`: the service answers with `status`, `name` and `message`
 */
type FaultKind = '500' | '429' | 'drop' | 'drop-before' | 'drop-after' | 'slow' | 'error';

export interface Fault {
  /** The API, `ResponseURL` for responses to CloudFormation, or `*` for every API except ResponseURL. */
  readonly api: string;
  readonly kind: FaultKind;
  /** @default 1 */
  readonly times?: number;
  readonly status?: number;
  readonly name?: string;
  readonly message?: string;
  readonly seconds?: number;
  /** More members of the error's body, such as the `fieldList` of a failed validation. */
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

  /** Adds random faults: the same ones for the same seed and the same sequence of calls. */
  addRandom(options: RandomFaults): void {
    this.random.push({ options, next: generator(options.seed) });
  }

  clear(): void {
    this.planned = [];
    this.random = [];
  }

  /** Returns the fault for a call, if there is one. Planned faults come first, in the order in which they were added. */
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
