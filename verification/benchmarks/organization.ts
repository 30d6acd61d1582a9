/*
 * How long a sweep of a whole organization takes, what it costs and what it leaves behind, on a clock that jumps: no call is real, all quotas are.
 *
 *   tsx verification/benchmarks/organization.ts [--accounts 100,1000,10000,40000] [--shares 0.8,1] [--report]
 *
 * All of it takes some 20 minutes, and docs/organization.md needs all of it; measurements that organization.json has of other sizes are kept.
 * Prints each measurement as a line of JSON, and writes organization.json, organization.md and a plot; with --report from what is in organization.json.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LoopResult, simulateLoop } from './organization-alternatives';
import { definitionBytes, MANAGEMENT, measureConstruct, synthesizeContacts } from './organization-construct';
import { SweepMeasurement, OrganizationResults, plotOrganization, reportOrganization } from './organization-report';
import { render } from './plots';
import { leastSeconds, QUOTAS } from './quota';
import { versions } from './results';
import { StoredContact, Execution, Sandbox, VirtualClock } from '../../sandbox';
import { CONTACT_TYPES } from '../../sandbox/account/contacts';

const FILE = join(__dirname, 'organization.json');
const CONSTRUCT_ROUNDS = 31;

/** In US dollars, us-east-1: a transition of a STANDARD execution; a request and a GB-second of an EXPRESS one, which takes 64 MB. */
const PRICES = { transition: 0.025 / 1000, request: 1 / 1_000_000, second: 0.00001667 / 16 };

/** What is measured once, without how it was measured. */
type Found = Omit<SweepMeasurement, 'command' | 'date'>;

async function measure(accounts: number, share: number): Promise<Found[]> {
  const clock = new VirtualClock();
  const members = Array.from({ length: accounts - 1 }, (_, index) => String(200000000000 + index));
  const sandbox = await Sandbox.start({
    clock, managementAccount: MANAGEMENT, memberAccounts: members, quotas: 'documented', organizations: { rates: 'plausible', emptyPageEvery: 10 },
  });
  try {
    const template = synthesizeContacts(share);
    await clock.until(sandbox.deploy({ stackName: 'Contacts', account: MANAGEMENT, template }));
    await clock.advance(2); // the schedule's first sweep has begun
    const { machineArn } = sandbox.stepFunctions.executions[0].identity;
    sandbox.stepFunctions.executions.forEach(execution => execution.finish('ABORTED', {}));
    await clock.advance(100); // and the buckets are full again
    sandbox.stepFunctions.executions.forEach(execution => execution.finish('ABORTED', {}));
    await clock.advance(100);
    for (const account of [MANAGEMENT, ...members]) {
      CONTACT_TYPES.forEach(type => sandbox.contacts.put(account, { ...BY_HAND, AlternateContactType: type }));
    }
    const result: Found[] = [];
    for (const state of ['drifted', 'in sync'] as const) {
      const began = performance.now();
      const first = sandbox.calls.length;
      const execution = sandbox.stepFunctions.start(machineArn, {});
      await clock.until(execution.ended);
      const throttled = sandbox.calls.slice(first).filter(({ outcome }) => outcome === 'TooManyRequestsException');
      const contacts = accounts * CONTACT_TYPES.length;
      result.push({
        accounts,
        state,
        share,
        status: execution.status,
        minutes: (clock.now() - execution.startedAt) / 60_000,
        boundMinutes: leastSeconds(contacts, state === 'drifted' ? QUOTAS.aws.put : QUOTAS.aws.get) / 60,
        throttled: throttled.filter(({ api }) => api.endsWith('AlternateContact')).length,
        throttledLists: throttled.filter(({ api }) => api === 'ListAccounts').length,
        dollars: dollars(execution),
        historyEvents: execution.history.length,
        children: childrenOf(execution).length,
        definitionBytes: definitionBytes(template),
        realSeconds: (performance.now() - began) / 1000,
      });
      await clock.advance(60);
    }
    return result;
  } finally {
    await sandbox.close();
  }
}

const BY_HAND: Omit<StoredContact, 'AlternateContactType'> = { EmailAddress: 'hand@example.com', Name: 'By Hand', PhoneNumber: '1', Title: 'None' };

function childrenOf({ mapRuns }: Execution): Execution[] {
  return mapRuns.flatMap(({ executions }) => executions);
}

/** Each child is charged as a transition of its parent too. */
function dollars(execution: Execution): number {
  const children = childrenOf(execution);
  const seconds = children.reduce((sum, { startedAt, stoppedAt = startedAt }) => sum + (stoppedAt - startedAt) / 1000, 0);
  return (execution.transitions + children.length) * PRICES.transition + children.length * PRICES.request + seconds * PRICES.second;
}

/** Measurements of other sizes and shares, made by earlier runs, are kept. */
function keep(measurements: SweepMeasurement[]): SweepMeasurement[] {
  const known = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as OrganizationResults).measurements : [];
  const key = ({ accounts, state, share }: SweepMeasurement) => `${accounts}/${state}/${share}`;
  const all = new Map([...known, ...measurements].map(measurement => [key(measurement), measurement]));
  return [...all.values()].sort((one, other) => one.accounts - other.accounts || one.share - other.share || one.state.localeCompare(other.state));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '100,1000,10000,40000' }, shares: { type: 'string', default: '0.8,1' }, report: { type: 'boolean', default: false },
    },
  });
  const numbers = (list: string) => list.split(',').map(Number);
  const command = ['tsx verification/benchmarks/organization.ts', ...process.argv.slice(2)].join(' ');
  const measured = { command, date: new Date().toISOString().slice(0, 10) };
  const measurements: SweepMeasurement[] = [];
  for (const accounts of values.report ? [] : numbers(values.accounts)) {
    for (const share of numbers(values.shares)) {
      for (const found of await measure(accounts, share)) {
        process.stdout.write(`${JSON.stringify(found)}\n`);
        measurements.push({ ...found, ...measured });
      }
    }
  }
  const loops: LoopResult[] = [];
  for (const state of ['drifted', 'in sync'] as const) {
    for (const atOnce of [1, 5]) { loops.push(await simulateLoop(state, atOnce)); }
  }
  const construct = measureConstruct(CONSTRUCT_ROUNDS);
  const results: OrganizationResults = { ...measured, versions: versions(__dirname), measurements: keep(measurements), loops, construct };
  writeFileSync(FILE, `${JSON.stringify(results, (_, value: unknown) => typeof value === 'number' ? Number(value.toPrecision(6)) : value, 1)}\n`);
  writeFileSync(join(__dirname, 'organization.md'), reportOrganization(results));
  writeFileSync(join(__dirname, 'plots', 'organization.svg'), await render(plotOrganization(results)));
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
