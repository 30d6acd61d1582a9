import { NPM_SETS, npmPackages, pythonPackages } from '../tools/packages';

/** Installs the judges before the tests start. */
export default async function setup(): Promise<void> {
  for (const set of NPM_SETS) { await npmPackages(set); }
  await pythonPackages('judges');
}
