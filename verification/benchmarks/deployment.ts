import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child';
import { leastSeconds, Quota, QUOTAS, UNLIMITED } from './quota';
import { alternate, Figure, figure } from './statistics';
import type { Synthesis, SynthesisOptions } from './synthesis-child';
import { shortened } from './template';
import { isThrottled } from '../../lambda/sdk-error';
import { Sandbox, SandboxOptions, StackResult, Template } from '../../sandbox';
import { ACCOUNT, accountOf, ContenderId, measuredOn, REGION } from '../contenders/contender';

export interface OperationRun {
  /** In seconds of the sandbox's clock, from the call until the stack is done with it. */
  readonly seconds: number;
  /** Of the processors, while it ran: near 1, the machine would be what is measured. */
  readonly busy: number;
  readonly status: string;
  /** How many of the contacts are there afterwards. */
  readonly set: number;
  /** Calls of Account Management. */
  readonly calls: number;
  readonly throttled: number;
  readonly cloudFormationCalls: number;
  readonly cloudFormationThrottled: number;
  /** The most functions that ran at once. */
  readonly executions: number;
}

/** What several runs of one operation on one size came to. */
export interface OperationResult {
  readonly id: ContenderId;
  readonly contacts: number;
  readonly error?: string;
  readonly leastSeconds: number;
  readonly seconds?: Figure;
  /** Of the seconds to the least; undefined where all fit into the burst. */
  readonly ratio?: Figure;
  readonly busy?: Figure;
  readonly calls?: Figure;
  readonly throttled?: Figure;
  readonly cloudFormationCalls?: Figure;
  readonly cloudFormationThrottled?: Figure;
  readonly executions?: Figure;
  readonly runs: OperationRun[];
}

export interface DeploymentsResult {
  readonly timeScale: number;
  readonly creations: OperationResult[];
  /** The largest at half the pace: if it takes as many sandbox seconds, the machine is not what is measured. */
  readonly slower: OperationResult;
  /** 200 accounts with three contacts each, half of them in each of two stacks, deployed at the same time. */
  readonly twoStacks: OperationResult;
  /** This library where a refused call takes a token as well. */
  readonly refusedTakesToken: OperationResult;
  /** This library under the quotas of the partition aws-cn. */
  readonly china: OperationResult;
  /** Every contact of the largest stack gets other values: this library, and the hand-written class. */
  readonly updates: OperationResult[];
  /** The largest by this library where ten functions may run at once. */
  readonly fewExecutions: { readonly timeScale: number; readonly creation: OperationResult; readonly deletion: OperationResult };
  readonly deletionTimeScale: number;
  readonly deletions: OperationResult[];
  /** The largest by this library where CloudFormation throttles nothing: AWS does not document at what rate it does. */
  readonly unthrottledDeletion: OperationResult;
}

export interface DeploymentPlan {
  readonly sizes: number[];
  readonly rounds: number;
  /** Rounds of the largest, which takes minutes. */
  readonly largestRounds: number;
  readonly timeScale: number;
  /** Deletions take five times as long, and make fewer calls a second. */
  readonly deletionTimeScale: number;
  /** Accounts that get three contacts each, in two stacks. */
  readonly twoStacksAccounts: number;
}

interface Assembly {
  readonly directory: string;
  readonly template: Template;
}

interface Subject {
  readonly accounts: number;
  readonly stacks: Assembly[];
}

interface Surroundings extends Pick<SandboxOptions, 'quotas' | 'cloudFormationQuotas' | 'refusedTakesToken' | 'concurrentExecutions'> {
  readonly timeScale: number;
}

export async function measureDeployments(
  { sizes, rounds, largestRounds, timeScale, deletionTimeScale, twoStacksAccounts }: DeploymentPlan, progress: (text: string) => void,
): Promise<DeploymentsResult> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const assemblies = new Map<string, Assembly | string>();
  const subjectOf = async (id: ContenderId, contacts: number, edition = 0): Promise<Subject | string> => {
    const key = `${id}-${contacts}-${edition}`;
    const assembly = assemblies.get(key) ?? await assemble(id, contacts, join(directory, key), { edition });
    assemblies.set(key, assembly);
    return typeof assembly === 'string' ? assembly : { accounts: contacts, stacks: [assembly] };
  };
  /** Measures an operation on all contenders that can be deployed at that size. */
  const compare = async (what: string, contacts: number, quota: Quota, times: number, operate: (subject: Subject) => Promise<OperationRun>) => {
    const subjects = new Map<ContenderId, Subject>();
    const errors = new Map<ContenderId, string>();
    for (const id of measuredOn('deployment')) {
      const subject = await subjectOf(id, contacts);
      if (typeof subject === 'string') { errors.set(id, subject); } else { subjects.set(id, subject); }
    }
    const runs = await alternate([...subjects.keys()], times, id => operate(subjects.get(id) as Subject),
      text => progress(`${what} of ${contacts}, ${text}`), true);
    return measuredOn('deployment').map(id => summarize(id, contacts, quota, runs.get(id) ?? [], errors.get(id)));
  };
  const ours = async (what: string, contacts: number, quota: Quota, surroundings: Surroundings) => {
    progress(what);
    return summarize('ours', contacts, quota, [await create(await subjectOf('ours', contacts) as Subject, surroundings)]);
  };
  try {
    const [middle, largest] = sizes.slice(-2);
    const { put } = QUOTAS.aws;
    const creations: OperationResult[] = [];
    const deletions: OperationResult[] = [];
    for (const contacts of sizes) {
      const times = contacts === largest ? largestRounds : rounds;
      creations.push(...await compare('creation', contacts, put, times, subject => create(subject, { quotas: 'documented', timeScale })));
      deletions.push(...await compare('deletion', contacts, QUOTAS.aws.delete, times,
        subject => remove(subject, { timeScale: deletionTimeScale })));
    }

    const half = twoStacksAccounts * 3 / 2;
    const stacks: Assembly[] = [];
    for (const first of [0, half]) {
      stacks.push(await assemble('ours', half, join(directory, `half-${first}`), { first, contactsPerAccount: 3 }) as Assembly);
    }
    const updates: OperationResult[] = [];
    for (const id of ['ours', 'hand-written'] as const) {
      progress(`update of ${largest}: ${id}`);
      const [before, after] = [await subjectOf(id, largest) as Subject, await subjectOf(id, largest, 1) as Subject];
      updates.push(summarize(id, largest, put, [await update(before, after, { timeScale })]));
    }
    const few = { timeScale: 2 * deletionTimeScale, concurrentExecutions: 10 };
    progress(`creation of ${largest}, 10 executions at once`);
    const fewCreated = await create(await subjectOf('ours', largest) as Subject, { quotas: 'documented', ...few });
    progress(`deletion of ${largest}, 10 executions at once`);
    const fewDeleted = await remove(await subjectOf('ours', largest) as Subject, few);
    progress(`deletion of ${largest}, CloudFormation not throttled`);
    const unthrottled = await remove(await subjectOf('ours', largest) as Subject, { cloudFormationQuotas: 'none', timeScale: deletionTimeScale });
    progress(`creation of ${2 * half} in two stacks`);
    const both = await create({ accounts: twoStacksAccounts, stacks }, { quotas: 'documented', timeScale });
    return {
      timeScale,
      creations,
      slower: await ours(`creation of ${largest} at half the pace`, largest, put, { quotas: 'documented', timeScale: timeScale / 2 }),
      twoStacks: summarize('ours', 2 * half, put, [both]),
      refusedTakesToken: await ours(`creation of ${middle}, refused calls take tokens`, middle, put,
        { quotas: 'documented', refusedTakesToken: true, timeScale }),
      china: await ours(`creation of ${middle} in China`, middle, QUOTAS.china.put, { quotas: 'documented-china', timeScale }),
      updates,
      fewExecutions: {
        timeScale: few.timeScale,
        creation: summarize('ours', largest, put, [fewCreated]),
        deletion: summarize('ours', largest, QUOTAS.aws.delete, [fewDeleted]),
      },
      deletionTimeScale,
      deletions,
      unthrottledDeletion: summarize('ours', largest, QUOTAS.aws.delete, [unthrottled]),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Synthesizes a stack; returns the message if it can't be. */
async function assemble(id: ContenderId, contacts: number, directory: string, options: SynthesisOptions = {}): Promise<Assembly | string> {
  const args = [id, String(contacts), directory, JSON.stringify(options)];
  const { result } = await runChild<Synthesis>('synthesis-child.js', args);
  if (result.error !== undefined) { return shortened(result.error); }
  return { directory, template: JSON.parse(readFileSync(join(directory, 'contacts.template.json'), 'utf8')) as Template };
}

async function create(subject: Subject, surroundings: Surroundings): Promise<OperationRun> {
  const sandbox = await start(subject, surroundings);
  try {
    return await time(sandbox, subject, () => deploy(sandbox, subject));
  } finally {
    await sandbox.close();
  }
}

/** Creates the contacts without a limit, which is not measured, and deletes them under the quota. */
function remove(subject: Subject, surroundings: Surroundings): Promise<OperationRun> {
  return change(subject, surroundings, sandbox => Promise.all(subject.stacks.map((_, index) =>
    sandbox.destroy({ stackName: `contacts-${index}`, account: ACCOUNT, region: REGION }))));
}

/** Creates the contacts without a limit, which is not measured, and gives all of them other values under the quota. */
function update(before: Subject, after: Subject, surroundings: Surroundings): Promise<OperationRun> {
  return change(before, surroundings, sandbox => deploy(sandbox, after));
}

async function change(subject: Subject, surroundings: Surroundings, operate: (sandbox: Sandbox) => Promise<StackResult[]>): Promise<OperationRun> {
  // The sandbox reads these at every call: what is measured meets the documented ones.
  const quotas = { put: { ...UNLIMITED }, get: { ...UNLIMITED }, delete: { ...UNLIMITED } };
  const sandbox = await start(subject, { quotas, cloudFormationQuotas: 'inferred', ...surroundings });
  try {
    const created = await deploy(sandbox, subject);
    if (created.some(({ status }) => status !== 'CREATE_COMPLETE')) { throw new Error(`Nothing was created: ${created.map(({ reason }) => reason).join()}`); }
    await sandbox.idle();
    for (const api of ['put', 'get', 'delete'] as const) { Object.assign(quotas[api], QUOTAS.aws[api]); }
    return await time(sandbox, subject, () => operate(sandbox));
  } finally {
    await sandbox.close();
  }
}

function start({ accounts }: Subject, surroundings: Surroundings): Promise<Sandbox> {
  return Sandbox.start({ managementAccount: ACCOUNT, memberAccounts: membersOf(accounts), responseUrl: 's3', ...surroundings });
}

function membersOf(accounts: number): string[] {
  return Array.from({ length: accounts }, (_, index) => accountOf(index));
}

function deploy(sandbox: Sandbox, { stacks }: Subject): Promise<StackResult[]> {
  return Promise.all(stacks.map(({ template, directory }, index) =>
    sandbox.deploy({ stackName: `contacts-${index}`, account: ACCOUNT, region: REGION, template, assetDirectory: directory })));
}

async function time(sandbox: Sandbox, { accounts }: Subject, operate: () => Promise<StackResult[]>): Promise<OperationRun> {
  const before = processorTimes();
  const earlier = sandbox.calls.length;
  const begun = sandbox.clock.now();
  const results = await operate();
  const seconds = (sandbox.clock.now() - begun) / 1000;
  const after = processorTimes();
  const calls = sandbox.calls.slice(earlier);
  const account = calls.filter(({ api }) => api.endsWith('AlternateContact'));
  const cloudFormation = calls.filter(({ api }) => !api.endsWith('AlternateContact'));
  const refused = (of: typeof calls) => of.filter(({ outcome }) => isThrottled({ name: outcome, message: '' })).length;
  return {
    seconds,
    busy: (after.busy - before.busy) / (after.total - before.total),
    status: results.map(({ status }) => status).join(', '),
    set: membersOf(accounts).reduce((sum, member) => sum + sandbox.contacts.list(member).length, 0),
    calls: account.length,
    throttled: refused(account),
    cloudFormationCalls: cloudFormation.length,
    cloudFormationThrottled: refused(cloudFormation),
    executions: sandbox.peakConcurrentExecutions,
  };
}

function processorTimes(): { busy: number; total: number } {
  const times = cpus().map(cpu => cpu.times);
  const total = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { total, busy: total - times.reduce((sum, { idle }) => sum + idle, 0) };
}

function summarize(id: ContenderId, contacts: number, quota: Quota, runs: OperationRun[], error?: string): OperationResult {
  const least = leastSeconds(contacts, quota);
  if (runs.length === 0) { return { id, contacts, error, leastSeconds: least, runs }; }
  const of = (value: (run: OperationRun) => number) => figure(runs.map(value));
  return {
    id,
    contacts,
    leastSeconds: least,
    seconds: of(run => run.seconds),
    ...(least > 0 && { ratio: of(run => run.seconds / least) }),
    busy: of(run => run.busy),
    calls: of(run => run.calls),
    throttled: of(run => run.throttled),
    cloudFormationCalls: of(run => run.cloudFormationCalls),
    cloudFormationThrottled: of(run => run.cloudFormationThrottled),
    executions: of(run => run.executions),
    runs,
  };
}
