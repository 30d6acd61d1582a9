import { Clock } from './clock';

interface Timer {
  readonly at: number;
  /** Timers of the same moment fire in the order in which they were set. */
  readonly sequence: number;
  /** Undefined when it was cancelled. */
  callback?: () => void;
}

/**
 * A clock that never waits: it jumps to the next timer as soon as nothing is left to do at the present moment. Hours pass in milliseconds, and the
 * machine's own work takes no time at all. It works with promises only: code that waits for a socket or a process needs the real `Clock`.
 *
 * It stands still until `until` or `advance` moves it.
 */
export class VirtualClock extends Clock {
  private time: number;
  private sequence = 0;
  /** A binary heap: the earliest timer is first. */
  private readonly heap: Timer[] = [];

  /** @param start the first moment, in milliseconds since 1970 */
  constructor(start = Date.UTC(2026, 0, 1)) {
    super(1);
    this.time = start;
  }

  override now(): number {
    return this.time;
  }

  override after(seconds: number, callback: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(seconds, 0) * 1000, sequence: this.sequence++, callback };
    this.push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  /** Lets time pass until the promise settles. Throws when it never will, because no timer is left. */
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
    this.heap.length = 0;
  }

  /** Jumps to the next timer that is due by then, and fires it. */
  private next(end: number): boolean {
    for (let timer = this.heap[0]; timer !== undefined && timer.at <= end; timer = this.heap[0]) {
      this.pop();
      if (timer.callback) {
        this.time = timer.at;
        timer.callback();
        return true;
      }
    }
    return false;
  }

  private push(timer: Timer): void {
    let index = this.heap.push(timer) - 1;
    for (let parent = parentOf(index); index > 0 && before(timer, this.heap[parent]); parent = parentOf(index)) {
      this.heap[index] = this.heap[parent];
      index = parent;
    }
    this.heap[index] = timer;
  }

  private pop(): void {
    const last = this.heap.pop() as Timer;
    const size = this.heap.length;
    if (size === 0) {
      return;
    }
    let index = 0;
    for (let child = 1; child < size; child = 2 * index + 1) {
      const smaller = child + 1 < size && before(this.heap[child + 1], this.heap[child]) ? child + 1 : child;
      if (!before(this.heap[smaller], last)) {
        break;
      }
      this.heap[index] = this.heap[smaller];
      index = smaller;
    }
    this.heap[index] = last;
  }
}

function parentOf(index: number): number {
  return Math.floor((index - 1) / 2);
}

function before(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}

/** Resolves when every promise that can go on has gone on. */
function idle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
