import { VirtualClock } from '../../sandbox';
import { CONTACT_TYPES } from '../../sandbox/account/contacts';
import { accountBuckets } from '../../sandbox/core/quotas';

/** What people write first: one function that gets each contact, compares it and puts it if it differs. */
export interface LoopResult {
  readonly state: 'drifted' | 'in sync';
  /** How many accounts it works on at once. */
  readonly atOnce: number;
  /** How many accounts it has finished when its time is over. */
  readonly accounts: number;
}

const TIMEOUT_SECONDS = 900;
const CALL_SECONDS = 0.12;
/** What it waits when a call is throttled: so little that it takes each token as soon as there is one, for an upper limit. */
const PAUSE_SECONDS = 0.02;

/**
 * Simulates the loop under the quotas of the sandbox, with the latency that it gives to state machines, until Lambda ends it.
 * Listing the accounts takes no time here, and the whole quota is the function's own: a real one would do less.
 */
export async function simulateLoop(state: LoopResult['state'], atOnce: number): Promise<LoopResult> {
  const clock = new VirtualClock();
  const end = clock.now() + TIMEOUT_SECONDS * 1000;
  const buckets = accountBuckets(clock, { quotas: 'documented' });
  let accounts = 0;
  const call = async (api: string) => {
    while (!buckets.take('organization', api)) {
      await clock.sleep(CALL_SECONDS + PAUSE_SECONDS);
    }
    await clock.sleep(CALL_SECONDS);
  };
  const work = async () => {
    while (clock.now() < end) {
      for (let contact = 0; contact < CONTACT_TYPES.length; contact++) {
        await call('GetAlternateContact');
        if (state === 'drifted') { await call('PutAlternateContact'); }
      }
      accounts += clock.now() <= end ? 1 : 0;
    }
  };
  await clock.until(Promise.all(Array.from({ length: atOnce }, work)));
  return { state, atOnce, accounts };
}
