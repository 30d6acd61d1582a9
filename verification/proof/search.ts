/** Runs many sequences on one system, a few at a time, and counts the findings. */
import { availableParallelism } from 'node:os';
import * as fc from 'fast-check';
import { Sequence, sequences } from './model';
import { Finding, run, SequenceOptions } from './run';
import { System } from './systems';

export interface Found {
  /** The index of the sequence, which is the same again with the same seed. */
  readonly index: number;
  readonly sequence: Sequence;
  readonly findings: Finding[];
}

export interface Search {
  readonly sequences: number;
  /** How many deployments ended in each status. */
  readonly statuses: ReadonlyMap<string, number>;
  /** The sequences with findings, including those that a known limit explains. */
  readonly found: Found[];
}

export async function search(system: System, options: SequenceOptions & { seed: number; numRuns: number }): Promise<Search> {
  const samples = fc.sample(sequences, { seed: options.seed, numRuns: options.numRuns }).entries();
  const found: Found[] = [];
  const statuses = new Map<string, number>();
  const work = async () => {
    // All workers take from the one iterator.
    for (const [index, sequence] of samples) {
      const result = await run(system, sequence, { ...options, seed: index });
      for (const status of result.statuses) { statuses.set(status, (statuses.get(status) ?? 0) + 1); }
      if (result.findings.length > 0) { found.push({ index, sequence, findings: result.findings }); }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  return { sequences: options.numRuns, statuses, found };
}

/** Why a search proves little: nearly everything failed, or nearly nothing did. Undefined if enough deployments succeeded, and enough were rolled back. */
export function weaknessOf({ sequences: count, statuses }: Pick<Search, 'sequences' | 'statuses'>): string | undefined {
  const ended = (pattern: RegExp) => [...statuses].filter(([status]) => pattern.test(status)).reduce((sum, [, times]) => sum + times, 0);
  const succeeded = ended(/^(CREATE|UPDATE|DELETE)_COMPLETE$/);
  const rolledBack = ended(/ROLLBACK_COMPLETE$/);
  return succeeded > count && rolledBack > count / 2 ? undefined
    : `${count} sequences prove little: ${succeeded} deployments succeeded, and ${rolledBack} were rolled back`;
}

/** Reads numbers such as `1,2,3`. A NaN would mean a search of no sequences, which finds nothing. */
export function positiveIntegers(option: string, text: string): number[] {
  return text.split(',').map(number => {
    if (!/^[1-9]\d*$/.test(number)) { throw new Error(`${option} must be positive integers; got ${text}`); }
    return Number(number);
  });
}

/** The findings that no known limit explains. */
export function unexplained({ findings }: { readonly findings: Finding[] }): Finding[] {
  return findings.filter(({ limit }) => !limit);
}

/** Makes a failing sequence as short as possible. */
export async function shrink(system: System, index: number, seed: number): Promise<Sequence> {
  const property = fc.asyncProperty(sequences, async sequence => unexplained(await run(system, sequence, { seed: index })).length === 0);
  const { counterexample } = await fc.check(property, { seed, path: String(index), numRuns: 1, interruptAfterTimeLimit: 60_000 });
  return counterexample?.[0] ?? fc.sample(sequences, { seed, numRuns: index + 1 })[index];
}
