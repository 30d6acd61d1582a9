import { search, shrink, unexplained } from './search';
import { alternateContact } from './systems';

/* The same sequences at every run. `npx projen proof` runs thousands of others, and the contenders. */
const SEED = 20261122;
const SEQUENCES = 200;

test(`${SEQUENCES} sequences of deployments cost no account its contact`, async () => {
  const result = await search(alternateContact, { seed: SEED, numRuns: SEQUENCES });
  const failed = result.found.find(found => unexplained(found).length > 0);
  if (failed) {
    const steps = await shrink(alternateContact, failed.index, SEED);
    throw new Error(`Sequence ${failed.index} fails:\n${unexplained(failed).map(({ fault, step, text }) => `  step ${step}: ${fault}: ${text}`).join('\n')}\n`
      + `Replay it, made shorter, with\n  npx projen proof --replay '${JSON.stringify(steps)}'`);
  }
  expect(result.deployments).toBeGreaterThan(2 * SEQUENCES);
}, 600_000);
