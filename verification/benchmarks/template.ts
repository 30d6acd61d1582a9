import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refusalOf } from './capacity';
import { runChild } from './child';
import { line, Line } from './statistics';
import type { SynthesisOptions } from './synthesis-child';
import type { Template } from '../../sandbox/cloudformation/template';
import { ALL, ContenderId } from '../contenders/contender';

export interface TemplateAtSize {
  readonly contacts: number;
  readonly bytes: number;
  readonly resources: number;
  readonly lambdas: number;
  readonly assets: number;
  readonly assetBytes: number;
}

export interface TemplateResult {
  readonly sizes: TemplateAtSize[];
  readonly bytes: Line;
  readonly resources: Line;
  /** The most contacts that a stack can hold, and what happens with one more; not looked for in a quick run. */
  readonly most?: number;
  readonly refusal?: string;
}

export type TemplateVariant = ContenderId | 'ours-agnostic';

interface Output {
  readonly contacts: number;
  readonly outdir?: string;
  readonly error?: string;
}

/** No stack can hold more resources. */
const CEILING = 500;

/** Templates do not vary from run to run: each size is made once. */
export async function measureTemplates(
  sizes: number[], searching: boolean, progress: (text: string) => void,
): Promise<Record<TemplateVariant, TemplateResult>> {
  const results: [TemplateVariant, TemplateResult][] = [];
  for (const id of ALL) {
    progress(`template: ${id}`);
    results.push([id, await measure(id, sizes, searching)]);
  }
  results.push(['ours-agnostic', await measure('ours', sizes, searching, { agnostic: true })]);
  return Object.fromEntries(results) as Record<TemplateVariant, TemplateResult>;
}

async function measure(id: ContenderId, sizes: number[], searching: boolean, options: SynthesisOptions = {}): Promise<TemplateResult> {
  const refusals = new Map<number, string | undefined>();
  const measured: TemplateAtSize[] = [];
  const probe = async (contacts: number[]) => {
    for (const { output, refusal, size } of await synthesizeAll(id, contacts, options)) {
      refusals.set(output.contacts, refusal);
      if (size && sizes.includes(output.contacts)) { measured.push(size); }
    }
  };
  await probe(sizes);
  let [works, breaks] = [0, CEILING + 1];
  while (searching && breaks - works > 1) {
    // Four at a time: a process costs more than a synthesis.
    const step = Math.max(1, Math.floor((breaks - works) / 5));
    const sizesToTry = [1, 2, 3, 4].map(times => works + times * step).filter(size => size < breaks && !refusals.has(size));
    await probe(sizesToTry);
    for (const [size, refusal] of [...refusals].sort(([one], [other]) => one - other)) {
      if (refusal === undefined && size > works && size < breaks) { works = size; }
      if (refusal !== undefined && size < breaks) { breaks = size; }
    }
  }
  return {
    sizes: measured,
    bytes: line(measured.map(({ contacts, bytes }) => [contacts, bytes])),
    resources: line(measured.map(({ contacts, resources }) => [contacts, resources])),
    ...(searching && { most: works, refusal: refusals.get(breaks) }),
  };
}

interface Probe {
  readonly output: Output;
  readonly refusal?: string;
  readonly size?: TemplateAtSize;
}

async function synthesizeAll(id: ContenderId, contacts: number[], options: SynthesisOptions): Promise<Probe[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { result } = await runChild<Output[]>('capacity-child.js', [id, directory, contacts.join(','), JSON.stringify(options)]);
    return result.map(output => {
      if (output.outdir === undefined) { return { output, refusal: shortened(output.error ?? '') }; }
      const text = readFileSync(join(output.outdir, 'contacts.template.json'), 'utf8');
      const template = JSON.parse(text) as Template;
      return { output, refusal: refusalOf(template), size: { contacts: output.contacts, ...figuresOf(output.outdir, text, template) } };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function figuresOf(outdir: string, text: string, template: Template): Omit<TemplateAtSize, 'contacts'> {
  const types = Object.values(template.Resources ?? {}).map(({ Type }) => Type);
  const assets = readdirSync(outdir).filter(name => name.startsWith('asset.'));
  return {
    bytes: Buffer.byteLength(text),
    resources: types.length,
    lambdas: types.filter(type => type === 'AWS::Lambda::Function').length,
    assets: assets.length,
    assetBytes: assets.reduce((sum, name) => sum + bytesIn(join(outdir, name)), 0),
  };
}

/** The CDK's message names every type of resource; what counts stands before. */
export function shortened(message: string): string {
  return /^Number of resources.*?maximum of \d+/.exec(message)?.[0] ?? message.split('\n')[0].slice(0, 160);
}

/** The bytes of a file, or of all files in a directory. */
export function bytesIn(path: string): number {
  return statSync(path).isFile() ? statSync(path).size : readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
