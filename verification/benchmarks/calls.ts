import { join } from 'node:path';
import { assemble, Assembly, inNewDirectory } from './child';
import { Sandbox, StackResult } from '../../sandbox';
import { ACCOUNT, accountOf, ContenderId, measuredOn, REGION } from '../contenders/contender';

export const EVENTS = ['Create', 'Update', 'Delete'] as const;

/** The calls that the function makes for one event, in turn. */
export type Calls = { readonly [event in typeof EVENTS[number]]: string[] };

export interface CallsResult {
  readonly ofOneContact: Partial<Record<ContenderId, Calls>>;
  /** How many calls this library makes for one Delete, by the contacts of the stack. */
  readonly ofDelete: readonly { readonly contacts: number; readonly calls: number }[];
}

const TARGET = { stackName: 'contacts', account: ACCOUNT, region: REGION };

/** Counts the calls of single events, without quotas. */
export async function measureCalls(sizes: number[], progress: (text: string) => void): Promise<CallsResult> {
  const ofOneContact: Partial<Record<ContenderId, Calls>> = {};
  for (const id of measuredOn('calls')) {
    progress(`calls: ${id}`);
    ofOneContact[id] = await inNewDirectory(directory => callsOf(id, directory));
  }
  const ofDelete: CallsResult['ofDelete'][number][] = [];
  for (const contacts of sizes.filter(size => size > 1)) {
    progress(`calls of a Delete in a stack of ${contacts}`);
    ofDelete.push({ contacts, calls: await inNewDirectory(directory => callsOfDelete(contacts, directory)) });
  }
  return { ofOneContact, ofDelete };
}

async function callsOf(id: ContenderId, directory: string): Promise<Calls> {
  const before = await assemble(id, 1, join(directory, 'before')) as Assembly;
  const after = await assemble(id, 1, join(directory, 'after'), { edition: 1 }) as Assembly;
  return inSandbox(1, async sandbox => ({
    Create: await callsDuring(sandbox, () => deploy(sandbox, before)),
    Update: await callsDuring(sandbox, () => deploy(sandbox, after)),
    Delete: await callsDuring(sandbox, () => sandbox.destroy(TARGET)),
  }));
}

async function callsOfDelete(contacts: number, directory: string): Promise<number> {
  const before = await assemble('ours', contacts, join(directory, 'before')) as Assembly;
  const after = await assemble('ours', contacts - 1, join(directory, 'after'), { first: 1 }) as Assembly;
  return inSandbox(contacts, async sandbox => {
    await callsDuring(sandbox, () => deploy(sandbox, before));
    return (await callsDuring(sandbox, () => deploy(sandbox, after))).length;
  });
}

async function inSandbox<T>(contacts: number, act: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const memberAccounts = Array.from({ length: contacts }, (_, index) => accountOf(index));
  const sandbox = await Sandbox.start({ managementAccount: ACCOUNT, memberAccounts, responseUrl: 's3', timeScale: 5 });
  try {
    return await act(sandbox);
  } finally {
    await sandbox.close();
  }
}

function deploy(sandbox: Sandbox, { template, directory }: Assembly): Promise<StackResult> {
  return sandbox.deploy({ ...TARGET, template, assetDirectory: directory });
}

async function callsDuring(sandbox: Sandbox, operate: () => Promise<StackResult>): Promise<string[]> {
  const seen = sandbox.calls.length;
  const { status, reason } = await operate();
  if (!/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)) { throw new Error(`${status}: ${reason}`); }
  await sandbox.idle();
  return sandbox.calls.slice(seen).map(({ api }) => api.replace('AlternateContact', ''));
}
