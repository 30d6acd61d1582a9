/**
 * Compares the templates of the work tree with those of another revision, byte for byte except for the function's code:
 * `npx projen templates REVISION`. A refactoring changes none of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const [revision = 'HEAD'] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'templates-'));
const other = join(directory, 'checkout');

function synthesize(checkout: string, outdir: string): void {
  execFileSync(join(ROOT, 'node_modules/.bin/tsx'), [join(__dirname, 'synthesize.ts'), checkout, outdir], { cwd: checkout, stdio: 'inherit' });
}

try {
  execFileSync('git', ['worktree', 'add', '--force', '--quiet', '--detach', other, revision], { cwd: ROOT });
  symlinkSync(join(ROOT, 'node_modules'), join(other, 'node_modules'));
  execFileSync(join(ROOT, 'node_modules/.bin/projen'), ['bundle'], { cwd: other, stdio: 'ignore' });
  synthesize(other, join(directory, revision));
  synthesize(ROOT, join(directory, 'work-tree'));
  const folders = [join(directory, revision), join(directory, 'work-tree')];
  const { status } = spawnSync('git', ['diff', '--no-index', '--stat', '--patch', ...folders], { stdio: 'inherit' });
  process.stdout.write(status === 0 ? `The templates are those of ${revision}.\n` : '');
  process.exitCode = status ?? 1;
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', other], { cwd: ROOT });
  rmSync(directory, { recursive: true, force: true });
}
