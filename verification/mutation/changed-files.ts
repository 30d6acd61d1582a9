import { execFileSync } from 'node:child_process';

export function git(directory: string, ...options: string[]): string {
  return execFileSync('git', options, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/**
 * Finds the files that differ from where the branch left a revision, among those that Stryker mutates.
 *
 * @param patterns Stryker's globs; those with a `!` exclude
 */
export function changedFiles(directory: string, revision: string, patterns: readonly string[]): string[] {
  const pathspecs = patterns.map(pattern => pattern.startsWith('!') ? `:(exclude,glob)${pattern.slice(1)}` : `:(glob)${pattern}`);
  const base = git(directory, 'merge-base', revision, 'HEAD');
  return git(directory, 'diff', '--name-only', '--diff-filter=d', base, '--', ...pathspecs).split('\n').filter(Boolean);
}
