/*
 * Has the library judged by tools that this project did not write: cdk-nag, cfn-lint, jsii-diff, awslint, npm, the oldest and the newest CDK,
 * and the Node.js versions of Lambda. It installs what it needs itself, with pinned versions, and works on copies of the work tree.
 *
 *   tsx verification/judges/judges.ts [nag] [versions] [templates] [node] [pack] [api] [guidelines] [metadata]
 *
 * Without arguments all of them judge.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Copy } from './copy';
import { judgeMetadata } from './hub';
import { judgeApi, judgeGuidelines, judgePack } from './package';
import { judgeNag, judgeTemplates } from './templates';
import { npmPackages, pythonPackages } from './tools';
import { judgeCdkVersions, judgeNodeVersions } from './versions';
import { check, conclude } from '../tools/checks';

type Judge = () => void | Promise<void>;

/** Lets judges judge one after the other. One that breaks down has not passed, and the others still judge. */
async function hear(judges: { readonly [name: string]: Judge }, chosen: string[]): Promise<void> {
  for (const [name, judge] of Object.entries(judges)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const started = Date.now();
    try {
      await judge();
    } catch (error) {
      check(`${name}: comes to a verdict`, error instanceof Error ? error.message : String(error), '');
    }
    console.log(`# ${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
}

async function main(): Promise<number> {
  const started = Date.now();
  const chosen = process.argv.slice(2);
  const directory = mkdtempSync(join(tmpdir(), 'judges-'));
  try {
    const packages = await npmPackages('newest');
    for (const set of ['awslint', 'node20', 'node22', 'node24'] as const) await npmPackages(set);
    await pythonPackages();
    const oldest = await Copy.make(join(directory, 'oldest'));
    const newest = await Copy.make(join(directory, 'newest'), packages);
    console.log(`# tools and copies: ${((Date.now() - started) / 1000).toFixed(0)} s`);

    const byCdk = {
      nag: () => judgeNag(newest),
      versions: () => judgeCdkVersions(oldest, newest),
    };
    const byOthers = {
      metadata: judgeMetadata,
      node: () => judgeNodeVersions(oldest),
      templates: () => judgeTemplates(oldest, newest),
      // The two behind it look at what it compiles.
      pack: () => judgePack(oldest),
      api: () => judgeApi(oldest),
      guidelines: () => judgeGuidelines(oldest),
    };
    const unknown = chosen.filter(name => !(name in byCdk || name in byOthers));
    if (unknown.length > 0) throw new Error(`unknown judges: ${unknown.join(', ')}`);
    await Promise.all([hear(byCdk, chosen), hear(byOthers, chosen)]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  console.log(`# ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return conclude();
}

void main().then(code => process.exit(code), error => {
  console.error(String(error));
  process.exit(1);
});
