/*
 * Takes example apps through their lives with the real CDK CLI, on engines that this project did not write, and reads back with boto3 what is stored.
 *
 *   tsx verification/engines/integration.ts [moto | sandbox | organization]
 *
 * moto, sandbox: the stack of single contacts, on ministack (CloudFormation, IAM, Lambda and its logs). The argument says who answers the Account
 * Management API: moto, or this project's sandbox, which has AWS's stricter rules.
 * organization: the state machine that sweeps an organization, on moto's, ministack's and the sandbox's Step Functions.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKENDS } from './account-backends';
import { live } from './life';
import { checkExposure, startMinistack } from './ministack';
import { ExampleStack } from './stack';
import { prepareTools, Tools } from './tools';
import { check, conclude } from '../tools/checks';
import { compareEngines } from './organization/comparison';
import type { Closers } from './organization/remote-engines';
import { endAll } from '../tools/processes';

async function singleContacts(backend: string, tools: Tools, closers: Closers): Promise<void> {
  const account = await BACKENDS[backend](tools);
  closers.push(() => account.close());
  const engine = await startMinistack(tools, account);
  await checkExposure(engine, account.url);
  await live(new ExampleStack(tools, engine, account));
}

const RUNS: { readonly [name: string]: (tools: Tools, closers: Closers) => Promise<void> } = {
  moto: (tools, closers) => singleContacts('moto', tools, closers),
  sandbox: (tools, closers) => singleContacts('sandbox', tools, closers),
  organization: compareEngines,
};

async function main(): Promise<number> {
  const started = Date.now();
  const name = process.argv[2] ?? 'moto';
  if (!Object.hasOwn(RUNS, name)) throw new Error(`The run must be one of ${Object.keys(RUNS).join(', ')}; got "${name}"`);
  process.chdir(join(__dirname, '..', '..'));
  const directory = mkdtempSync(join(tmpdir(), 'integration-'));
  const closers: Closers = [];
  const stop = async () => {
    await endAll();
    for (const close of closers) await close();
    rmSync(directory, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().finally(() => process.exit(1)));
  try {
    await RUNS[name](await prepareTools(directory), closers);
  } catch (error) {
    check('the run comes to its end', String(error), '');
  } finally {
    await stop();
  }
  console.log(`# ${name}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return conclude();
}

void main().then(code => process.exit(code), error => {
  console.error(String(error));
  process.exit(1);
});
