/* src/ compiles, and the unit tests pass, with the oldest declared aws-cdk-lib and with the newest known one. */
import { readFileSync } from 'node:fs';
import { copyWithNewestCdk, copyWithOldestCdk } from './workspace';
import type { Copy } from '../tools/copy';
import { manifestOf, NEWEST_CDK, ROOT } from '../tools/packages';

/** jest's --json. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

const declared = manifestOf(ROOT).peerDependencies;
const OLDEST_CDK = declared['aws-cdk-lib'].replace('^', '');
const passed = new Map<string, number>();

test('the project is developed with the oldest constructs that it declares', () => {
  expect(`^${manifestOf(`${ROOT}/node_modules/constructs`).version}`).toBe(declared.constructs);
});

describe.each([
  [OLDEST_CDK, copyWithOldestCdk],
  [NEWEST_CDK, copyWithNewestCdk],
])('aws-cdk-lib %s', (version, makeCopy) => {
  let copy: Copy;
  beforeAll(async () => { copy = await makeCopy(); });

  test('is the version in the copy of the project', () => {
    expect(manifestOf(copy.path('node_modules', 'aws-cdk-lib')).version).toBe(version);
  });

  test('compiles src/', async () => {
    expect(await copy.run('tsc', '--noEmit', '-p', 'tsconfig.json')).toMatchObject({ code: 0, output: '' });
  });

  test('passes all unit tests', async () => {
    const file = copy.output('jest.json');
    const options = ['--coverage=false', '--reporters=default', '--json', `--outputFile=${file}`];
    const { output } = await copy.run('jest', ...options, '/test/[^/]+\\.test\\.ts$');
    let report: Report;
    try {
      report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    } catch {
      throw new Error(`jest: ${output.slice(-4_000)}`);
    }
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests } = report;
    if (numFailedTests + numFailedTestSuites > 0) { throw new Error(output.split('\n').filter(line => line.length < 200).slice(-80).join('\n')); }
    expect(numPendingTests + numTodoTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(0);
    passed.set(version, numPassedTests);
  });
});

test('both versions of aws-cdk-lib pass the same number of tests', () => {
  expect(passed.size).toBe(2);
  expect(passed.get(NEWEST_CDK)).toBe(passed.get(OLDEST_CDK));
});
