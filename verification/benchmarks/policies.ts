import { Batch, PausePolicy, PauseResult, Refused, simulate, QuotaCall } from './pauses';
import { INFERRED_LISTING, Quota, QUOTAS, textOf, UNLIMITED } from './quota';
import type { Figure } from './statistics';
import { LONGEST_PAUSE, longestAskPause, longestDeletePause } from '../../lambda/pauses';

/** What this library does: by the code that it does it with. */
export const OURS: PausePolicy = {
  family: 'this library',
  label: 'this library',
  pause: ({ isListing, batch, waited, elapsed, age, random }) => {
    const forDelete = () => batch === 0 ? LONGEST_PAUSE : longestDeletePause(batch, waited * 1000, age * 1000);
    return random() * (isListing ? longestAskPause(elapsed * 1000) : forDelete()) / 1000;
  },
};
/** What the hand-written function does: the SDK's standard pauses, up to 20 seconds, for 100 attempts. */
const SDK: PausePolicy = {
  family: 'the SDK',
  label: 'hand-written, 100 attempts',
  pause: uniform(({ refusals }) => refusals < 100 ? Math.min(20, 0.5 * 2 ** refusals) : 1e6),
};
/** What its Deletes did before they knew the batch. */
const FIXED: PausePolicy = { family: 'fixed', label: '0 to 6 s', pause: uniform(() => 6) };

/** The families of policies that were tried for a Create, each with the parameter that makes its pauses longer. */
const CREATION_POLICIES: PausePolicy[] = [
  ...curve('0 to L seconds', [1.5, 3, 6, 12, 24, 48], longest => uniform(() => longest)),
  ...curve('0 to 2^n seconds, at most L', [6, 12, 24, 48], longest => uniform(({ refusals }) => Math.min(longest, 2 ** refusals))),
  ...curve('decorrelated jitter, at most L', [6, 12, 24, 48], longest => ({ last, random }) =>
    Math.min(longest, 1 + random() * (3 * Math.max(1, last) - 1))),
  ...curve('0 to 2 seconds and the age / L', [20, 10, 5, 2.5], divisor => uniform(({ age }) => 2 + age / divisor)),
  ...curve('batch known: 0 to what it takes, at least L', [1.5, 3, 6, 12], longest => uniform(({ batch, age }) =>
    Math.max(longest, batch / QUOTAS.aws.put.rate - age))),
];

/** One policy at several sizes, under surroundings that make a row of their own. */
export interface PauseRow {
  readonly label: string;
  readonly surroundings: string;
  readonly results: PauseResult[];
}

export interface PausesResult {
  /** The policies for Creates, at 60 and at 490 contacts. */
  readonly curves: PauseResult[];
  readonly creations: PauseRow[];
  /** An Update of every contact of a stack. */
  readonly updates: PauseRow[];
  readonly deletions: PauseRow[];
  /** How many of so many simultaneous Deletes, in two stacks, are not done in time. */
  readonly exhausted: { contacts: number; failed: Figure }[];
}

const CREATION_SIZES = [20, 60, 120, 490];
const DELETION_SIZES = [10, 30, 60, 120, 250, 490, 600];
/** New accounts may have no more. */
const FEW_EXECUTIONS = 10;

export function measurePauses(): PausesResult {
  const { aws, china } = QUOTAS;
  return {
    curves: CREATION_POLICIES.flatMap(policy => [60, 490].map(contacts => simulate(policy, { ...creation(contacts), knowsBatch: true }))),
    creations: [
      ...rows('the quotas of the aws partition', CREATION_SIZES, contacts => creation(contacts), [OURS]),
      ...rows('a refused call takes a token', CREATION_SIZES, contacts => ({ ...creation(contacts), refusedTakesToken: true }), [OURS]),
      ...rows('a refused call takes a token', CREATION_SIZES, contacts => ({ contacts, steps: [{ quota: aws.put }], refusedTakesToken: true }), [SDK]),
      ...rows('the quotas of China', CREATION_SIZES, contacts => creation(contacts, china), [OURS]),
      ...rows(`${FEW_EXECUTIONS} concurrent executions`, CREATION_SIZES, contacts => ({ ...creation(contacts), concurrency: FEW_EXECUTIONS }), [OURS]),
    ],
    updates: rows('the quotas of the aws partition', CREATION_SIZES, contacts => ({ contacts, steps: [{ quota: aws.put }] }), [OURS]),
    deletions: [
      ...rows('the quotas of the aws partition', DELETION_SIZES, contacts => deletion(contacts)),
      ...rows('two stacks of that size at once', DELETION_SIZES, contacts => ({ ...deletion(contacts), stacks: 2 })),
      ...rows(`${FEW_EXECUTIONS} concurrent executions`, DELETION_SIZES, contacts => ({ ...deletion(contacts), concurrency: FEW_EXECUTIONS })),
      ...rows(`ListStackResources ${textOf(INFERRED_LISTING)}`, DELETION_SIZES, contacts => deletion(contacts, INFERRED_LISTING)),
      ...rows('a refused call takes a token', DELETION_SIZES, contacts => ({ ...deletion(contacts), refusedTakesToken: true })),
      ...rows('a refused call takes a token', DELETION_SIZES, contacts => ({ contacts, steps: [{ quota: aws.delete }], refusedTakesToken: true }), [SDK]),
    ],
    exhausted: [600, 700, 800, 850, 900, 950].map(contacts =>
      ({ contacts, failed: simulate(OURS, { ...deletion(contacts / 2), stacks: 2 }).failed })),
  };
}

function rows(surroundings: string, sizes: number[], batchOf: (contacts: number) => Batch, policies = [FIXED, OURS]): PauseRow[] {
  return policies.map(policy => ({ label: policy.label, surroundings, results: sizes.map(contacts => simulate(policy, batchOf(contacts))) }));
}

/** A Create looks, puts, and looks again, which it does without if the second look is refused for long. */
export function creation(contacts: number, { get, put }: { get: Quota; put: Quota } = QUOTAS.aws): Batch {
  return { contacts, steps: [{ quota: get }, { quota: put }, { quota: get, within: 90 }] };
}

/**
 * The deletion of a whole stack. A Delete reads the first 100 resources, and finds how many are being deleted; where there are more, it asks whether the
 * whole stack goes, and takes the batch from its environment, which has the contacts of the stack, rounded down.
 */
export function deletion(contacts: number, listing = UNLIMITED): Batch {
  const isOnePage = contacts + 4 <= 100;
  const asked: QuotaCall[] = [{ quota: listing, asks: true }, { quota: { ...listing }, asks: true }];
  return {
    contacts,
    steps: [...asked.slice(0, isOnePage ? 1 : 2), { quota: QUOTAS.aws.delete }],
    statedBatch: isOnePage ? undefined : Math.floor(contacts / 50) * 50,
  };
}

function uniform(longest: (refused: Refused) => number): PausePolicy['pause'] {
  return refused => longest(refused) * refused.random();
}

function curve(family: string, parameters: number[], pauseOf: (parameter: number) => PausePolicy['pause']): PausePolicy[] {
  return parameters.map(parameter => ({ family, label: String(parameter), pause: pauseOf(parameter) }));
}
