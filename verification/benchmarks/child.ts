import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD } from './build';
import type { Synthesis, SynthesisOptions } from './synthesis-child';
import type { Template } from '../../sandbox';
import type { ContenderId } from '../contenders/contender';
import { cleanEnvironment, mustRun } from '../tools/processes';

/** Why the CDK or AWS refuses a stack. */
export interface Refusal {
  readonly refusal: string;
}

/** A synthesized stack, in the directory that holds its assets. */
export interface Assembly {
  readonly directory: string;
  readonly template: Template;
  /** The template as the CDK wrote it. */
  readonly text: string;
}

/** Synthesizes a stack in a fresh process, and returns what that took. */
export async function timeSynthesis(id: ContenderId, contacts: number, outdir: string, options: SynthesisOptions = {}): Promise<Synthesis | Refusal> {
  const file = join(BUILD, 'verification', 'benchmarks', 'synthesis-child.js');
  const stdout = await mustRun([process.execPath, file, id, String(contacts), outdir, JSON.stringify(options)], { env: { ...cleanEnvironment(), CDK_VALIDATION: 'false' } });
  const result = JSON.parse(stdout) as Synthesis | Refusal;
  return result.refusal === undefined ? result : { refusal: shortened(result.refusal) };
}

/** Synthesizes a stack in a fresh process, and returns the stack. */
export async function assemble(id: ContenderId, contacts: number, directory: string, options?: SynthesisOptions): Promise<Assembly | Refusal> {
  const result = await timeSynthesis(id, contacts, directory, options);
  if (result.refusal !== undefined) { return result; }
  const text = readFileSync(join(directory, 'contacts.template.json'), 'utf8');
  return { directory, text, template: JSON.parse(text) as Template };
}

/** Gives a new directory to an act, and removes it afterwards. */
export async function inNewDirectory<T>(act: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return await act(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The CDK's message goes on to list every type of resource. */
function shortened(message: string): string {
  return /^Number of resources.*?maximum of \d+/.exec(message)?.[0] ?? message.split('\n')[0].slice(0, 160);
}
