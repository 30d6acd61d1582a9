import * as fc from 'fast-check';
import { live } from '../verification/proof/organization/life';
import { lives } from '../verification/proof/organization/lives';
import { search, unexplained, weaknessOf } from '../verification/proof/search';
import { alternateContact } from '../verification/proof/systems';

/*
 * A sample of the proof, so that a broken library fails the unit tests too. `npx projen verify:proof` runs all of it. Of the seeds that were tried, these
 * find the most of the breaks in verification/proof.
 */

test('ten generated sequences of deployments delete no contact that is still declared', async () => {
  const result = await search(alternateContact, { seed: 1, numRuns: 10 });
  expect(result.found.flatMap(unexplained)).toEqual([]);
  // Enough deployments succeed, and enough are rolled back.
  expect(weaknessOf(result)).toBeUndefined();
});

test.each(fc.sample(lives, { seed: 10, numRuns: 5 }))('in generated organization %# the last sweep leaves every account as declared', async life => {
  expect(await live(life)).toEqual([]);
});
