import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Copy } from '../tools/copy';
import { npmPackages } from '../tools/packages';
import { endAll } from '../tools/processes';

/** A directory that exists while the tests of a file run. */
export const workspace = mkdtempSync(join(tmpdir(), 'judges-'));

afterAll(async () => {
  await endAll();
  rmSync(workspace, { recursive: true, force: true });
});

/** Makes a copy with the oldest declared aws-cdk-lib, which is the one that the project is developed with. */
export function copyWithOldestCdk(): Promise<Copy> {
  return Copy.make(join(workspace, 'oldest'));
}

/** Makes a copy with the newest known aws-cdk-lib. */
export async function copyWithNewestCdk(): Promise<Copy> {
  return Copy.make(join(workspace, 'newest'), await npmPackages('newest'));
}
