import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun, ROOT, run } from './tools';

/** A copy of the work tree, which can be compiled, and resolves some packages elsewhere than the project. */
export class Copy {
  /**
   * @param replacements a node_modules whose packages replace the project's
   */
  static async make(directory: string, replacements?: string): Promise<Copy> {
    // What a commit would hold, so that nothing left over from a build can stand in for what is missing.
    const files = await mustRun(ROOT, ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']);
    for (const file of files.split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      cpSync(join(ROOT, file), join(directory, file), { force: true });
    }
    const modules = join(directory, 'node_modules');
    mkdirSync(modules);
    mkdirSync(`${directory}-output`);
    link(join(ROOT, 'node_modules'), modules);
    if (replacements) link(replacements, modules);
    const copy = new Copy(directory);
    await copy.must('projen', 'bundle');
    return copy;
  }

  private constructor(readonly directory: string) {}

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** A path for what judges write: not in the copy, or it would be packed. */
  output(...names: string[]): string {
    return join(`${this.directory}-output`, ...names);
  }

  /** Runs a program of the devDependencies in the copy. */
  run(program: string, ...options: string[]) {
    return run(this.directory, [this.path('node_modules', '.bin', program), ...options]);
  }

  must(program: string, ...options: string[]) {
    return mustRun(this.directory, [this.path('node_modules', '.bin', program), ...options]);
  }

  /** Runs code in the copy. */
  evaluate(code: string): Promise<string> {
    return this.must('tsx', '--eval', code);
  }

  /** Runs a program of the judges in the copy: it imports the copy's src/, and its packages. */
  script(name: string, ...options: string[]): Promise<string> {
    return this.must('tsx', join('verification', 'judges', name), ...options);
  }
}

function link(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name === '.cache' || (name.startsWith('.') && name !== '.bin')) continue;
    // The programs stay the project's.
    if (name === '.bin' && from !== join(ROOT, 'node_modules')) continue;
    rmSync(join(to, name), { force: true });
    symlinkSync(join(from, name), join(to, name));
  }
}
