import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

test.each(['throws', 'takes-too-long', 'opens-late'])('jest ends if a beforeAll %s', file => {
  const jest = join(ROOT, 'node_modules/.bin/jest');
  // Long enough for a slow machine: jest compiles the whole sandbox before the first test.
  const { status, signal, stderr } = spawnSync(jest, [
    '--runInBand', '--coverage=false', '--reporters=default', `--testMatch=**/failing-hooks/${file}.ts`,
  ], { cwd: ROOT, encoding: 'utf8', timeout: 150_000 });
  expect(stderr).toContain('Tests:       1 failed, 1 total');
  expect({ status, signal }).toEqual({ status: 1, signal: null });
}, 160_000);
