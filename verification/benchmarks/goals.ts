import { Calls, EVENTS } from './calls';
import type { OperationResult } from './deployment';
import { leastSeconds, QUOTAS } from './quota';
import type { Results } from './results';
import { Figure, over, spread } from './statistics';
import { ContenderId, labelOf } from '../contenders/contender';

const CONTACTS_GOAL = 490;
const SLOPE_GOAL = 1.15;
/** A pause costs a few contacts a larger share of their time than many. */
const timeGoal = (contacts: number) => contacts < 100 ? 1.25 : 1.1;
const DELETION_CALLS_GOAL = 3;

/** A goal, what was found, and the reason if it was missed. */
export interface Goal {
  readonly goal: string;
  readonly found: string;
  readonly isReached: boolean;
  readonly reason: string;
}

export function goals(results: Results): Goal[] {
  return [...synthesisGoals(results), ...templateGoals(results), ...callGoals(results), ...results.deployments.flatMap(deploymentGoals)];
}

function synthesisGoals({ synthesis }: Results): Goal[] {
  const reasons = {
    'bare': 'A bare resource checks nothing. A contact has a construct around the resource, checks its values, refuses a second declaration, and is named in '
      + 'the policy of the role.',
    'hand-written': 'A contact checks its values, refuses a second declaration, and is named in the policy of the role. The hand-written class does none of this.',
  };
  return (['hand-written', 'bare'] as const).flatMap(other => ([['wall time', 'appMsPerContact'], ['processor time', 'cpuMsPerContact']] as const).map(([name, cost]) => {
    const [ours, theirs] = [synthesis.ours[cost], synthesis[other][cost]];
    const ratio = ours.median / theirs.median;
    return {
      goal: `Synthesis: ${name} per contact at most ${SLOPE_GOAL} x that of a ${labelOf(other)}`,
      found: `${ratio.toFixed(2)} x${caveat(ours, theirs)}`,
      isReached: ratio <= SLOPE_GOAL,
      reason: reasons[other],
    };
  }));
}

/** Whether the order of two figures may be chance. One run says nothing about that. */
export function caveat(one: Figure, other: Figure): string {
  if (one.runs === 1 || other.runs === 1) { return ''; }
  return one.min <= other.max && other.min <= one.max ? '; the ranges overlap: this order may be chance' : '; the ranges do not overlap';
}

function templateGoals({ templates }: Results): Goal[] {
  const reason = 'CloudFormation allows 500 resources. Beside the contacts, the stack has a role, a log group, a function, the CDK metadata, and the managed policies '
    + 'that the permissions for many accounts fill; if the account is left open, each contact needs two ARNs.';
  return ([['ours', 'an app that names its account'], ['ours-agnostic', 'an app that leaves its account open']] as const).flatMap(([variant, app]) => {
    const { most } = templates[variant];
    const goal = `A stack holds ${CONTACTS_GOAL} contacts of as many accounts, in ${app}`;
    return most === undefined ? [] : [{ goal, found: String(most), isReached: most >= CONTACTS_GOAL, reason }];
  });
}

function callGoals({ calls: { ofOneContact } }: Results): Goal[] {
  const [gets, puts] = [leastSeconds(2 * CONTACTS_GOAL, QUOTAS.aws.get), leastSeconds(CONTACTS_GOAL, QUOTAS.aws.put)];
  const reasons = {
    Create: 'The Gets show whether a contact is taken over, which a rollback must not delete. They have their own quota and take no longer: '
      + `${2 * CONTACTS_GOAL} Gets take at least ${gets.toFixed(1)} s, ${CONTACTS_GOAL} Puts ${puts.toFixed(1)} s.`,
    Update: '',
    Delete: 'It asks the stack whether another resource holds the contact. Otherwise a rename would delete the contact.',
  };
  return EVENTS.map(event => {
    const countOf = (of: Calls | undefined) => of?.[event].length ?? 0;
    const ours = countOf(ofOneContact.ours);
    const fewer = Object.entries(ofOneContact).filter(([, other]) => countOf(other) < ours).map(([id, other]) => `${labelOf(id as ContenderId)} ${countOf(other)}`);
    return {
      goal: `Calls of ${event === 'Update' ? 'an' : 'a'} ${event}: no more than any contender's`,
      found: [ours, ...fewer.length > 0 ? [`fewer: ${fewer.join(', ')}`] : []].join('; '),
      isReached: fewer.length === 0,
      reason: reasons[event],
    };
  });
}

const TITLES = { creation: 'Creation', update: 'Update', deletion: 'Deletion' };
/** The notes of cases with goals. */
const WITH_GOALS = [undefined, 'two stacks at once', 'CloudFormation not throttled'];

/** The goals of a case. Single contacts, contenders and other surroundings have none. */
function deploymentGoals({ id, operation, contacts, note, figures, leastSeconds: least }: OperationResult): Goal[] {
  const isShortDeletion = operation === 'deletion' && contacts < 100;
  if (id !== 'ours' || !figures || least === 0 || isShortDeletion || !WITH_GOALS.includes(note)) { return []; }
  const subject = `${TITLES[operation]} of ${contacts} contacts${note ? `, ${note},` : ''}`;
  const ratio = over(figures.seconds, least);
  const timeGoals = [{
    goal: `${subject} within ${timeGoal(contacts)} x the ${least.toFixed(1)} s that the quota allows at least`,
    found: `${spread(ratio, 2, ' x')}, ${figures.seconds.median.toFixed(1)} s`,
    isReached: ratio.median <= timeGoal(contacts),
    reason: 'The functions do not know of each other: when only a few are left, all of them may be pausing while the quota is free. That costs '
      + `${(figures.seconds.median - least).toFixed(1)} s.`,
  }];
  const calls = figures.calls.median / contacts;
  return operation !== 'deletion' ? timeGoals : [...timeGoals, {
    goal: `${subject} with at most ${DELETION_CALLS_GOAL} calls of Account Management per contact`,
    found: calls.toFixed(1),
    isReached: calls <= DELETION_CALLS_GOAL,
    reason: `A refused call is made again: ${(figures.throttled.median / contacts).toFixed(1)} per contact.`,
  }];
}
