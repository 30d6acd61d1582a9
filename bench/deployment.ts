import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox, StackResult, Template } from '../sandbox';
import { runChild } from './child';
import { ACCOUNT, accountOf, ContenderId, REGION } from './contenders/contender';
import { alternate, Figure, figure } from './statistics';
import type { Synthesis, SynthesisOptions } from './synthesis-child';
import { shortened } from './template';

/** The sandbox does not let a function invoke a function, which Provider does; the bare resource has the floor's function. */
export const DEPLOYED = ['ours', 'aws-custom-resource', 'core-provider', 'floor'] as const;
export type DeployedId = typeof DEPLOYED[number] & ContenderId;

/** Contacts a second that the service takes from an organization. */
export const PUT_RATE = 5;

export interface DeploymentRun {
  /** In seconds of the sandbox's clock, from the call until the stack is done with it. */
  readonly seconds: number;
  /** Of the two processors, while it ran: near 1, the machine would be what is measured. */
  readonly busy: number;
  readonly status: string;
  /** How many of the contacts are there afterwards. */
  readonly set: number;
  readonly failedResources: number;
  readonly calls: Record<string, number>;
  readonly throttled: number;
  readonly violations: number;
}

export interface DeploymentResult {
  readonly id: DeployedId;
  readonly contacts: number;
  readonly error?: string;
  readonly boundSeconds: number;
  readonly seconds?: Figure;
  readonly ratio?: Figure;
  readonly busy?: Figure;
  readonly calls?: Figure;
  readonly throttled?: Figure;
  readonly runs: DeploymentRun[];
}

export interface DeploymentsResult {
  readonly timeScale: number;
  readonly results: DeploymentResult[];
  /** The same at half the pace: if it takes as many sandbox seconds, the machine is not what is measured. */
  readonly slower: DeploymentResult[];
  /** 200 accounts with three contacts each, half of them in each of two stacks, deployed at the same time. */
  readonly twoStacks: DeploymentResult;
}

interface Assembly {
  readonly directory: string;
  readonly template: Template;
}

interface Plan {
  readonly accounts: number;
  readonly stacks: Assembly[];
  readonly timeScale: number;
}

export async function measureDeployments(
  sizes: number[], rounds: number, timeScale: number, progress: (text: string) => void,
): Promise<DeploymentsResult> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const results: DeploymentResult[] = [];
    for (const contacts of sizes) {
      const stacks = new Map<DeployedId, Assembly | string>();
      for (const id of DEPLOYED) stacks.set(id, await assemble(id, contacts, join(directory, `${id}-${contacts}`)));
      const able = DEPLOYED.filter(id => typeof stacks.get(id) !== 'string');
      const runs = await alternate(able, rounds, id => deploy({ accounts: contacts, stacks: [stacks.get(id) as Assembly], timeScale }),
        text => progress(`deployment of ${contacts}, ${text}`), true);
      for (const id of DEPLOYED) {
        const stack = stacks.get(id);
        results.push(typeof stack === 'string'
          ? { id, contacts, error: stack, boundSeconds: contacts / PUT_RATE, runs: [] }
          : summarize(id, contacts, runs.get(id) ?? []));
      }
    }
    const slower: DeploymentResult[] = [];
    for (const contacts of sizes.slice(1)) {
      progress(`deployment of ${contacts} at half the pace`);
      slower.push(summarize('ours', contacts, [await deploy({
        accounts: contacts, stacks: [await assemble('ours', contacts, join(directory, `slower-${contacts}`)) as Assembly], timeScale: timeScale / 2,
      })]));
    }

    const accounts = sizes.length > 2 ? 200 : 20;
    const half = accounts * 3 / 2;
    const halves: Assembly[] = [];
    for (const first of [0, half]) {
      halves.push(await assemble('ours', half, join(directory, `half-${first}`), { first, contactsPerAccount: 3 }) as Assembly);
    }
    const both: DeploymentRun[] = [];
    for (let round = 0; round < Math.min(rounds, 2); round += 1) {
      progress(`deployment of ${2 * half} in two stacks, round ${round + 1}`);
      both.push(await deploy({ accounts, stacks: halves, timeScale }));
    }
    return { timeScale, results, slower, twoStacks: summarize('ours', 2 * half, both) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Synthesizes a stack, with permissions for those that don't bring their own; returns the message if it can't be. */
async function assemble(id: DeployedId, contacts: number, directory: string, options: SynthesisOptions = {}): Promise<Assembly | string> {
  const args = [id, String(contacts), directory, JSON.stringify({ allowed: true, ...options })];
  const { result } = await runChild<Synthesis>('synthesis-child.js', args);
  if (result.error !== undefined) return shortened(result.error);
  return { directory, template: JSON.parse(readFileSync(join(directory, 'contacts.template.json'), 'utf8')) as Template };
}

async function deploy({ accounts, stacks, timeScale }: Plan): Promise<DeploymentRun> {
  const members = Array.from({ length: accounts }, (_, index) => accountOf(index));
  const sandbox = await Sandbox.start({ managementAccount: ACCOUNT, memberAccounts: members, timeScale, quotas: 'documented', responseUrl: 's3' });
  try {
    const before = processorTimes();
    const begun = sandbox.clock.now();
    const results = await Promise.all(stacks.map(({ template, directory }, index) =>
      sandbox.deploy({ stackName: `contacts-${index}`, account: ACCOUNT, region: REGION, template, assetDirectory: directory })));
    const seconds = (sandbox.clock.now() - begun) / 1000;
    const after = processorTimes();
    const calls: Record<string, number> = {};
    for (const { api } of sandbox.calls) calls[api] = (calls[api] ?? 0) + 1;
    return {
      seconds,
      busy: (after.busy - before.busy) / (after.total - before.total),
      status: results.map(({ status }) => status).join(', '),
      set: members.reduce((sum, account) => sum + sandbox.contacts.list(account).length, 0),
      failedResources: results.reduce((sum, result) => sum + failuresOf(result), 0),
      calls,
      throttled: sandbox.calls.filter(({ outcome }) => outcome === 'TooManyRequestsException').length,
      violations: sandbox.violations.length,
    };
  } finally {
    await sandbox.close();
  }
}

/** Contacts whose own failure was not a sibling's. */
function failuresOf({ events }: StackResult): number {
  return new Set(events.filter(({ type, status, reason = '' }) =>
    type.startsWith('Custom::') && status === 'CREATE_FAILED' && !reason.includes('cancelled')).map(({ logicalId }) => logicalId)).size;
}

function processorTimes(): { busy: number; total: number } {
  const times = cpus().map(cpu => cpu.times);
  const total = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { total, busy: total - times.reduce((sum, { idle }) => sum + idle, 0) };
}

function summarize(id: DeployedId, contacts: number, runs: DeploymentRun[]): DeploymentResult {
  const boundSeconds = contacts / PUT_RATE;
  const of = (value: (run: DeploymentRun) => number) => figure(runs.map(value));
  return {
    id,
    contacts,
    boundSeconds,
    seconds: of(run => run.seconds),
    ratio: of(run => run.seconds / boundSeconds),
    busy: of(run => run.busy),
    calls: of(run => Object.values(run.calls).reduce((sum, count) => sum + count, 0)),
    throttled: of(run => run.throttled),
    runs,
  };
}
