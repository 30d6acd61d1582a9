/** The time kept free for the response, in milliseconds: enough to send it several times. */
const RESPONSE_RESERVE = 10_000;
/** How long one request may take, in milliseconds, and how long when no time is left. */
const REQUEST_TIMEOUT = 15_000;
const LAST_REQUEST_TIMEOUT = 1_000;

/** When the function must be done. */
export class Deadline {
  private readonly end: number;
  private readonly awaitedUntil: number;

  /**
   * @param remaining the function's remaining time in milliseconds
   * @param awaited for how many more milliseconds CloudFormation waits for the response
   */
  constructor(remaining: number, awaited = Infinity) {
    const now = Date.now();
    this.end = now + remaining;
    this.awaitedUntil = now + awaited;
  }

  /** The milliseconds left for calls. */
  public get forCalls(): number {
    return Math.min(this.end, this.awaitedUntil) - RESPONSE_RESERVE - Date.now();
  }

  /** How many milliseconds the next request may take. Even the last one leaves time for the response. */
  public get forRequest(): number {
    return Math.min(REQUEST_TIMEOUT, Math.max(LAST_REQUEST_TIMEOUT, this.forCalls));
  }

  /** The milliseconds left for the response, which CloudFormation may no longer wait for. */
  public get forResponse(): number {
    return this.end - Date.now();
  }

  /** Whether CloudFormation waits until one more request is done. */
  public get isAwaited(): boolean {
    return this.awaitedUntil - Date.now() > LAST_REQUEST_TIMEOUT;
  }

  /** Returns a deadline that leaves at most this many milliseconds for calls. */
  public within(milliseconds: number): Deadline {
    return new Deadline(Math.min(this.forCalls, milliseconds) + RESPONSE_RESERVE, this.awaitedUntil - Date.now());
  }
}
