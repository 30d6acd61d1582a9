import { search, shrink, unexplained } from './search';
import { alternateContact } from './systems';

/* The same sequences at every run. `npx projen proof` runs thousands of others, and the contenders. */
const SEED = 20261122;
const SEQUENCES = 200;

test(`${SEQUENCES} sequences of deployments cost no account its contact`, async () => {
  const result = await search(alternateContact, { seed: SEED, numRuns: SEQUENCES });
  const failed = result.found.find(found => unexplained(found).length > 0);
  if (failed) {
    const sequence = await shrink(alternateContact, failed.index, SEED);
    throw new Error(`Sequence ${failed.index} fails:\n${unexplained(failed).map(({ breach, step, text }) => `  step ${step}: ${breach}: ${text}`).join('\n')}\n`
      + `Replay it, made shorter, with\n  npx projen proof --replay '${JSON.stringify(sequence)}'`);
  }
  // A proof in which everything fails, or nothing, proves little.
  const count = (pattern: RegExp) => [...result.statuses].filter(([status]) => pattern.test(status)).reduce((sum, [, times]) => sum + times, 0);
  expect(count(/^(CREATE|UPDATE|DELETE)_COMPLETE$/)).toBeGreaterThan(SEQUENCES);
  expect(count(/ROLLBACK_COMPLETE$/)).toBeGreaterThan(SEQUENCES / 2);
}, 600_000);
