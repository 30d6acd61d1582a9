import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { BUILD } from './build';
import type { DeploymentsResult } from './deployment';
import type { FunctionsResult } from './function';
import type { PausesResult } from './policies';
import type { Profile } from './profile';
import type { SynthesisResult } from './synthesis';
import type { TemplateResult, TemplateVariant } from './template';
import type { ContenderId } from '../contenders/contender';
import { manifestOf, ROOT } from '../tools/packages';

/** Everything that one run of the benchmarks found: the content of results.json, which is not committed. */
export interface Results {
  readonly setting: Setting;
  readonly synthesis: Record<ContenderId, SynthesisResult>;
  readonly synthesisProfile: Record<'ours' | 'hand-written', Profile>;
  readonly templates: Record<TemplateVariant, TemplateResult>;
  readonly functions: FunctionsResult;
  readonly deployments: DeploymentsResult;
  readonly pauses: PausesResult;
}

export interface Setting {
  readonly date: string;
  readonly command: string;
  readonly versions: Record<string, string>;
  readonly machine: string;
  /** The load of the machine before, as its system counts it: what else ran. */
  readonly load: number;
  readonly rounds: Record<string, number>;
  readonly minutes: number;
}

/** @param from the folder whose packages count */
export function versions(from = BUILD): Record<string, string> {
  const names = ['aws-cdk-lib', 'constructs', '@aws-sdk/client-account', '@aws-sdk/client-cloudformation', '@aws-sdk/client-lambda'];
  return {
    'node': process.versions.node,
    'cdk-alternate-contact': libraryVersion(),
    ...Object.fromEntries(names.map(name => [name, versionOf(name, from)])),
  };
}

export function machine(): string {
  return `${cpus().length} x ${cpus()[0].model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${process.platform} ${process.arch}`;
}

function versionOf(name: string, from: string): string {
  try {
    return manifestOf(dirname(require.resolve(`${name}/package.json`, { paths: [from] }))).version;
  } catch {
    return 'not installed';
  }
}

/** Between releases the version is 0.0.0. The trees of src/ and lambda/ say which library it was, whatever commit they are in. */
export function libraryVersion(): string {
  const { version } = manifestOf(ROOT);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const trees = ['src', 'lambda'].map(folder => `${folder} ${git('rev-parse', '--short', `HEAD:${folder}`)}`);
    const changed = git('status', '--porcelain', '--', '../../src', '../../lambda') === '' ? [] : ['with changes'];
    return `${version} (${[...trees, ...changed].join(', ')})`;
  } catch {
    return version;
  }
}
