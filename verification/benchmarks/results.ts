import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { BUILD } from './build';
import type { CallsResult } from './calls';
import type { DeploymentPlan, OperationResult } from './deployment';
import type { SynthesisResult } from './synthesis';
import type { TemplateResult, TemplateVariant } from './template';
import type { ContenderId } from '../contenders/contender';
import { manifestOf, ROOT } from '../tools/packages';

/** Everything that one run found. */
export interface Results {
  readonly setting: Setting;
  readonly synthesis: Record<ContenderId, SynthesisResult>;
  readonly templates: Record<TemplateVariant, TemplateResult>;
  readonly calls: CallsResult;
  readonly deployments: OperationResult[];
}

interface Setting {
  readonly date: string;
  readonly command: string;
  readonly versions: Record<string, string>;
  readonly machine: string;
  /** The load average before the run. */
  readonly load: number;
  readonly plan: Plan;
  readonly minutes: number;
}

export interface Plan {
  readonly sizes: number[];
  readonly synthesisRounds: number;
  readonly deployment: DeploymentPlan;
}

/** @param from the folder whose packages count */
export function versions(from = BUILD): Record<string, string> {
  const names = ['aws-cdk-lib', 'constructs', '@aws-sdk/client-account', '@aws-sdk/client-cloudformation', '@aws-sdk/client-lambda'];
  return {
    'node': process.versions.node,
    'cdk-alternate-contact': libraryVersion(),
    ...Object.fromEntries(names.map(name => [name, manifestOf(dirname(require.resolve(`${name}/package.json`, { paths: [from] }))).version])),
  };
}

export function machine(): string {
  return `${cpus().length} x ${cpus()[0].model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${process.platform} ${process.arch}`;
}

/** Between releases the version is 0.0.0, so the trees of src/ and lambda/ identify the library, whatever commit they are in. */
export function libraryVersion(): string {
  const { version } = manifestOf(ROOT);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const trees = ['src', 'lambda'].map(folder => `${folder} ${git('rev-parse', '--short', `HEAD:${folder}`)}`);
    const changed = git('status', '--porcelain', '--', '../../src', '../../lambda') === '' ? [] : ['with changes'];
    return `${version} (${[...trees, ...changed].join(', ')})`;
  } catch {
    return version; // not in a repository
  }
}
