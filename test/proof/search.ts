/** Runs many sequences on one system, a few at a time, and counts what it finds. */
import { availableParallelism } from 'node:os';
import * as fc from 'fast-check';
import { sequences, Step } from './model';
import { Finding, run } from './run';
import { System } from './systems';

export interface Found {
  /** The number of the sequence, by which it is found again with the same seed. */
  readonly index: number;
  readonly steps: Step[];
  readonly findings: Finding[];
}

export interface Search {
  readonly sequences: number;
  readonly deployments: number;
  readonly calls: number;
  /** Sequences with anything to tell, named corners included. */
  readonly found: Found[];
}

export async function search(system: System, options: { seed: number; numRuns: number; policyDelaySeconds?: number }): Promise<Search> {
  const samples = fc.sample(sequences, { seed: options.seed, numRuns: options.numRuns }).entries();
  const found: Found[] = [];
  let deployments = 0;
  let calls = 0;
  const work = async () => {
    // All workers take from the one iterator.
    for (const [index, steps] of samples) {
      const result = await run(system, steps, { ...options, seed: index });
      deployments += result.deployments;
      calls += result.calls;
      if (result.findings.length > 0) found.push({ index, steps, findings: result.findings });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  return { sequences: options.numRuns, deployments, calls, found };
}

/** What no named limit explains. */
export function unexplained({ findings }: { readonly findings: Finding[] }): Finding[] {
  return findings.filter(({ corner }) => !corner);
}

/** Makes a sequence that fails as short as it can be. */
export async function shrink(system: System, index: number, seed: number): Promise<Step[]> {
  const property = fc.asyncProperty(sequences, async steps => unexplained(await run(system, steps, { seed: index })).length === 0);
  const { counterexample } = await fc.check(property, { seed, path: String(index), numRuns: 1, interruptAfterTimeLimit: 60_000 });
  return counterexample?.[0] ?? fc.sample(sequences, { seed, numRuns: index + 1 })[index];
}
