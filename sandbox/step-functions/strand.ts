import type { Clock } from '../core/clock';

/** Thrown inside what was stopped from outside: an execution, or a branch whose sibling failed. Nothing handles it. */
export class Stopped extends Error {}

/** A line of work that can be stopped from outside, together with everything that it started. */
export class Strand {
  private readonly onStop = new Set<() => void>();
  private stopped = false;
  private readonly leave: () => void;

  constructor(private readonly clock: Clock, parent?: Strand) {
    this.leave = parent?.whenStopped(() => this.stop()) ?? (() => undefined);
  }

  /** Stops what is under way. Also ends a strand whose work is done. */
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

  /** The outcome of some work, as long as the strand is not stopped before. */
  orStopped<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let leave = () => {};
      void work.then(resolve, reject).finally(() => leave()); // first of all, lest nobody hears of the work's failure
      leave = this.whenStopped(() => reject(new Stopped()));
    });
  }

  /** The outcome of some work, unless it takes longer than some seconds. */
  first<T>(work: Promise<T>, seconds: number, late: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(seconds, () => reject(late()));
      void work.then(resolve, reject).finally(cancel);
    });
  }

  /** Does several things at once. When one fails, the others are stopped. */
  async all<T>(works: ((strand: Strand) => Promise<T>)[]): Promise<T[]> {
    const inner = new Strand(this.clock, this);
    try {
      return await Promise.all(works.map(work => work(inner)));
    } finally {
      inner.stop();
    }
  }
}
