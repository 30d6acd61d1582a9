import { Clock } from '../sandbox/core/clock';

/** A clock that can be stopped. From then on only sleep() and advance() move it; code that waits for sockets or processes continues. */
export class SteppedClock extends Clock {
  private stoppedAt?: number;

  public stop(): void {
    this.stoppedAt ??= Math.ceil(super.now());
  }

  /** Moves the stopped clock by some seconds. */
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
