import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ChildOptions, runChild } from './child';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: number[];
}

interface CpuProfile {
  readonly nodes: ProfileNode[];
  readonly samples: number[];
  readonly timeDeltas: number[];
}

export interface Share {
  readonly name: string;
  readonly ms: number;
}

/** Where the time went: by package, with Node.js's own time counted to the package that asked for it, and by function. */
export interface Profile {
  readonly totalMs: number;
  readonly packages: Share[];
  readonly functions: Share[];
}

/** Runs a compiled file several times under the profiler of V8, and sums up what it sampled. */
export async function profile(file: string, args: () => string[], runs: number, options: ChildOptions = {}): Promise<Profile> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-profile-'));
  try {
    for (let run = 0; run < runs; run += 1) {
      await runChild(file, args(), { ...options, nodeOptions: ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', directory] });
    }
    const profiles = readdirSync(directory).map(name => JSON.parse(readFileSync(join(directory, name), 'utf8')) as CpuProfile);
    const packages = new Map<string, number>();
    const functions = new Map<string, number>();
    profiles.forEach(one => add(one, packages, functions));
    const shares = (of: Map<string, number>) => [...of].map(([name, ms]) => ({ name, ms: ms / runs })).sort((one, other) => other.ms - one.ms);
    const totalMs = [...packages.values()].reduce((sum, ms) => sum + ms, 0) / runs;
    return { totalMs, packages: shares(packages), functions: shares(functions).slice(0, 12) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function add({ nodes, samples, timeDeltas }: CpuProfile, packages: Map<string, number>, functions: Map<string, number>): void {
  const self = new Map<number, number>();
  samples.forEach((id, index) => self.set(id, (self.get(id) ?? 0) + timeDeltas[index] / 1000));
  const byId = new Map(nodes.map(node => [node.id, node]));
  const parents = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node.id] as const)));
  for (const [id, ms] of self) {
    const node = byId.get(id);
    const { functionName = '', url = '', lineNumber = 0 } = node?.callFrame ?? {};
    if (functionName === '(idle)') { continue; }
    let owner: string | undefined;
    for (let at: number | undefined = id; at !== undefined && owner === undefined; at = parents.get(at)) {
      owner = packageOf(byId.get(at)?.callFrame.url ?? '');
    }
    const name = functionName.startsWith('(') ? functionName : owner ?? 'node: start and event loop';
    packages.set(name, (packages.get(name) ?? 0) + ms);
    const file = url.startsWith('node:') ? url.slice(5) : `${basename(url)}:${lineNumber + 1}`;
    const where = `${functionName || '(anonymous)'} ${packageOf(url) ?? 'node'} ${file}`;
    functions.set(where, (functions.get(where) ?? 0) + ms);
  }
}

function packageOf(url: string): string | undefined {
  if (url === '' || url.startsWith('node:')) { return undefined; }
  const found = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (found !== undefined) { return found; }
  return url.includes('-child.js') || url.includes('/contenders/') ? 'the benchmark' : 'the project';
}
