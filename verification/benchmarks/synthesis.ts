import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child';
import { profile, Profile, Share } from './profile';
import { Figure, figure, Line, line, median, Point } from './statistics';
import type { Synthesis } from './synthesis-child';
import { shortened } from './template';
import { ALL, ContenderId } from '../contenders/contender';

export interface SynthesisAtSize {
  readonly contacts: number;
  readonly error?: string;
  /** From the start of the process to its end. */
  readonly wallMs?: Figure;
  /** The app's own part: constructs and app.synth(). */
  readonly appMs?: Figure;
  /** The same, as the processors count it: other programs do not disturb it. */
  readonly cpuMs?: Figure;
  readonly constructMs?: Figure;
  readonly synthMs?: Figure;
  readonly loadMs?: Figure;
  readonly maxRssMb?: Figure;
  readonly constructs?: number;
}

export interface SynthesisResult {
  readonly sizes: SynthesisAtSize[];
  /** Milliseconds per contact, by least squares over the medians. */
  readonly wall: Line;
  readonly app: Line;
  readonly cpu: Line;
  /** The slopes of each round, to show how sure they are. */
  readonly appSlopes: Figure;
  readonly cpuSlopes: Figure;
  readonly memory: Line;
}

/** Where the time of one more contact goes, by package: the processor's time at the largest size less that of one contact. */
export async function profileSynthesis(contacts: number, progress: (text: string) => void): Promise<Record<'ours' | 'hand-written', Profile>> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const perContact = async (id: ContenderId): Promise<Profile> => {
      progress(`synthesis: profile of ${id}`);
      let run = 0;
      const at = (size: number) => profile('synthesis-child.js', () => [id, String(size), join(directory, `${id}-${size}-${run += 1}`)], 3);
      const [one, many] = [await at(1), await at(contacts)];
      const share = ({ name, ms }: Share): Share => ({
        name, ms: (ms - (one.packages.find(other => other.name === name)?.ms ?? 0)) / (contacts - 1),
      });
      return { totalMs: (many.totalMs - one.totalMs) / (contacts - 1), packages: many.packages.map(share), functions: many.functions };
    };
    return { 'ours': await perContact('ours'), 'hand-written': await perContact('hand-written') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Run = Synthesis & { readonly wallMs: number };

/** Measures the synthesis of all contenders at all sizes, in turn. */
export async function measureSynthesis(
  sizes: number[], rounds: number, progress: (text: string) => void,
): Promise<Record<ContenderId, SynthesisResult>> {
  const runs = new Map<string, Run[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const size of sizes) {
      for (const id of ALL) {
        progress(`synthesis, ${round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`}: ${size} x ${id}`);
        const run = await synthesizeOnce(id, size);
        if (round >= 0) { runs.set(`${id}/${size}`, [...runs.get(`${id}/${size}`) ?? [], run]); }
      }
    }
  }
  const results = ALL.map(id => [id, summarize(sizes, size => runs.get(`${id}/${size}`) ?? [])]);
  return Object.fromEntries(results) as Record<ContenderId, SynthesisResult>;
}

async function synthesizeOnce(id: ContenderId, contacts: number): Promise<Run> {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { result, wallMs } = await runChild<Synthesis>('synthesis-child.js', [id, String(contacts), outdir]);
    return { ...result, wallMs };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function summarize(sizes: number[], runsOf: (size: number) => Run[]): SynthesisResult {
  const all = sizes.map((contacts): SynthesisAtSize => {
    const runs = runsOf(contacts);
    const error = runs.find(run => run.error)?.error;
    if (error !== undefined) { return { contacts, error: shortened(error) }; }
    const of = (value: (run: Run) => number) => figure(runs.map(value));
    return {
      contacts,
      wallMs: of(run => run.wallMs),
      appMs: of(run => run.constructMs + run.synthMs),
      cpuMs: of(run => run.cpuMs),
      constructMs: of(run => run.constructMs),
      synthMs: of(run => run.synthMs),
      loadMs: of(run => run.loadMs),
      maxRssMb: of(run => run.maxRssBytes / 1e6),
      constructs: median(runs.map(run => run.constructs)),
    };
  });
  const working = all.filter(size => size.error === undefined);
  const fit = (value: (size: SynthesisAtSize) => Figure | undefined) =>
    line(working.map((size): Point => [size.contacts, value(size)?.median ?? NaN]));
  const rounds = Math.min(...working.map(({ contacts }) => runsOf(contacts).length));
  const slopes = (value: (run: Run) => number) => figure(Array.from({ length: rounds }, (_, round) =>
    line(working.map(({ contacts }): Point => [contacts, value(runsOf(contacts)[round])])).slope));
  return {
    sizes: all,
    wall: fit(size => size.wallMs),
    app: fit(size => size.appMs),
    cpu: fit(size => size.cpuMs),
    appSlopes: slopes(run => run.constructMs + run.synthMs),
    cpuSlopes: slopes(run => run.cpuMs),
    memory: fit(size => size.maxRssMb),
  };
}
