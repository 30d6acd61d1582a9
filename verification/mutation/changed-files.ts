import { execFileSync } from 'node:child_process';

export function git(directory: string, ...options: string[]): string {
  return execFileSync('git', options, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/**
 * Finds the files that the branch has changed since it left a revision, among those that Stryker mutates.
 *
 * @param patterns Stryker's globs. Those with a `!` exclude, and the last one that matches a file decides
 */
export function changedFiles(directory: string, revision: string, patterns: readonly string[]): string[] {
  const base = git(directory, 'merge-base', revision, 'HEAD');
  const files = new Set<string>();
  for (const pattern of patterns) {
    const isExcluded = pattern.startsWith('!');
    const pathspec = `:(glob)${isExcluded ? pattern.slice(1) : pattern}`;
    for (const file of git(directory, 'diff', '--name-only', '--diff-filter=d', base, '--', pathspec).split('\n').filter(Boolean)) {
      if (isExcluded) { files.delete(file); } else { files.add(file); }
    }
  }
  return [...files];
}
