/*
 * Runs Stryker and compares the mutants that survive with survivors.json.
 *
 *   tsx verification/mutation/mutation.ts [--changed] [--base REVISION] [FILE...]
 *
 * It mutates the named files; with --changed those that differ from the base (by default the last tag, or the last commit); otherwise all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { changedFiles, git } from './changed-files';
import { judge, MutationReport, Survivor, unjudged } from './survivors';
import { ROOT } from '../tools/packages';

/** The share of all mutants that tests must kill at least. Listed survivors count as alive. A single file may have less. */
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
  const { mutate } = readJson<{ mutate: string[] }>(join(ROOT, 'stryker.config.json'));
  const files = values.changed
    ? changedFiles(ROOT, values.base ?? process.env.BASE ?? lastRelease(), mutate)
    : positionals.map(file => relative(ROOT, resolve(file)));
  if (values.changed && files.length === 0) {
    console.log('No file that is mutated has changed.');
    return 0;
  }
  const missing = files.filter(file => !existsSync(join(ROOT, file)));
  if (missing.length > 0) {
    console.log(`There is no file ${missing.join(', ')}.`);
    return 1;
  }
  rmSync(REPORT, { force: true });
  const options = files.length > 0 ? ['--mutate', files.join(',')] : [];
  const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'stryker'), ['run', ...options], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) { return 1; }

  const verdict = judge(readJson<MutationReport>(REPORT), readJson<Survivor[]>(join(__dirname, 'survivors.json')));
  const { scores, unlisted, obsolete } = verdict;
  // A changed file may have no mutants, for example if it only exports. A named file should have some.
  const spared = values.changed ? [] : unjudged(files, verdict);
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const mutants = scores.reduce((sum, score) => sum + score.mutants, 0);
  for (const score of scores) { console.log(`${score.file}: ${score.killed} of ${score.mutants} mutants killed`); }
  for (const mutant of unlisted) { console.log(`SURVIVED: ${mutant}`); }
  for (const mutant of obsolete) { console.log(`KILLED, but listed as a survivor: ${mutant}`); }
  for (const file of spared) { console.log(`NOT MUTATED: ${file} has no mutants`); }
  console.log(`${killed} of ${mutants} mutants killed, ${unlisted.length} survivors that are not listed`);
  const isEnough = files.length > 0 || (mutants > 0 && killed >= GOAL * mutants);
  return unlisted.length + obsolete.length + spared.length === 0 && isEnough ? 0 : 1;
}

process.exitCode = main();
