import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Copy } from '../tools/copy';
import { npmPackages } from '../tools/packages';
import { endAll } from '../tools/processes';

/** A directory that is there as long as the tests of a file run. */
export const workspace = mkdtempSync(join(tmpdir(), 'judges-'));

afterAll(async () => {
  await endAll();
  rmSync(workspace, { recursive: true, force: true });
});

/** A copy with the oldest aws-cdk-lib that is declared, which is the one that the project is developed with. */
export function copyWithOldestCdk(): Promise<Copy> {
  return Copy.make(join(workspace, 'oldest'));
}

/** A copy with the newest aws-cdk-lib that is known. */
export async function copyWithNewestCdk(): Promise<Copy> {
  return Copy.make(join(workspace, 'newest'), await npmPackages('newest'));
}
