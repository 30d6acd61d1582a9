import * as fc from 'fast-check';
import { Life, live } from './life';
import { calmLives, lives } from './lives';

/* The same organizations at every run; LIVES and SEED choose others. What fails is made smaller for some minutes, and not for hours. */
const NUMBER = Number(process.env.LIVES ?? 40);
const SEED = Number(process.env.SEED ?? 20261124);

test(`in ${NUMBER} generated organizations the last sweep leaves every account as declared, and nothing else is touched`, () => all(lives, NUMBER), 900_000);

test('deployments, rollbacks, new and moved accounts need no schedule', () => all(calmLives, Math.ceil(NUMBER / 3)), 900_000);

function all(organizations: fc.Arbitrary<Life>, numRuns: number): Promise<void> {
  return fc.assert(fc.asyncProperty(organizations, async life => {
    const problems = await live(life);
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
  }), { numRuns, seed: SEED, interruptAfterTimeLimit: 300_000, markInterruptAsFailure: true });
}
