import type { OperationResult } from './deployment';
import { EVENTS, FunctionResult } from './function';
import { OURS, PauseRow } from './policies';
import { INFERRED_LISTING, leastSeconds, QUOTAS, textOf } from './quota';
import type { Results } from './results';
import { Figure, figure } from './statistics';
import type { SynthesisResult } from './synthesis';
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
  readonly why: string;
}

export function goals(results: Results): Goal[] {
  return [...synthesisGoals(results), ...templateGoals(results), ...functionGoals(results), ...deploymentGoals(results)];
}

function synthesisGoals({ synthesis }: Results): Goal[] {
  const { ours } = synthesis;
  const why = {
    'bare': 'A bare resource checks nothing. A contact has a construct around the resource, checks its values, is noted against duplicates, and is named in the '
      + 'policy of the role.',
    'hand-written': 'A contact checks its values, is noted against duplicates, and is named in the policy of the role, which the hand-written class does not do. '
      + 'The profile below tells the shares.',
  };
  const goal = (
    other: 'bare' | 'hand-written', name: string, slopeOf: (result: SynthesisResult) => number, slopesOf: (result: SynthesisResult) => Figure,
  ): Goal => {
    const ratio = slopeOf(ours) / slopeOf(synthesis[other]);
    return {
      goal: `Synthesis: ${name} per contact at most ${SLOPE_GOAL} x that of a ${labelOf(other)}`,
      found: `${ratio.toFixed(2)} x${caveat(slopesOf(ours), [{ label: labelOf(other), range: slopesOf(synthesis[other]) }])}`,
      reached: ratio <= SLOPE_GOAL,
      why: why[other],
    };
  };
  return (['hand-written', 'bare'] as const).flatMap(other => [
    goal(other, 'wall time', ({ app }) => app.slope, ({ appSlopes }) => appSlopes),
    goal(other, 'processor time', ({ cpu }) => cpu.slope, ({ cpuSlopes }) => cpuSlopes),
  ]);
}

/** A contender's figure. */
export interface Rival {
  readonly label: string;
  readonly range: Figure;
}

/** What a comparison is worth, whoever is ahead. */
export function caveat(mine: Figure, others: readonly Rival[]): string {
  if ([mine, ...others.map(({ range }) => range)].some(({ runs }) => runs === 1)) { return ''; }
  const near = others.filter(({ range }) => mine.min <= range.max && range.min <= mine.max);
  if (near.length === 0) { return '; the ranges are apart'; }
  const whom = near.length < others.length ? ` with ${near.map(({ label }) => label).join(', ')}` : '';
  return `; the ranges overlap${whom}: that order may be chance`;
}

/** Whether no other is less, and those that are, or else the one that is nearest. */
export function againstLeast(mine: Figure, others: readonly Rival[], text: (value: number) => string): Pick<Goal, 'found' | 'reached'> {
  const ranked = [...others].sort((one, other) => one.range.median - other.range.median);
  const ahead = ranked.filter(({ range }) => range.median < mine.median);
  const compared = ahead.length > 0 ? ahead : ranked.slice(0, 1);
  return {
    found: `${text(mine.median)}; ${compared.map(({ label, range }) => `${label} ${text(range.median)}`).join(', ')}${caveat(mine, compared)}`,
    reached: ahead.length === 0,
  };
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
  if (!ours) { return []; }
  const others = measuredOn('function').flatMap(id => id !== 'ours' && results[id] ? [[id, results[id]] as const] : []);
  const least = (name: string, figureOf: (result: FunctionResult) => Figure, digits: number, unit: string, why: string): Goal => ({
    goal: `The function: ${name} no more than any contender's`,
    ...againstLeast(figureOf(ours), others.map(([id, result]) => ({ label: labelOf(id), range: figureOf(result) })), value => `${value.toFixed(digits)}${unit}`),
    why,
  });
  const sdk = 'Nearly all of it is Node.js and the SDK, which are the same for all: the profile below tells the shares.';
  const callsOf = (event: typeof EVENTS[number]) => `Its calls are ${ours.events[event].calls.join(', ')}.`;
  const [gets, puts] = [leastSeconds(2 * CONTACTS_GOAL, QUOTAS.aws.get), leastSeconds(CONTACTS_GOAL, QUOTAS.aws.put)];
  return [
    least('code', result => figure([result.codeBytes]), 0, ' B', 'It holds what the others lack: validation, retries until the deadline, advice on errors, and what '
      + 'keeps renames and rollbacks from deleting contacts. It fits inline, so that no asset is needed.'),
    least('time to load', result => result.events.Create.loadMs, 0, ' ms', 'AwsCustomResource and CustomResourceProvider load the SDK when the first '
      + 'event comes, not before: see the time to the first answer, which includes it.'),
    ...EVENTS.map(name => least(`time from the start to the answer of ${withArticle(name)}`, result => result.events[name].answerMs, 0, ' ms',
      name === 'Delete' ? `It loads the client of CloudFormation too, and asks the stack. ${callsOf(name)}`
        : `${sdk}${name === 'Create' ? ` It makes two calls more. ${callsOf(name)}` : ''}`)),
    ...EVENTS.map(name => least(`peak memory of ${withArticle(name)}`, result => result.events[name].maxRssMb, 1, ' MB',
      name === 'Delete' ? 'It loads the client of CloudFormation too.' : sdk)),
    ...EVENTS.map(name => least(`calls of ${withArticle(name)}`, result => figure([result.events[name].calls.length]), 0, '',
      `${callsOf(name)} ${name === 'Create'
        ? `The Gets tell whether a contact is taken over, which a rollback must not delete. They have a quota of their own, which takes no longer: ${
          2 * CONTACTS_GOAL} Gets take ${gets.toFixed(1)} s at least, ${CONTACTS_GOAL} Puts ${puts.toFixed(1)} s.`
        : name === 'Delete' ? 'It asks the stack whether another resource holds the contact, or a rename would delete it.' : ''}`.trim())),
  ];
}

function withArticle(event: string): string {
  return event === 'Update' ? 'an Update' : `a ${event}`;
}

/** `1.15 x (1.10-1.20)`, or `1.15 x (1 run)`. */
function rangeOf({ median, min, max, runs }: Figure): string {
  return `${median.toFixed(2)} x (${runs === 1 ? '1 run' : `${min.toFixed(2)}-${max.toFixed(2)}`})`;
}

/** What the pauses alone take, without the machine, where that was simulated. */
function simulated(rows: PauseRow[], contacts: number): string {
  const result = rows.find(({ label }) => label === OURS.label)?.results.find(other => other.contacts === contacts);
  return result?.ratio ? ` Simulated, without the machine, they take ${result.ratio.median.toFixed(2)} x.` : '';
}

const PAUSES = 'The functions know nothing of each other: when few are left, all of them may be pausing, and the quota is not used.';

function deploymentGoals({ deployments: { creations, twoStacks, updates, deletions, unthrottledDeletion }, pauses }: Results): Goal[] {
  const own = (results: OperationResult[]) => results.filter(({ id, contacts }) => id === 'ours' && contacts > 1);
  const putting = (what: string, result: OperationResult, rows: PauseRow[]): Goal[] => {
    const { ratio, contacts, leastSeconds: least, seconds } = result;
    return !ratio || !seconds ? [] : [{
      goal: `${what} within ${creationGoal(contacts)} x the ${least.toFixed(1)} s that the quota takes at least`,
      found: `${rangeOf(ratio)}, ${seconds.median.toFixed(1)} s`,
      reached: ratio.median <= creationGoal(contacts),
      why: `${PAUSES} That costs ${(seconds.median - least).toFixed(1)} s.${simulated(rows, contacts)}`,
    }];
  };
  return [
    ...own(creations).flatMap(result => putting(`Creation of ${result.contacts} contacts`, result, pauses.creations)),
    ...putting(`Creation of ${twoStacks.contacts} contacts in two stacks at once`, twoStacks, []),
    ...own(updates).flatMap(result => putting(`Update of ${result.contacts} contacts`, result, pauses.updates)),
    ...own(deletions).flatMap(result => deletionGoals('', result, pauses.deletions)),
    ...deletionGoals(', CloudFormation not throttled,', unthrottledDeletion, pauses.deletions),
  ];
}

/** What a deletion of hundreds has cost, by what was measured of this very one. */
export function deletionGoals(where: string, result: OperationResult, rows: PauseRow[]): Goal[] {
  const { ratio, calls, throttled, cloudFormationCalls, cloudFormationThrottled, contacts, leastSeconds: least, seconds } = result;
  if (!ratio || !calls || !seconds || contacts < 100) { return []; }
  const perContact = (figures: Figure | undefined) => ((figures?.median ?? 0) / contacts).toFixed(1);
  const asked = (cloudFormationThrottled?.median ?? 0) > 0
    ? `Before it, each asks CloudFormation, which refused ${perContact(cloudFormationThrottled)} of ${perContact(cloudFormationCalls)} calls per contact (${
      textOf(INFERRED_LISTING)}, which is a guess).`
    : `CloudFormation refused none of the ${perContact(cloudFormationCalls)} calls per contact.`;
  return [{
    goal: `Deletion of ${contacts} contacts${where} within ${DELETION_GOAL.ratio} x the ${least.toFixed(0)} s that the quota takes at least`,
    found: `${rangeOf(ratio)}, ${seconds.median.toFixed(0)} s`,
    reached: ratio.median <= DELETION_GOAL.ratio,
    why: `${PAUSES} That costs ${(seconds.median - least).toFixed(0)} s, and saves calls: ${perContact(throttled)} per contact were refused.${simulated(rows, contacts)} ${asked}`,
  }, {
    goal: `Deletion of ${contacts} contacts${where} with at most ${DELETION_GOAL.calls} calls of Account Management per contact`,
    found: (calls.median / contacts).toFixed(1),
    reached: calls.median / contacts <= DELETION_GOAL.calls,
    why: `Those that are refused try again: ${perContact(throttled)} per contact.`,
  }];
}
