import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../tools/packages';

/** A repository that was released as 0.1.0, with this project's tasks. */
let directory: string;
function git(...args: string[]) {
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: directory, stdio: 'pipe' });
}
const commit = (title: string) => git('commit', '--allow-empty', '-m', title);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'release-test-'));
  cpSync(join(ROOT, '.projen'), join(directory, '.projen'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'released', version: '0.0.0' }));
  writeFileSync(join(directory, '.gitignore'), '/node_modules\n/dist/\n');
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  git('init', '--quiet');
  git('add', '.');
  commit('feat: a first version');
  git('tag', 'v0.1.0');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Returns the version that the release workflow would publish. It publishes nothing if the version has a tag already. */
function version(): string {
  const env = { ...process.env, RELEASE: 'true', MAJOR: '0', CI: 'true' };
  execFileSync(join(ROOT, 'node_modules', '.bin', 'projen'), ['bump'], { cwd: directory, env, stdio: 'pipe' });
  return readFileSync(join(directory, 'dist', 'releasetag.txt'), 'utf8').trim();
}

/** The titles of commits, and the version that follows from them. */
const CASES: [string[], string][] = [
  [['docs: explain a limit', 'test: hold a limit', 'refactor: move a file', 'chore(deps): upgrade'], 'v0.1.0'],
  [['fix(sweep): keep a contact'], 'v0.1.1'],
  [['perf: ask less often'], 'v0.1.1'],
  [['revert: fix: keep a contact'], 'v0.1.1'],
  [['feat: declare a contact'], 'v0.1.1'],
  [['feat!: rename a property'], 'v0.2.0'],
];

test.each(CASES)('after v0.1.0, %j leads to %s', (titles, expected) => {
  titles.forEach(commit);
  expect(version()).toBe(expected);
});
