import * as fc from 'fast-check';
import { Life, live } from './life';
import { calmLives, lives } from './lives';
import { positiveIntegers } from '../search';

/* The same organizations in every run; LIVES and SEED choose others. A failing life is shrunk for some minutes, not for hours. */
const NUMBER = chosen('LIVES', 40);
const SEED = chosen('SEED', 20261124);
/** A life takes a third of a second, on a slow machine a second. All together may take at least five minutes. */
const LIMIT = Math.max(300_000, NUMBER * 1_000);

test(`in ${NUMBER} generated organizations the last sweep leaves every account as declared, and nothing else is touched`, () => all(lives, NUMBER), 3 * LIMIT);

test('without a schedule, every account is as declared after deployments, rollbacks, creations and moves', () => all(calmLives, Math.ceil(NUMBER / 3)), 3 * LIMIT);

function all(organizations: fc.Arbitrary<Life>, numRuns: number): Promise<void> {
  return fc.assert(fc.asyncProperty(organizations, async life => {
    const problems = await live(life);
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
  }), { numRuns, seed: SEED, interruptAfterTimeLimit: LIMIT, markInterruptAsFailure: true });
}

function chosen(name: 'LIVES' | 'SEED', otherwise: number): number {
  const [number] = positiveIntegers(name, process.env[name] ?? String(otherwise));
  return number;
}
