/*
 * Measures how long a sweep of a whole organization takes and what it costs, in the sandbox, on a clock that jumps.
 *
 *   tsx verification/benchmarks/organization.ts [--accounts 100,1000,10000,40000] [--shares 0.8,1]
 *
 * It takes some 20 minutes, prints each measurement as a line of JSON, and writes organization.md. docs/organization.md quotes all sizes and shares.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulateLoop } from './organization-alternatives';
import { MANAGEMENT, measureConstruct, synthesizeContacts } from './organization-construct';
import { OrganizationResults, reportOrganization, SweepMeasurement } from './organization-report';
import { leastSeconds, QUOTAS } from './quota';
import { versions } from './results';
import { StoredContact, Execution, Sandbox, VirtualClock } from '../../sandbox';
import { CONTACT_TYPES } from '../../sandbox/account/contacts';


/** In US dollars, us-east-1: a transition of a STANDARD execution; a request and a GB-second of an EXPRESS one, which takes 64 MB. */
const PRICES = { transition: 0.025 / 1000, request: 1 / 1_000_000, second: 0.00001667 / 16 };

async function measure(accounts: number, share: number): Promise<SweepMeasurement[]> {
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
    const result: SweepMeasurement[] = [];
    for (const state of ['drifted', 'in sync'] as const) {
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

async function measureAll(accounts: number[], shares: number[]): Promise<OrganizationResults> {
  const measurements: SweepMeasurement[] = [];
  for (const size of accounts) {
    for (const share of shares) {
      const found = await measure(size, share);
      found.forEach(measurement => process.stdout.write(`${JSON.stringify(measurement)}\n`));
      measurements.push(...found);
    }
  }
  return {
    command: ['tsx verification/benchmarks/organization.ts', ...process.argv.slice(2)].join(' '),
    date: new Date().toISOString().slice(0, 10),
    versions: versions(__dirname),
    measurements,
    loops: await Promise.all((['drifted', 'in sync'] as const).flatMap(state => [1, 5].map(atOnce => simulateLoop(state, atOnce)))),
    construct: measureConstruct(),
  };
}

async function main(): Promise<void> {
  const { values: { accounts, shares } } = parseArgs({
    options: { accounts: { type: 'string', default: '100,1000,10000,40000' }, shares: { type: 'string', default: '0.8,1' } },
  });
  const numbers = (list: string) => list.split(',').map(Number);
  writeFileSync(join(__dirname, 'organization.md'), reportOrganization(await measureAll(numbers(accounts), numbers(shares))));
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
