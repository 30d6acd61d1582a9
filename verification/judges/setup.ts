import { npmPackages, pythonPackages } from '../tools/packages';

/** Installs what judges, before any of them does. */
export default async function setup(): Promise<void> {
  for (const set of ['newest', 'awslint', 'node20', 'node22', 'node24'] as const) { await npmPackages(set); }
  await pythonPackages('judges');
}
