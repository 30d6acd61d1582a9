import { LABELS } from './contenders/contender';
import type { DeploymentResult } from './deployment';
import { EVENTS, FUNCTIONS, FunctionResult } from './function';
import type { Results } from './results';
import type { Figure } from './statistics';

export const SLOPE_GOAL = 1.15;
export const CONTACTS_GOAL = 490;
export const DEPLOYMENT_GOAL = 1.25;

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

function synthesisGoals({ synthesis: { ours, floor } }: Results): Goal[] {
  const why = 'A contact checks its values, is noted against duplicates, and is named in the policy of the role, which the floor does not have. '
    + 'The profile below tells the shares.';
  const goal = (name: string, ratio: number, range: string): Goal => ({
    goal: `Synthesis: ${name} a contact at most ${SLOPE_GOAL} x the floor's`,
    found: `${ratio.toFixed(2)} x (${range})`,
    reached: ratio <= SLOPE_GOAL,
    why,
  });
  const range = (one: { min: number; max: number }, other: { min: number; max: number }) =>
    `rounds: ${one.min.toFixed(2)}-${one.max.toFixed(2)} ms against ${other.min.toFixed(2)}-${other.max.toFixed(2)} ms`;
  return [
    goal('wall time', ours.app.slope / floor.app.slope, range(ours.appSlopes, floor.appSlopes)),
    goal('processor time', ours.cpu.slope / floor.cpu.slope, range(ours.cpuSlopes, floor.cpuSlopes)),
  ];
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
  const others = FUNCTIONS.filter(id => id !== 'ours' && results[id]);
  const below = (name: string, figureOf: (result: FunctionResult) => number | Figure, digits: number, unit: string, why: string): Goal => {
    const value = (result: FunctionResult) => middleOf(figureOf(result));
    const mine = value(ours);
    const shown = (number: number) => `${number.toFixed(digits)}${unit}`;
    const better = others.map(id => ({ id, is: value(results[id] as FunctionResult) }))
      .filter(({ is }) => is <= mine).sort((one, other) => one.is - other.is);
    const apart = better.filter(({ id }) => !overlap(figureOf(ours), figureOf(results[id] as FunctionResult)));
    const sure = typeof figureOf(ours) === 'number' ? ''
      : ` Outside the spread of the runs: ${apart.map(({ id }) => LABELS[id]).join(', ') || 'none, so it may be chance'}.`;
    return {
      goal: `The function: ${name} below every contender's`,
      found: `${shown(mine)}${better.length > 0 ? `; ${better.map(({ id, is }) => `${LABELS[id]} ${shown(is)}`).join(', ')}` : ''}`,
      reached: better.length === 0,
      why: `${why}${sure}`,
    };
  };
  const sdk = 'Nearly all of it is Node.js and the SDK, which are the same for all: the profile below tells the shares.';
  return [
    below('code', result => result.codeBytes, 0, ' B', 'It holds what the others lack: validation, retries until the deadline, advice on errors, and what '
      + 'keeps renames and rollbacks from deleting contacts. It fits inline, so that no asset is needed.'),
    below('time to load', result => result.events.Create.loadMs, 0, ' ms', 'AwsCustomResource and CustomResourceProvider load the SDK when the first '
      + 'event comes, not before: see the time to the first answer, which includes it.'),
    ...EVENTS.map(name => below(`time from the start to the answer of a ${name}`, result => result.events[name].answerMs, 0, ' ms',
      name === 'Create' ? `${sdk} A Create makes one call more, a Get.`
        : name === 'Delete' ? 'A Delete loads the client of CloudFormation too, and asks the stack.' : sdk)),
    ...EVENTS.map(name => below(`peak memory of a ${name}`, result => result.events[name].maxRssMb, 1, ' MB',
      name === 'Delete' ? 'A Delete loads the client of CloudFormation too.' : sdk)),
    ...EVENTS.map(name => below(`calls of a ${name}`, result => result.events[name].calls.length, 0, '',
      name === 'Create' ? 'The Get tells whether a contact is taken over, which a rollback must not delete. Its own quota is twice that of Put.'
        : name === 'Delete' ? 'It asks the stack whether another resource means the contact, or a rename would delete it.'
          : 'One call is the least that can be: none has fewer.')),
  ];
}

function middleOf(value: number | Figure): number {
  return typeof value === 'number' ? value : value.median;
}

function overlap(one: number | Figure, other: number | Figure): boolean {
  return typeof one !== 'number' && typeof other !== 'number' && one.min <= other.max && other.min <= one.max;
}

function deploymentGoals({ deployments: { results, twoStacks } }: Results): Goal[] {
  const goal = (what: string, { ratio, contacts, boundSeconds, seconds }: DeploymentResult): Goal[] => ratio && seconds ? [{
    goal: `Deployment of ${what} within ${DEPLOYMENT_GOAL} x the ${boundSeconds.toFixed(0)} s that the quota takes`,
    found: `${ratio.median.toFixed(2)} x (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}), ${seconds.median.toFixed(0)} s`,
    reached: ratio.median <= DEPLOYMENT_GOAL,
    why: `The functions know nothing of each other: when few are left, all of them may be waiting, and the quota is not used. That costs ${
      (seconds.median - boundSeconds).toFixed(0)} s however many contacts there are, which is much where there are ${contacts}.`,
  }] : [];
  return [
    ...results.filter(({ id, contacts }) => id === 'ours' && contacts > 1).flatMap(result => goal(`${result.contacts} contacts`, result)),
    ...goal(`${twoStacks.contacts} contacts in two stacks at once`, twoStacks),
  ];
}
