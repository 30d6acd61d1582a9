import { pythonPackages } from '../tools/packages';

/** Installs the engines, before any of them starts. */
export default async function setup(): Promise<void> {
  await pythonPackages('engines');
}
