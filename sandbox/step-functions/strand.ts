import type { Clock } from '../core/clock';

/** Ends work that is stopped from outside: in a stopped execution, or in a branch whose sibling failed. No state handles it. */
export class Stopped extends Error {}

/** Work that can be stopped from outside, together with all work that it started. */
export class Strand {
  private readonly onStop = new Set<() => void>();
  private stopped = false;
  private readonly leave: () => void;

  constructor(private readonly clock: Clock, parent?: Strand) {
    this.leave = parent?.whenStopped(() => this.stop()) ?? (() => undefined);
  }

  /** Stops the work. A strand whose work is done is stopped, too. */
  stop(): void {
    if (!this.stopped) {
      this.stopped = true;
      this.leave();
      [...this.onStop].forEach(callback => callback());
    }
  }

  /** Calls back when the strand is stopped, unless cancelled with the returned function. */
  whenStopped(callback: () => void): () => void {
    this.mustGoOn();
    this.onStop.add(callback);
    return () => this.onStop.delete(callback);
  }

  mustGoOn(): void {
    if (this.stopped) {
      throw new Stopped();
    }
  }

  wait(seconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = this.whenStopped(() => {
        cancel();
        reject(new Stopped());
      });
      const cancel = this.clock.after(seconds, () => {
        leave();
        resolve();
      });
    });
  }

  /** Waits for some work, unless the strand is stopped first. */
  orStopped<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let leave = () => {};
      void work.then(resolve, reject).finally(() => leave()); // before mustGoOn(), so that a failure of the work is always handled
      leave = this.whenStopped(() => reject(new Stopped()));
    });
  }

  /** Waits for some work, unless it takes too long. */
  first<T>(work: Promise<T>, seconds: number, late: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(seconds, () => reject(late()));
      void work.then(resolve, reject).finally(cancel);
    });
  }

  /** Does several works at once. If one fails, the others are stopped. */
  async all<T>(works: ((strand: Strand) => Promise<T>)[]): Promise<T[]> {
    const inner = new Strand(this.clock, this);
    try {
      return await Promise.all(works.map(work => work(inner)));
    } finally {
      inner.stop();
    }
  }
}
