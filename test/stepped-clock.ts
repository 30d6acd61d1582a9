import { Clock } from '../sandbox/core/clock';

/** A clock that stands still from a certain moment on, except where somebody sleeps or moves it on. Code that waits for sockets or processes goes on. */
export class SteppedClock extends Clock {
  private stoppedAt?: number;

  public stop(): void {
    this.stoppedAt ??= Math.ceil(super.now());
  }

  /** Lets some seconds pass on a clock that stands still. */
  public advance(seconds: number): void {
    if (this.stoppedAt === undefined) { throw new Error('The clock still runs'); }
    this.stoppedAt += 1_000 * seconds;
  }

  public override now(): number {
    return this.stoppedAt ?? super.now();
  }

  public override async sleep(seconds: number): Promise<void> {
    if (this.stoppedAt === undefined) { await super.sleep(seconds); } else { this.advance(seconds); }
  }
}
