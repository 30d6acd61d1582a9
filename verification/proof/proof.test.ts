import { search, shrink, unexplained, weaknessOf } from './search';
import { alternateContact } from './systems';

/* The same sequences in every run. `npx projen proof` runs thousands of others (5,000 every night), and the contenders. */
const SEED = 20261122;
const SEQUENCES = 100;

test(`${SEQUENCES} generated sequences of deployments delete no declared contact, and break no other rule`, async () => {
  const result = await search(alternateContact, { seed: SEED, numRuns: SEQUENCES });
  const failed = result.found.find(found => unexplained(found).length > 0);
  if (failed) {
    const sequence = await shrink(alternateContact, failed.index, SEED);
    throw new Error(`Sequence ${failed.index} fails:\n${unexplained(failed).map(({ breach, step, text }) => `  step ${step}: ${breach}: ${text}`).join('\n')}\n`
      + `Replay a shortened sequence with\n  npx projen proof --replay '${JSON.stringify(sequence)}'`);
  }
  expect(weaknessOf(result)).toBeUndefined();
});
