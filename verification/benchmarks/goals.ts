import type { OperationResult } from './deployment';
import { EVENTS, FunctionResult } from './function';
import { INFERRED_LISTING, leastSeconds, textOf } from './quota';
import type { Results } from './results';
import { Figure, figure } from './statistics';
import { labelOf, measuredOn } from '../contenders/contender';

const SLOPE_GOAL = 1.15;
const CONTACTS_GOAL = 490;
/** The seconds of a creation to the least that the quota takes: the few have more to lose by a pause than the many. */
export function creationGoal(contacts: number): number {
  return contacts < 100 ? 1.25 : 1.1;
}
const DELETION_GOAL = { ratio: 1.1, calls: 3 };

/** What was aimed at, what was found, and why it was missed if it was. */
export interface Goal {
  readonly goal: string;
  readonly found: string;
  readonly reached: boolean;
  readonly why?: string;
}

export function goals(results: Results): Goal[] {
  return [...synthesisGoals(results), ...templateGoals(results), ...functionGoals(results), ...deploymentGoals(results)];
}

function synthesisGoals({ synthesis }: Results): Goal[] {
  const { ours, bare } = synthesis;
  const written = synthesis['hand-written'];
  const why = 'A contact checks its values, is noted against duplicates, and is named in the policy of the role, which the hand-written class does '
    + 'not do. The profile below tells the shares.';
  const goal = (name: string, slopeOf: (result: typeof ours) => number, rangeOf: (result: typeof ours) => Figure): Goal => {
    const ratio = slopeOf(ours) / slopeOf(written);
    return {
      goal: `Synthesis: ${name} per contact at most ${SLOPE_GOAL} x that of a hand-written class`,
      found: `${(slopeOf(ours) / slopeOf(bare)).toFixed(2)} x the ${labelOf('bare')}, ${ratio.toFixed(2)} x the ${labelOf('hand-written')}`
        + caveat(rangeOf(ours), [{ label: labelOf('hand-written'), range: rangeOf(written) }]),
      reached: ratio <= SLOPE_GOAL,
      why,
    };
  };
  return [
    goal('wall time', ({ app }) => app.slope, ({ appSlopes }) => appSlopes),
    goal('processor time', ({ cpu }) => cpu.slope, ({ cpuSlopes }) => cpuSlopes),
  ];
}

/** What a comparison is worth, whoever is ahead. */
function caveat(mine: Figure, others: { readonly label: string; readonly range: Figure }[]): string {
  const near = others.filter(({ range }) => mine.min <= range.max && range.min <= mine.max);
  if (near.length === 0) return '; the ranges are apart';
  const whom = near.length < others.length ? ` with ${near.map(({ label }) => label).join(', ')}` : '';
  return `; the ranges overlap${whom}: that order may be chance`;
}

function templateGoals({ templates }: Results): Goal[] {
  const why = 'CloudFormation takes 500 resources. Beside the contacts stand role, log group, function, CDK metadata, and the managed policies that '
    + 'the permissions of many accounts fill; where the account is open, each contact needs two ARNs.';
  return ([['ours', 'an app that names its account'], ['ours-agnostic', 'an app that leaves its account open']] as const).flatMap(([id, app]) => {
    const { most } = templates[id];
    const goal = `A stack holds ${CONTACTS_GOAL} contacts of as many accounts, in ${app}`;
    return most === undefined ? [] : [{ goal, found: String(most), reached: most >= CONTACTS_GOAL, why }];
  });
}

function functionGoals({ functions: { results } }: Results): Goal[] {
  const { ours } = results;
  if (!ours) return [];
  const others = measuredOn('function').flatMap(id => id !== 'ours' && results[id] ? [[id, results[id]] as const] : []);
  const least = (name: string, figureOf: (result: FunctionResult) => Figure, digits: number, unit: string, why: string): Goal => {
    const mine = figureOf(ours);
    const shown = ({ median }: Figure) => `${median.toFixed(digits)}${unit}`;
    const ranked = others.map(([id, result]) => ({ label: labelOf(id), range: figureOf(result) }))
      .sort((one, other) => one.range.median - other.range.median);
    const ahead = ranked.filter(({ range }) => range.median < mine.median);
    // Those ahead, or the one that is nearest.
    const compared = ahead.length > 0 ? ahead : ranked.slice(0, 1);
    return {
      goal: `The function: ${name} no more than any contender's`,
      found: `${shown(mine)}; ${compared.map(({ label, range }) => `${label} ${shown(range)}`).join(', ')}${mine.min < mine.max ? caveat(mine, compared) : ''}`,
      reached: ahead.length === 0,
      why,
    };
  };
  const sdk = 'Nearly all of it is Node.js and the SDK, which are the same for all: the profile below tells the shares.';
  return [
    least('code', result => figure([result.codeBytes]), 0, ' B', 'It holds what the others lack: validation, retries until the deadline, advice on errors, and what '
      + 'keeps renames and rollbacks from deleting contacts. It fits inline, so that no asset is needed.'),
    least('time to load', result => result.events.Create.loadMs, 0, ' ms', 'AwsCustomResource and CustomResourceProvider load the SDK when the first '
      + 'event comes, not before: see the time to the first answer, which includes it.'),
    ...EVENTS.map(name => least(`time from the start to the answer of a ${name}`, result => result.events[name].answerMs, 0, ' ms',
      name === 'Create' ? `${sdk} A Create makes one call more, a Get.`
        : name === 'Delete' ? 'A Delete loads the client of CloudFormation too, and asks the stack.' : sdk)),
    ...EVENTS.map(name => least(`peak memory of a ${name}`, result => result.events[name].maxRssMb, 1, ' MB',
      name === 'Delete' ? 'A Delete loads the client of CloudFormation too.' : sdk)),
    ...EVENTS.map(name => least(`calls of a ${name}`, result => figure([result.events[name].calls.length]), 0, '',
      name === 'Create' ? 'The Get tells whether a contact is taken over, which a rollback must not delete. Its own quota is twice that of Put.'
        : name === 'Delete' ? 'It asks the stack whether another resource means the contact, or a rename would delete it.'
          : '')),
  ];
}

function deploymentGoals({ deployments: { creations, twoStacks, deletions, unthrottledDeletion } }: Results): Goal[] {
  const own = (results: OperationResult[]) => results.filter(({ id }) => id === 'ours');
  const range = ({ median, min, max }: Figure) => `${median.toFixed(2)} x (${min.toFixed(2)}-${max.toFixed(2)})`;
  const creation = (what: string, { ratio, contacts, leastSeconds: least, seconds }: OperationResult): Goal[] => ratio && seconds ? [{
    goal: `Creation of ${what} within ${creationGoal(contacts)} x the ${least.toFixed(1)} s that the quota takes at least`,
    found: `${range(ratio)}, ${seconds.median.toFixed(1)} s`,
    reached: ratio.median <= creationGoal(contacts),
    why: `The functions know nothing of each other: when few are left, all of them may be pausing, and the quota is not used. That costs ${
      (seconds.median - least).toFixed(1)} s.`,
  }] : [];
  const deletion = (where: string, { ratio, calls, contacts, leastSeconds: least, seconds }: OperationResult): Goal[] =>
    ratio && calls && seconds && contacts >= 100 ? [{
      goal: `Deletion of ${contacts} contacts${where} within ${DELETION_GOAL.ratio} x the ${least.toFixed(0)} s that the quota takes at least`,
      found: `${range(ratio)}, ${seconds.median.toFixed(0)} s`,
      reached: ratio.median <= DELETION_GOAL.ratio,
      why: `Each Delete reads all resources of its stack, 100 per call. Where CloudFormation takes ${textOf(INFERRED_LISTING)}, which is a guess, that is`
      + ` a bound of its own: ${leastSeconds(contacts * Math.ceil(contacts / 100), INFERRED_LISTING).toFixed(0)} s.`,
    }, {
      goal: `Deletion of ${contacts} contacts${where} with at most ${DELETION_GOAL.calls} calls of Account Management per contact`,
      found: (calls.median / contacts).toFixed(1),
      reached: calls.median / contacts <= DELETION_GOAL.calls,
      why: 'Those that are refused try again.',
    }] : [];
  return [
    ...own(creations).filter(({ contacts }) => contacts > 1).flatMap(result => creation(`${result.contacts} contacts`, result)),
    ...creation(`${twoStacks.contacts} contacts in two stacks at once`, twoStacks),
    ...own(deletions).flatMap(result => deletion('', result)),
    ...deletion(', CloudFormation not throttled,', unthrottledDeletion),
  ];
}
