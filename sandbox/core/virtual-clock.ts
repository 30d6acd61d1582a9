import { Clock } from './clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * A clock that never waits. When nothing is left to do at the present moment, it jumps to the next timer. Hours pass in milliseconds, and the work
 * of the machine takes no simulated time. It supports promises only: code that waits for a socket or a process needs the real `Clock`.
 *
 * It stands still until `until` or `advance` moves it.
 */
export class VirtualClock extends Clock {
  private time: number;
  /** The earliest timer is last, because most new timers are early ones. */
  private readonly pending: Timer[] = [];

  /** @param start the first moment, in milliseconds since 1970 */
  constructor(start = Date.UTC(2026, 0, 1)) {
    super(1);
    this.time = start;
  }

  override now(): number {
    return this.time;
  }

  override after(seconds: number, callback: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(seconds, 0) * 1000, callback };
    let index = this.pending.length;
    while (index > 0 && this.pending[index - 1].at <= timer.at) { // timers of the same moment fire in the order in which they were set
      index--;
    }
    this.pending.splice(index, 0, timer);
    return () => {
      const position = this.pending.indexOf(timer);
      if (position >= 0) {
        this.pending.splice(position, 1);
      }
    };
  }

  /** Lets time pass until the promise settles. Throws if it never will, because no timer is left. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    for (await idle(); !settled; await idle()) {
      if (!this.next(Infinity)) {
        throw new Error('The clock stands still: the promise is pending, but no timer is left');
      }
    }
    return promise;
  }

  /** Lets some seconds pass. */
  async advance(seconds: number): Promise<void> {
    const end = this.time + seconds * 1000;
    do {
      await idle();
    } while (this.next(end));
    this.time = end;
  }

  override close(): void {
    this.pending.length = 0;
  }

  /** Jumps to the next timer that is due by then, and fires it. */
  private next(end: number): boolean {
    const timer = this.pending.at(-1);
    if (timer === undefined || timer.at > end) {
      return false;
    }
    this.pending.pop();
    this.time = timer.at;
    timer.callback();
    return true;
  }
}

/** Resolves after the promises that can settle now have settled. */
function idle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
