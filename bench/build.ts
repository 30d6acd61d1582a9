import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..');
/** Inside the project, so that the compiled files find its dependencies. */
export const BUILD = join(__dirname, '.build');

/** Compiles what is measured to plain JavaScript, file by file, as it is published: nothing is compiled while the clock runs. */
export async function compile(): Promise<void> {
  rmSync(BUILD, { recursive: true, force: true });
  await build({
    entryPoints: ['src/**/*.ts', 'bench/*-child.ts', 'bench/contenders/*.ts'].map(pattern => join(ROOT, pattern)),
    outbase: ROOT,
    outdir: BUILD,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    logLevel: 'error',
  });
  cpSync(join(ROOT, 'assets'), join(BUILD, 'assets'), { recursive: true });
  cpSync(join(__dirname, 'contenders', 'core-handler'), join(BUILD, 'bench', 'contenders', 'core-handler'), { recursive: true });
}
