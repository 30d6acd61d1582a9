/** The least number of executions that Lambda keeps for functions that reserve none. */
const MINIMUM_UNRESERVED = 100;

/** The limit of concurrent executions in each account and region, and the executions that functions reserve. */
export class Concurrency {
  /** The highest number of concurrent executions so far, in any account and region. */
  peak = 0;
  private readonly functions = new Map<string, { running: number; reserved?: number }>();

  constructor(private readonly limit: number) {}

  /** Sets or removes ReservedConcurrentExecutions of a function. */
  reserve(arn: string, reserved: number | undefined): void {
    const others = [...this.neighbours(arn)].filter(([name]) => name !== arn).reduce((sum, [, other]) => sum + (other.reserved ?? 0), 0);
    const minimum = Math.min(MINIMUM_UNRESERVED, this.limit);
    if (reserved !== undefined && this.limit - others - reserved < minimum) {
      throw new Error('Specified ReservedConcurrentExecutions for function decreases account\'s UnreservedConcurrentExecution below its minimum '
        + `value of [${minimum}].`);
    }
    this.of(arn).reserved = reserved;
  }

  /** Begins an execution. Returns false if the function is throttled. */
  begin(arn: string): boolean {
    const own = this.of(arn);
    const all = this.neighbours(arn).map(([, state]) => state);
    const unreserved = all.filter(state => state.reserved === undefined).reduce((sum, state) => sum + state.running, 0);
    const kept = all.reduce((sum, state) => sum + (state.reserved ?? 0), 0);
    if (own.reserved === undefined ? unreserved >= this.limit - kept : own.running >= own.reserved) {
      return false;
    }
    own.running += 1;
    this.peak = Math.max(this.peak, all.reduce((sum, state) => sum + state.running, 0));
    return true;
  }

  end(arn: string): void {
    this.of(arn).running -= 1;
  }

  private of(arn: string): { running: number; reserved?: number } {
    const state = this.functions.get(arn) ?? { running: 0 };
    this.functions.set(arn, state);
    return state;
  }

  /** The functions of the same account and region. */
  private neighbours(arn: string): [string, { running: number; reserved?: number }][] {
    const place = (name: string) => name.split(':').slice(3, 5).join();
    return [...this.functions].filter(([name]) => place(name) === place(arn));
  }
}
