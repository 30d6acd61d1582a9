import type { Goal } from './goals';
import type { LoopResult } from './organization-alternatives';
import type { ConstructSize } from './organization-construct';
import { QUOTAS, textOf } from './quota';
import { table } from './report';

export interface SweepMeasurement {
  readonly accounts: number;
  readonly state: 'drifted' | 'in sync';
  readonly share: number;
  readonly status: string;
  readonly minutes: number;
  /** The least that the quotas allow. */
  readonly boundMinutes: number;
  readonly throttled: number;
  readonly throttledLists: number;
  readonly dollars: number;
  readonly historyEvents: number;
  readonly children: number;
}

/** Everything that one run found. */
export interface OrganizationResults {
  readonly command: string;
  readonly date: string;
  readonly versions: Record<string, string>;
  readonly measurements: SweepMeasurement[];
  readonly loops: LoopResult[];
  readonly construct: ConstructSize;
}

/** The most time that a sweep may take, as a multiple of the least that the quotas allow, by the share of them that it uses. */
const MOST = new Map([[0.8, 1.3], [1, 1.1]]);
const MOST_DOLLARS = 0.1;

const ratio = ({ minutes, boundMinutes }: SweepMeasurement) => minutes / boundMinutes;
const times = (value: number) => `${value.toFixed(2)} x`;
const thousands = (value: number) => value.toLocaleString('en-US');
const isMissed = (measurement: SweepMeasurement) => ratio(measurement) > (MOST.get(measurement.share) ?? Infinity);

function goals({ measurements }: OrganizationResults): Omit<Goal, 'reason'>[] {
  const range = (values: number[], text: (value: number) => string) => `${text(Math.min(...values))} to ${text(Math.max(...values))}`;
  // A run may leave out sizes and shares, and then their goals.
  const timeGoals = [...MOST].filter(([share]) => measurements.some(measurement => measurement.share === share)).map(([share, most]) => {
    const all = measurements.filter(measurement => measurement.share === share);
    const missed = all.filter(isMissed).map(({ accounts, state }) => `${thousands(accounts)} ${state}`).join(', ');
    return {
      goal: `At a share of ${share}, a sweep takes at most ${most} x what the quotas allow`,
      found: `${range(all.map(ratio), times)}${missed && `; missed: ${missed}`}`,
      isReached: missed === '',
    };
  });
  const shared = measurements.filter(({ share }) => share < 1);
  const throttled = shared.reduce((sum, measurement) => sum + measurement.throttled + measurement.throttledLists, 0);
  const perTenThousand = measurements.filter(({ accounts }) => accounts >= 10_000).map(({ dollars, accounts }) => dollars / accounts * 10_000);
  return [
    ...timeGoals,
    { goal: 'At a share of 0.8, no call is throttled', found: `${throttled} throttled`, isReached: throttled === 0 },
    ...perTenThousand.length === 0 ? [] : [{
      goal: `A sweep of 10,000 accounts or more costs less than ${MOST_DOLLARS.toFixed(2)} USD per 10,000`,
      found: `${range(perTenThousand, value => value.toFixed(3))} USD per 10,000`,
      isReached: Math.max(...perTenThousand) < MOST_DOLLARS,
    }],
  ];
}

/** The whole of organization.md. */
export function reportOrganization(results: OrganizationResults): string {
  const { command, date, versions, measurements, loops, construct } = results;
  const used = ['node', 'cdk-alternate-contact', 'aws-cdk-lib', 'constructs'].map(name => `${name} ${versions[name]}`).join(', ');
  return `# Sweeps of an organization

<!-- Written by verification/benchmarks/organization.ts: run it again instead of editing this. -->

${date}, \`${command}\`. ${used}.

The state machine of \`OrganizationAlternateContacts\` with three contacts for every account, on the sandbox's Step Functions. The clock is virtual: times do
not depend on the machine that measures, but on the sandbox's timings (0.12 seconds per call and 0.3 seconds to start a child, both assumed). At a share of 1,
throttled calls are repeated after random pauses, so times differ a little from run to run. A throttled call uses up nothing of the quota (assumed). The quotas are
the documented ones: ${textOf(QUOTAS.aws.put)} for puts, ${textOf(QUOTAS.aws.get)} for gets. One \`ListAccounts\` per second is assumed, because AWS documents no rate.

\`drifted\`: every contact was edited by hand, and is set. \`in sync\`: every contact is as declared, and is only read. The bound is the least that the quotas allow.
USD: prices of us-east-1 for state transitions, EXPRESS requests and GB-seconds; logs and events are left out.

## Goals

${table(['goal', 'found', ''], goals(results).map(({ goal, found, isReached }) => [goal, found, isReached ? 'reached' : '**missed**']))}
${measurements.some(isMissed) ? `
Why sweeps took longer than the goal: at a share of 0.8, the pace alone takes 1.25 x as long as the rates of the quotas allow. In small organizations it is more,
because the bound begins with a burst, which a sweep leaves to others. A sweep also lists the first accounts, starts children, and waits for the slowest lane at
the end of each round.
` : ''}
## Measurements

${table(
  ['accounts', 'state', 'share', 'ended', 'minutes', 'bound', 'x bound', 'throttled', 'throttled lists', 'USD', 'history events', 'children'],
  measurements.map(measurement => [
    thousands(measurement.accounts), measurement.state, measurement.share, measurement.status, measurement.minutes.toFixed(1),
    measurement.boundMinutes.toFixed(1),
    times(ratio(measurement)), measurement.throttled, measurement.throttledLists, measurement.dollars.toFixed(4),
    measurement.historyEvents, measurement.children,
  ]),
)}

A STANDARD execution may have 25,000 history events. A throttled call is repeated and does no harm, but at a share of 1 other callers are throttled too.

## One function that loops

A Lambda function gets each contact, compares it and puts it if it differs, until its 15 minutes are over. This is simulated with the same quotas and the same
0.12 seconds per call. Listing the accounts takes no time, and nobody else uses the quotas, so a real function does less.

${table(['state', 'accounts at once', 'accounts until the time is over'], loops.map(({ state, atOnce, accounts }) => [state, atOnce, thousands(accounts)]))}

## A stack of AlternateContacts

A stack holds 490 contacts, which are 163 accounts with three each. It creates them at the pace of the quotas: see "Deployments" in [results.md](results.md).
It covers the accounts that the app names, and corrects no edit.

## The construct in a template

${table(['', 'found'], [
  ['template, as JSON without spaces', `${thousands(construct.templateBytes)} bytes`],
  ['definition of the state machine', `${thousands(construct.definitionBytes)} bytes`],
  ['resources', construct.resources],
])}
`;
}
