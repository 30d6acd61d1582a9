/*
 * src/ compiles, and the unit tests pass, with the newest known aws-cdk-lib. The oldest declared one is the devDependency, which `npx projen compile`
 * and `npm test` use.
 */
import { readFileSync } from 'node:fs';
import { copyWithNewestCdk } from './workspace';
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

test.each(['aws-cdk-lib', 'constructs'])('the project is developed with the oldest %s that it declares', name => {
  expect(`^${manifestOf(`${ROOT}/node_modules/${name}`).version}`).toBe(declared[name]);
});

describe(`aws-cdk-lib ${NEWEST_CDK}`, () => {
  let copy: Copy;
  beforeAll(async () => { copy = await copyWithNewestCdk(); });

  test('is the version in the copy of the project', () => {
    expect(manifestOf(copy.path('node_modules', 'aws-cdk-lib')).version).toBe(NEWEST_CDK);
  });

  test('compiles src/', async () => {
    expect(await copy.run('tsc', '--noEmit', '-p', 'tsconfig.json')).toMatchObject({ code: 0, output: '' });
  });

  test('passes the unit tests of the constructs, and skips none', async () => {
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
  });
});
