/**
 * Sandbox time. It runs `scale` times as fast as real time, so that waits of minutes (IAM propagation, Lambda's retries,
 * CloudFormation's ServiceTimeout) take milliseconds. Everything in the sandbox that waits or measures time uses this clock.
 *
 * The processes of functions compute the same time from the same epoch (see host.cjs). Otherwise the SDK, which compares its clock with the
 * `Date` header of responses, would find its clock skewed and retry calls that it must not retry.
 */
export class Clock {
  /** The real moment, in milliseconds, at which sandbox time and real time were equal. */
  readonly epoch: number;
  private readonly timers = new Set<NodeJS.Timeout>();

  /** @param scale sandbox seconds per real second */
  constructor(readonly scale: number) {
    if (!(scale > 0)) {
      throw new Error(`timeScale must be positive, got ${scale}`);
    }
    this.epoch = realNow();
  }

  /** Sandbox time in milliseconds since 1970. */
  now(): number {
    return this.epoch + (realNow() - this.epoch) * this.scale;
  }

  /** Calls back after some sandbox seconds, unless cancelled with the returned function. */
  after(seconds: number, callback: () => void): () => void {
    // setTimeout takes at most 31 bits of milliseconds. It fires at once if there are more.
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      callback();
    }, Math.min(seconds * 1000 / this.scale, 2 ** 31 - 1));
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
      clearTimeout(timer);
    };
  }

  /** Waits some sandbox seconds. */
  sleep(seconds: number): Promise<void> {
    return new Promise(resolve => this.after(seconds, resolve));
  }

  /** Drops all timers. Code that waits for them waits forever, so close the clock last. */
  close(): void {
    this.timers.forEach(clearTimeout);
    this.timers.clear();
  }
}

/** The real time, more precise than Date.now(): at a scale of 1000, a real millisecond is a sandbox second. */
function realNow(): number {
  return performance.timeOrigin + performance.now();
}
