import type { Catcher, Choice, Leaving, MapState, Parallel, Retrier, Task } from './definition';
import { mustFit, StatesError } from './errors';
import { isBoolean, isString, isWhole } from './json-template';
import { runMap } from './map';
import { callTask } from './task';
import type { Visit } from './visit';

/** The end of a visit: the output of the state, and the next state. */
export interface Transition {
  readonly output: unknown;
  readonly next?: string;
}

/** Visits a state, from entering to leaving it, with all its attempts. */
export async function take(visit: Visit): Promise<Transition> {
  const { state, input } = visit;
  visit.strand.mustGoOn();
  visit.execution.transitions++;
  visit.entered = visit.record(`${state.type}StateEntered`, () => ({ input }));
  try {
    switch (state.type) {
      case 'Pass':
      case 'Succeed':
        return await leave(visit, state);
      case 'Wait':
        await visit.strand.wait(await state.seconds.evaluateTo(visit.bindings(), 'integer', isWhole));
        return await leave(visit, state);
      case 'Choice':
        return await choose(visit, state);
      case 'Fail':
        throw new StatesError(
          await state.error?.evaluateTo(visit.bindings(), 'string', isString) ?? '',
          await state.cause?.evaluateTo(visit.bindings(), 'string', isString) ?? '',
        );
      case 'Task':
        return await handle(visit, state, () => callTask(visit, state));
      case 'Parallel':
        return await handle(visit, state, () => parallel(visit, state));
      case 'Map':
        return await handle(visit, state, () => runMap(visit, state));
    }
  } catch (reason) {
    if (reason instanceof StatesError) {
      noteFailedEvaluation(visit, reason);
      reason.failedTask = state.type === 'Task' ? state.name : reason.failedTask;
    }
    throw reason;
  }
}

function noteFailedEvaluation(visit: Visit, reason: StatesError): void {
  if (reason.error === 'States.QueryEvaluationError' && !reason.noted) {
    reason.noted = true;
    reason.message = `An error occurred while executing the state '${visit.state.name}' (entered at the event id #${visit.entered}). ${reason.message}`;
    visit.record('EvaluationFailed', () => ({ error: reason.error, cause: reason.message, location: reason.location, state: visit.state.name }));
  }
}

async function choose(visit: Visit, choice: Choice): Promise<Transition> {
  for (const rule of choice.rules) {
    if (await rule.condition.evaluateTo(visit.bindings(), 'boolean', isBoolean)) {
      return leave(visit, rule);
    }
  }
  if (choice.next === undefined) {
    throw new StatesError('States.NoChoiceMatched', `No condition of the state '${choice.name}' holds, and it has no default.`);
  }
  return leave(visit, choice);
}

/** Makes the attempts that the retriers allow, then follows a catcher. */
async function handle(visit: Visit, state: Task | Parallel | MapState, attempt: () => Promise<unknown>): Promise<Transition> {
  const used = new Map<Retrier, number>();
  const { allMeansDataLimit } = visit.host;
  const dataLimit = allMeansDataLimit === 'always' || (allMeansDataLimit === 'in tasks' && state.type === 'Task');
  for (;;) {
    let attempted = false;
    try {
      const result = await attempt();
      attempted = true;
      return await leave(visit, state, { result });
    } catch (reason) {
      if (!(reason instanceof StatesError)) {
        throw reason;
      }
      noteFailedEvaluation(visit, reason);
      const retrier = state.retriers.find(({ errorEquals }) => reason.matches(errorEquals, dataLimit));
      const retries = retrier ? used.get(retrier) ?? 0 : 0;
      if (retrier && retries < retrier.maxAttempts) {
        used.set(retrier, retries + 1);
        await visit.strand.wait(delay(visit, retrier, retries));
        visit.retries++;
        visit.execution.transitions++;
        continue;
      }
      if (!attempted && state.type !== 'Task') {
        visit.record(`${state.type}StateFailed`, () => ({})); // once, whatever the number of attempts
      }
      const catcher = state.catchers.find(({ errorEquals }) => reason.matches(errorEquals, dataLimit));
      if (!catcher) {
        throw reason;
      }
      return leave(visit, catcher satisfies Catcher, { errorOutput: { Error: reason.error, Cause: reason.message } });
    }
  }
}

function delay(visit: Visit, { intervalSeconds, backoffRate, maxDelaySeconds = Infinity, fullJitter }: Retrier, retries: number): number {
  const seconds = Math.min(intervalSeconds * backoffRate ** retries, maxDelaySeconds);
  return fullJitter ? visit.host.random() * seconds : seconds;
}

/** Leaves a state. Evaluates both the output and the variables before any variable changes. */
async function leave(visit: Visit, leaving: Leaving, outcome: { result?: unknown; errorOutput?: unknown } = {}): Promise<Transition> {
  const bindings = visit.bindings(outcome);
  const assigned = await leaving.assign?.evaluate(bindings) as Record<string, unknown> | undefined;
  const output = leaving.output ? await leaving.output.evaluate(bindings) : 'result' in outcome ? outcome.result : outcome.errorOutput ?? visit.input;
  mustFit(output, `The output of the state '${visit.state.name}'`);
  visit.host.onLeave?.({ state: visit.state, bindings, variables: { ...visit.variables.values }, output, next: leaving.next });
  if (assigned) {
    visit.variables.assign(assigned, visit.state.name);
  }
  visit.record(`${visit.state.type}StateExited`, () => ({ output, assignedVariables: assigned }));
  return { output, next: leaving.next };
}

async function parallel(visit: Visit, state: Parallel): Promise<unknown> {
  const input = state.arguments ? await state.arguments.evaluate(visit.bindings()) : visit.input;
  return visit.recorded('ParallelState', {}, async () => {
    const results = await visit.strand.all(state.branches.map(branch => strand => visit.inside(branch, input, visit.variables, strand)));
    mustFit(results, `The result of the state '${state.name}'`);
    return results;
  });
}
