import { NPM_SETS, npmPackages, pythonPackages } from '../tools/packages';

/** Installs what judges, before any of them does. */
export default async function setup(): Promise<void> {
  for (const set of NPM_SETS) { await npmPackages(set); }
  await pythonPackages('judges');
}
