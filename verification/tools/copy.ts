import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './packages';
import { cleanEnvironment, mustRun, Result, run } from './processes';

/** The environment of programs that run in a copy. */
const ENVIRONMENT = { ...cleanEnvironment(), CI: 'true', NO_COLOR: '1', CDK_VALIDATION: 'false' };

/** A copy of the work tree. It can be compiled, and some of its packages may differ from the project's. */
export class Copy {
  /** @param replacements a node_modules whose packages replace the project's */
  static async make(directory: string, replacements?: string): Promise<Copy> {
    // The files that a commit would contain, so that no leftover of a build replaces a missing file.
    const files = await mustRun(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], { cwd: ROOT });
    for (const file of files.split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      cpSync(join(ROOT, file), join(directory, file), { force: true });
    }
    const modules = join(directory, 'node_modules');
    mkdirSync(modules);
    mkdirSync(`${directory}-output`);
    link(join(ROOT, 'node_modules'), modules);
    if (replacements) { link(replacements, modules); }
    const copy = new Copy(directory);
    await copy.must('projen', 'bundle');
    return copy;
  }

  private constructor(readonly directory: string) {}

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** A path for the output of judges. It is outside of the copy, where it would be packed. */
  output(...names: string[]): string {
    return join(`${this.directory}-output`, ...names);
  }

  /** Runs a command in the copy. */
  runCommand(...command: string[]): Promise<Result> {
    return run(command, { cwd: this.directory, env: ENVIRONMENT, minutes: 8 });
  }

  /** Runs a program of the devDependencies in the copy. */
  run(program: string, ...options: string[]): Promise<Result> {
    return this.runCommand(this.path('node_modules', '.bin', program), ...options);
  }

  must(program: string, ...options: string[]): Promise<string> {
    return mustRun([this.path('node_modules', '.bin', program), ...options], { cwd: this.directory, env: ENVIRONMENT });
  }

  /** Runs code that imports the src/ and the packages of the copy. */
  evaluate(code: string): Promise<string> {
    return this.must('tsx', '--eval', code);
  }
}

function link(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name === '.cache' || (name.startsWith('.') && name !== '.bin')) { continue; }
    // The programs of the project are not replaced.
    if (name === '.bin' && from !== join(ROOT, 'node_modules')) { continue; }
    rmSync(join(to, name), { force: true });
    symlinkSync(join(from, name), join(to, name));
  }
}
