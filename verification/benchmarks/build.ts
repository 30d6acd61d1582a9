import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { npmPackages, ROOT } from '../tools/packages';

/** Inside the project, so that the compiled files find its dependencies. */
export const BUILD = join(__dirname, '.build');

/**
 * Compiles the library and the contenders to plain JavaScript, file by file, as the library is published: nothing is compiled while the clock runs.
 * They run with the newest CDK, which some contenders are part of.
 */
export async function compile(): Promise<void> {
  const newest = await npmPackages('newest');
  rmSync(BUILD, { recursive: true, force: true });
  await build({
    entryPoints: ['src/**/*.ts', 'verification/benchmarks/synthesis-child.ts', 'verification/contenders/*.ts'].map(pattern => join(ROOT, pattern)),
    outbase: ROOT,
    outdir: BUILD,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    logLevel: 'error',
  });
  cpSync(join(ROOT, 'assets'), join(BUILD, 'assets'), { recursive: true });
  cpSync(join(__dirname, '..', 'contenders', 'handler'), join(BUILD, 'verification', 'contenders', 'handler'), { recursive: true });
  mkdirSync(join(BUILD, 'node_modules'));
  for (const name of ['aws-cdk-lib', 'constructs']) { symlinkSync(join(newest, name), join(BUILD, 'node_modules', name)); }
}
