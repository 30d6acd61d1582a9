import { join } from 'node:path';
import { assemble, Assembly, inNewDirectory } from './child';
import { leastSeconds, Quota, QUOTAS, UNLIMITED } from './quota';
import { Figure, figure, takeTurns } from './statistics';
import type { SynthesisOptions } from './synthesis-child';
import { isThrottled } from '../../lambda/sdk-error';
import { Sandbox, SandboxOptions, StackResult } from '../../sandbox';
import { ACCOUNT, accountOf, ContenderId, measuredOn, REGION } from '../contenders/contender';

export type Operation = 'creation' | 'update' | 'deletion';

/** One operation on stacks of one contender. */
interface DeploymentCase {
  readonly id: ContenderId;
  readonly operation: Operation;
  readonly contacts: number;
  /** How it differs from the plain operation. */
  readonly note?: string;
  /** Two stacks are deployed at once, each with half of the contacts, three per account. */
  readonly isInTwoStacks?: boolean;
  readonly surroundings: Surroundings;
}

type Surroundings = Pick<SandboxOptions, 'timeScale' | 'cloudFormationQuotas' | 'refusedTakesToken' | 'concurrentExecutions'> & { readonly isInChina?: boolean };

/** The numbers of one run. */
interface Counters<T = number> {
  /** Of the sandbox's clock, from the call until the stack is done. */
  readonly seconds: T;
  /** How many contacts exist afterwards. */
  readonly set: T;
  /** Calls of Account Management. */
  readonly calls: T;
  readonly throttled: T;
  readonly cloudFormationCalls: T;
  readonly cloudFormationThrottled: T;
  /** The most functions that ran at once. */
  readonly executions: T;
}

interface OperationRun {
  readonly status: string;
  readonly counters: Counters;
}

/** All runs of one case. */
export interface OperationResult extends Pick<DeploymentCase, 'id' | 'operation' | 'contacts' | 'note'> {
  /** Why the stack cannot be synthesized at that size; then nothing else is known. */
  readonly refusal?: string;
  /** The least seconds that the quota allows. */
  readonly leastSeconds: number;
  readonly statuses: readonly string[];
  readonly figures?: Counters<Figure>;
}

export interface DeploymentPlan {
  readonly sizes: number[];
  readonly rounds: number;
  /** Rounds of the largest size, which takes minutes. */
  readonly largestRounds: number;
  /** How many times as fast as the machine's the sandbox's clock runs. */
  readonly timeScale: number;
  /** Deletions take five times as long, and make fewer calls per second. */
  readonly deletionTimeScale: number;
  /** How many contacts two stacks have together. */
  readonly inTwoStacks: number;
}

/** Cases that take turns. */
interface Group {
  readonly rounds: number;
  readonly cases: DeploymentCase[];
}

function groupsOf({ sizes, rounds, largestRounds, timeScale, deletionTimeScale, inTwoStacks }: DeploymentPlan): Group[] {
  const [middle, largest] = sizes.slice(-2);
  const plain = (operation: Operation, contacts: number, id: ContenderId = 'ours'): DeploymentCase =>
    ({ id, operation, contacts, surroundings: { timeScale: operation === 'deletion' ? deletionTimeScale : timeScale } });
  const comparisons = sizes.flatMap(contacts => (['creation', 'deletion'] as const).map((operation): Group =>
    ({ rounds: contacts === largest ? largestRounds : rounds, cases: measuredOn('deployment').map(id => plain(operation, contacts, id)) })));
  const special = (note: string, base: DeploymentCase, surroundings: Surroundings, more: Partial<DeploymentCase> = {}): DeploymentCase =>
    ({ ...base, note, surroundings: { ...base.surroundings, ...surroundings }, ...more });
  const fewExecutions = { concurrentExecutions: 10, timeScale: 2 * deletionTimeScale };
  const single = [
    ...(['ours', 'hand-written'] as const).map(id => plain('update', largest, id)),
    special('two stacks at once', plain('creation', inTwoStacks), {}, { isInTwoStacks: true }),
    // If it takes as many seconds, the machine is not what is measured.
    special('the clock at half the pace', plain('creation', largest), { timeScale: timeScale / 2 }),
    special('if a refused call takes a token', plain('creation', middle), { refusedTakesToken: true }),
    special('quotas of China', plain('creation', middle), { isInChina: true }),
    special('ten functions at once', plain('creation', largest), fewExecutions),
    special('ten functions at once', plain('deletion', largest), fewExecutions),
    special('CloudFormation not throttled', plain('deletion', largest), { cloudFormationQuotas: 'none' }),
  ];
  return [...comparisons, { rounds: 1, cases: single }];
}

/** Measures every case in the sandbox. */
export async function measureDeployments(plan: DeploymentPlan, progress: (text: string) => void): Promise<OperationResult[]> {
  const results: OperationResult[] = [];
  for (const { rounds, cases } of groupsOf(plan)) {
    const runs = await takeTurns(cases, rounds, measured => {
      const { operation, contacts, id, note } = measured;
      progress([`${operation} of ${contacts}`, id, note].filter(Boolean).join(', '));
      return inNewDirectory(directory => measure(measured, directory));
    });
    results.push(...[...runs].map(([measured, list]) => summarize(measured, list)));
  }
  return results;
}

/** Runs a case in a new sandbox. Returns a message if a stack cannot be synthesized. */
async function measure(measured: DeploymentCase, directory: string): Promise<OperationRun | string> {
  const { operation, contacts, isInTwoStacks, surroundings: { isInChina, ...surroundings } } = measured;
  const accounts = Array.from({ length: isInTwoStacks ? contacts / 3 : contacts }, (_, index) => accountOf(index));
  const stacks = await synthesize(measured, directory, 0);
  if (typeof stacks === 'string') { return stacks; }
  const after = operation === 'update' ? await synthesize(measured, directory, 1) as Assembly[] : stacks;
  const documented = isInChina ? QUOTAS.china : QUOTAS.aws;
  // The sandbox reads these at each call. Before an update or a deletion, the contacts are created without quotas, which is not measured.
  const quotas = { put: { ...UNLIMITED }, get: { ...UNLIMITED }, delete: { ...UNLIMITED } };
  const sandbox = await Sandbox.start({
    managementAccount: ACCOUNT, memberAccounts: accounts, responseUrl: 's3', quotas, cloudFormationQuotas: 'inferred', ...surroundings,
  });
  try {
    if (operation !== 'creation') {
      const created = await deploy(sandbox, stacks);
      if (created.some(({ status }) => status !== 'CREATE_COMPLETE')) { throw new Error(`Nothing was created: ${created.map(({ reason }) => reason).join()}`); }
      await sandbox.idle();
    }
    for (const api of ['put', 'get', 'delete'] as const) { Object.assign(quotas[api], documented[api]); }
    const earlier = sandbox.calls.length;
    const begun = sandbox.clock.now();
    const results = await (operation === 'deletion' ? destroy(sandbox, stacks) : deploy(sandbox, after));
    const seconds = (sandbox.clock.now() - begun) / 1000;
    const ofAccounts = sandbox.calls.slice(earlier).filter(({ api }) => api.endsWith('AlternateContact'));
    const ofStacks = sandbox.calls.slice(earlier).filter(({ api }) => !api.endsWith('AlternateContact'));
    const throttled = (calls: typeof ofStacks) => calls.filter(({ outcome }) => isThrottled({ name: outcome, message: '' })).length;
    return {
      status: results.map(({ status }) => status).join(', '),
      counters: {
        seconds,
        set: accounts.flatMap(account => sandbox.contacts.list(account)).length,
        calls: ofAccounts.length,
        throttled: throttled(ofAccounts),
        cloudFormationCalls: ofStacks.length,
        cloudFormationThrottled: throttled(ofStacks),
        executions: sandbox.peakConcurrentExecutions,
      },
    };
  } finally {
    await sandbox.close();
  }
}

async function synthesize({ id, contacts, isInTwoStacks }: DeploymentCase, directory: string, edition: number): Promise<Assembly[] | string> {
  const stacks: Assembly[] = [];
  const options: SynthesisOptions[] = isInTwoStacks ? [0, contacts / 2].map(first => ({ first, contactsPerAccount: 3 })) : [{}];
  for (const [index, of] of options.entries()) {
    const assembly = await assemble(id, contacts / options.length, join(directory, `${index}-${edition}`), { ...of, edition });
    if ('refusal' in assembly) { return assembly.refusal; }
    stacks.push(assembly);
  }
  return stacks;
}

function deploy(sandbox: Sandbox, stacks: Assembly[]): Promise<StackResult[]> {
  return Promise.all(stacks.map(({ template, directory }, index) =>
    sandbox.deploy({ stackName: `contacts-${index}`, account: ACCOUNT, region: REGION, template, assetDirectory: directory })));
}

function destroy(sandbox: Sandbox, stacks: Assembly[]): Promise<StackResult[]> {
  return Promise.all(stacks.map((_, index) => sandbox.destroy({ stackName: `contacts-${index}`, account: ACCOUNT, region: REGION })));
}

function quotaOf({ operation, surroundings: { isInChina } }: DeploymentCase): Quota {
  const quotas = isInChina ? QUOTAS.china : QUOTAS.aws;
  return operation === 'deletion' ? quotas.delete : quotas.put;
}

function summarize(measured: DeploymentCase, results: (OperationRun | string)[]): OperationResult {
  const { id, operation, contacts, note } = measured;
  const runs = results.filter(result => typeof result !== 'string');
  return {
    id,
    operation,
    contacts,
    note,
    refusal: results.find(result => typeof result === 'string'),
    leastSeconds: leastSeconds(contacts, quotaOf(measured)),
    statuses: [...new Set(runs.map(({ status }) => status))],
    figures: runs.length > 0 ? figuresOf(runs.map(({ counters }) => counters)) : undefined,
  };
}

function figuresOf(runs: Counters[]): Counters<Figure> {
  const of = (name: keyof Counters) => figure(runs.map(run => run[name]));
  return {
    seconds: of('seconds'),
    set: of('set'),
    calls: of('calls'),
    throttled: of('throttled'),
    cloudFormationCalls: of('cloudFormationCalls'),
    cloudFormationThrottled: of('cloudFormationThrottled'),
    executions: of('executions'),
  };
}
