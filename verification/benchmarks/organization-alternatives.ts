import { VirtualClock } from '../../sandbox';
import { CONTACT_TYPES } from '../../sandbox/account/contacts';
import { accountBuckets } from '../../sandbox/core/quotas';

/** The first idea of many people: one function that gets each contact, compares it, and puts it if it differs. */
export interface LoopResult {
  readonly state: 'drifted' | 'in sync';
  /** How many accounts it works on at once. */
  readonly atOnce: number;
  /** How many accounts it has finished when its time is over. */
  readonly accounts: number;
}

const TIMEOUT_SECONDS = 900;
const CALL_SECONDS = 0.12;
/** The pause after a throttled call. It is so short that each token is taken as soon as there is one, which makes the result an upper limit. */
const PAUSE_SECONDS = 0.02;

/**
 * Simulates the loop with the sandbox's quotas, and its latency for state machines, until Lambda ends it. A real function would do less: here,
 * listing the accounts takes no time, and nobody else uses the quota.
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
