/*
 * Runs Stryker and compares the mutants that survive with survivors.json.
 *
 *   tsx verification/mutation/mutation.ts [--changed] [--base REVISION] [FILE...]
 *
 * It mutates the files that are named; with --changed those that differ from the base (by default the last tag, or the last commit); otherwise all.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { changedFiles, git } from './changed-files';
import { judge, MutationReport, Survivor } from './survivors';
import { ROOT } from '../tools/packages';

/** The least share of all mutants that tests must kill, listed survivors counted as alive. A small file may have less. */
const GOAL = 0.95;
const REPORT = join(ROOT, 'test-reports', 'mutation.json');

function lastRelease(): string {
  try {
    return git(ROOT, 'describe', '--tags', '--abbrev=0');
  } catch {
    return 'HEAD~1'; // no release yet
  }
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { changed: { type: 'boolean' }, base: { type: 'string' } } });
  const files = values.changed ? changedFiles(ROOT, values.base ?? process.env.BASE ?? lastRelease(), readJson<{ mutate: string[] }>(join(ROOT, 'stryker.config.json')).mutate) : positionals;
  if (values.changed && files.length === 0) {
    console.log('No file that is mutated has changed.');
    return 0;
  }
  rmSync(REPORT, { force: true });
  const options = files.length > 0 ? ['--mutate', files.join(',')] : [];
  const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'stryker'), ['run', ...options], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) { return 1; }

  const { scores, unlisted, obsolete } = judge(readJson<MutationReport>(REPORT), readJson<Survivor[]>(join(__dirname, 'survivors.json')));
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const mutants = scores.reduce((sum, score) => sum + score.mutants, 0);
  for (const score of scores) { console.log(`${score.file}: ${score.killed} of ${score.mutants} mutants killed`); }
  for (const mutant of unlisted) { console.log(`SURVIVED: ${mutant}`); }
  for (const mutant of obsolete) { console.log(`KILLED, but listed as a survivor: ${mutant}`); }
  console.log(`${killed} of ${mutants} mutants killed, ${unlisted.length} survivors that are not listed`);
  // A file may have no mutants at all; all files together have some.
  const isEnough = files.length > 0 || (mutants > 0 && killed >= GOAL * mutants);
  return unlisted.length + obsolete.length === 0 && isEnough ? 0 : 1;
}

process.exitCode = main();
