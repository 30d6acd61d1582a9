import { leastSeconds, Quota } from './quota';
import { Figure, figure } from './statistics';

/** What a function knows when a call of it has been refused. */
export interface Refused {
  /** Refusals in a row. */
  readonly refusals: number;
  /** Seconds since CloudFormation sent the event. */
  readonly age: number;
  /** Seconds since the first attempt of this call. */
  readonly elapsed: number;
  /** Seconds that the event waited for a function. */
  readonly waited: number;
  /** The pause before, in seconds. */
  readonly last: number;
  /** How many contacts are under way, as far as the function knows; else 0. */
  readonly batch: number;
  /** Whether what was refused is a listing of the stack's resources. */
  readonly isListing: boolean;
  readonly random: () => number;
}

/** How long a function pauses before it tries again, in seconds. */
export interface PausePolicy {
  /** Policies of one family differ by the parameter: they are the points of one curve. */
  readonly family: string;
  readonly label: string;
  pause(refused: Refused): number;
}

/** One call, and what it needs a token of. */
export interface QuotaCall {
  readonly quota: Quota;
  /** Whether it asks CloudFormation, and so tells how many contacts are under way. */
  readonly asks?: boolean;
  /** It is given up after so many seconds, and the function goes on without it. Left out: the function fails. */
  readonly within?: number;
}

export interface Batch {
  /** So many functions start at about the same time, for each stack. */
  readonly contacts: number;
  readonly stacks?: number;
  /** What each function calls, in turn. */
  readonly steps: readonly QuotaCall[];
  readonly refusedTakesToken?: boolean;
  /** Whether functions know the batch from the start, at no cost. */
  readonly knowsBatch?: boolean;
  /** The batch as the function finds it when it asks. Left out: those that are under way. */
  readonly statedBatch?: number;
  /** How many functions may run at once. An event that finds none goes back to Lambda's queue, and is tried again after 1 second to 5 minutes. */
  readonly concurrency?: number;
}

export interface PauseResult {
  readonly family: string;
  readonly label: string;
  readonly contacts: number;
  /** Calls of Account Management per contact. */
  readonly calls: Figure;
  /** Calls of CloudFormation per contact. */
  readonly listings: Figure;
  /** Seconds until the last contact is done, to the least that the quota takes; undefined where all fit into the burst. */
  readonly ratio?: Figure;
  readonly seconds: Figure;
  /** Contacts whose function gave up, because its 15 minutes were over or CloudFormation would no longer have waited. */
  readonly failed: Figure;
}

/** Seconds: how long CloudFormation takes to send the events of a batch, what a cold start and what a call take. */
const SENDING = 1;
const COLD_START = 0.4;
const CALL = 0.08;
/** Seconds: for how long a function may run, and CloudFormation waits for it; and what a function keeps for its answer, and for a last pause. */
const TIMEOUT = 900;
const SERVICE_TIMEOUT = 1_200;
const RESERVE = 16;
/** Seconds: the longest time until Lambda tries an event again for which no function was free. */
const LONGEST_BACK_OFF = 300;

/** Simulates a policy with several seeds, without sandbox or clock: a second costs nothing. */
export function simulate({ family, label, pause }: PausePolicy, batch: Batch, seeds = 5): PauseResult {
  const runs = Array.from({ length: seeds }, (_, seed) => runOnce(pause, batch, randomOf(seed + 1)));
  const total = batch.contacts * (batch.stacks ?? 1);
  const least = Math.max(...batch.steps.filter(step => !step.asks).map(({ quota }) => leastSeconds(total, quota)));
  const of = (value: (run: Run) => number) => figure(runs.map(value));
  return {
    family,
    label,
    contacts: batch.contacts,
    calls: of(({ calls }) => calls / total),
    listings: of(({ listings }) => listings / total),
    ...(least > 0 && { ratio: of(({ seconds }) => seconds / least) }),
    seconds: of(({ seconds }) => seconds),
    failed: of(({ failed }) => failed),
  };
}

interface Run {
  readonly calls: number;
  readonly listings: number;
  readonly seconds: number;
  readonly failed: number;
}

function runOnce(
  pause: PausePolicy['pause'],
  { contacts, stacks = 1, steps, refusedTakesToken = false, knowsBatch = false, statedBatch, concurrency = Infinity }: Batch,
  random: () => number,
): Run {
  const agenda = new Agenda();
  // Calls of one API share its bucket.
  const buckets = new Map(steps.map(({ quota }) => [quota, new Bucket(quota, refusedTakesToken)]));
  const live = Array.from({ length: stacks }, () => 0);
  const run = { calls: 0, listings: 0, seconds: 0, failed: 0 };
  let running = 0;
  const around = (mean: number) => mean * (0.5 + random());

  const start = (stack: number, sent: number) => {
    running += 1;
    const waited = agenda.now - sent;
    const end = Math.min(agenda.now + TIMEOUT, sent + SERVICE_TIMEOUT) - RESERVE;
    let [step, refusals, last, batch, first] = [0, 0, 0, 0, 0];
    const finish = (failed: 0 | 1) => {
      live[stack] -= 1;
      running -= 1;
      run.failed += failed;
      if (!failed) { run.seconds = agenda.now; }
    };
    const goOn = () => {
      [step, refusals, last] = [step + 1, 0, 0];
      return step < steps.length ? agenda.after(around(CALL), attempt) : finish(0);
    };
    const attempt = () => {
      const { quota, asks: isListing = false, within } = steps[step];
      if (knowsBatch && batch === 0) { batch = live[stack]; }
      run[isListing ? 'listings' : 'calls'] += 1;
      if (buckets.get(quota)?.take(agenda.now)) {
        if (isListing) { batch = statedBatch ?? live[stack]; }
        return goOn();
      }
      if (refusals === 0) { first = agenda.now; }
      refusals += 1;
      const elapsed = agenda.now - first;
      if (within !== undefined && elapsed >= within - RESERVE) { return goOn(); }
      if (agenda.now >= end) { return finish(1); }
      last = Math.min(pause({ refusals, age: agenda.now - sent, elapsed, waited, last, batch, isListing, random }), end + RESERVE - agenda.now);
      return agenda.after(last + around(CALL), attempt);
    };
    // Nobody waits for what left the queue too late.
    agenda.after(around(COLD_START), () => agenda.now < sent + SERVICE_TIMEOUT ? attempt() : finish(1));
  };
  /** Documented: again and again, at intervals that grow from a second to five minutes. */
  const invoke = (stack: number, sent: number, refusals = 0) => {
    if (running < concurrency) {
      start(stack, sent);
    } else {
      agenda.after(Math.min(LONGEST_BACK_OFF, 2 ** refusals * (1 + random())), () => invoke(stack, sent, refusals + 1));
    }
  };
  for (let index = 0; index < contacts * stacks; index += 1) {
    const sent = SENDING * random();
    agenda.after(sent, () => {
      const stack = index % stacks;
      live[stack] += 1;
      invoke(stack, sent);
    });
  }
  agenda.run();
  return run;
}

class Bucket {
  private tokens: number;
  private at = 0;

  constructor(private readonly quota: Quota, private readonly refusedTakesToken: boolean) {
    this.tokens = quota.burst;
  }

  take(now: number): boolean {
    this.tokens = Math.min(this.quota.burst, this.tokens + (now - this.at) * this.quota.rate);
    this.at = now;
    const granted = this.tokens >= 1;
    this.tokens = granted ? this.tokens - 1 : this.refusedTakesToken ? 0 : this.tokens;
    return granted;
  }
}

/** What is to happen, soonest first: a binary heap. */
class Agenda {
  now = 0;
  private readonly entries: { at: number; act: () => void }[] = [];

  after(seconds: number, act: () => void): void {
    const { entries } = this;
    const entry = { at: this.now + seconds, act };
    let index = entries.push(entry) - 1;
    for (let parent = parentOf(index); index > 0 && entries[parent].at > entry.at; index = parent, parent = parentOf(index)) {
      entries[index] = entries[parent];
    }
    entries[index] = entry;
  }

  run(): void {
    for (let next = this.soonest(); next; next = this.soonest()) {
      this.now = next.at;
      next.act();
    }
  }

  private soonest() {
    const { entries } = this;
    const [first] = entries;
    const last = entries.pop();
    if (!last || last === first) { return last; }
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = right < entries.length && entries[right].at < entries[left].at ? right : left;
      if (child >= entries.length || entries[child].at >= last.at) { break; }
      entries[index] = entries[child];
      index = child;
    }
    entries[index] = last;
    return first;
  }
}

function parentOf(index: number): number {
  return Math.floor((index - 1) / 2);
}

/** Numbers from 0 to 1 that are the same in every run of the benchmarks (Lehmer's generator). */
function randomOf(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = seed * 69_621 % modulus;
  return () => {
    state = state * 48_271 % modulus;
    return state / modulus;
  };
}
