import type { MapState } from './definition';
import { mustFit, StatesError } from './errors';
import type { Execution } from './execution';
import type { FailedChildLeaves } from './execution-host';
import { isArray, isPercentage, isWhole } from './json-template';
import type { Strand } from './strand';
import type { Visit } from './visit';

const MAX_CHILDREN = 10_000;
const MAX_INLINE_CONCURRENCY = 40;

/** Runs a Map state: iterations in the same execution, or children with executions of their own. */
export async function runMap(visit: Visit, state: MapState): Promise<unknown> {
  const concurrency = await state.maxConcurrency?.evaluateTo(visit.bindings(), 'integer', isWhole) ?? 0;
  const items = await itemsOf(visit, state);
  return visit.recorded('MapState', { length: items.length }, async () => {
    const inputs = await inputsOf(visit, state, items);
    const results = state.distributed
      ? await runChildren(visit, state, state.distributed, inputs, concurrency)
      : await runInline(visit, state, inputs, concurrency);
    mustFit(results, `The result of the state '${state.name}'`);
    return results;
  });
}

async function itemsOf(visit: Visit, { items, name }: MapState): Promise<unknown[]> {
  if (items) {
    return items.evaluateTo(visit.bindings(), 'array', isArray);
  }
  if (!isArray(visit.input)) {
    throw new StatesError('States.QueryEvaluationError', `The input of the state '${name}' must be an array.`);
  }
  return visit.input;
}

/** Returns the input of each child or iteration. */
async function inputsOf(visit: Visit, state: MapState, items: unknown[]): Promise<unknown[]> {
  const { itemSelector, distributed } = state;
  const selected = itemSelector
    ? await Promise.all(items.map((Value, Index) => itemSelector.evaluate(visit.bindings({}, { Item: { Index, Value } }))))
    : items;
  const batch = await distributed?.maxItemsPerBatch?.evaluateTo(visit.bindings(), 'integer', isWhole);
  return batch === undefined ? selected
    : Array.from({ length: Math.ceil(selected.length / batch) }, (_, index) => ({ Items: selected.slice(index * batch, (index + 1) * batch) }));
}

async function runInline(visit: Visit, state: MapState, inputs: unknown[], concurrency: number): Promise<unknown[]> {
  const { name } = state;
  const lanes = Math.min(concurrency || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY);
  return inLanes(visit, inputs, lanes, (input, index, strand) => {
    const iteration = { name, index };
    return visit.recorded('MapIteration', iteration, () => visit.inside(state.processor, input, visit.variables, strand),
      { succeeded: iteration, failed: () => iteration });
  });
}

async function runChildren(
  visit: Visit, state: MapState, settings: NonNullable<MapState['distributed']>, inputs: unknown[], concurrency: number,
): Promise<unknown[]> {
  const percentage = await settings.toleratedFailurePercentage?.evaluateTo(visit.bindings(), 'number', isPercentage);
  const count = await settings.toleratedFailureCount?.evaluateTo(visit.bindings(), 'integer', isWhole);
  const refusal = visit.host.childRefusal(visit.execution);
  if (refusal !== undefined) {
    throw new StatesError('States.Permissions', refusal);
  }
  if (inputs.length > MAX_CHILDREN) {
    throw new StatesError('States.Runtime', `The map run would have ${inputs.length} children, more than ${MAX_CHILDREN}.`);
  }
  const { run, startChild } = visit.host.startMapRun(visit.execution, state);
  let failures = 0;
  return visit.recorded('MapRun', { mapRunArn: run.arn }, async () => {
    const results = await inLanes(visit, inputs, Math.min(concurrency || MAX_CHILDREN, MAX_CHILDREN), async (input, _, strand) => {
      await strand.wait(visit.host.timings.childStartSeconds);
      const child = startChild(input);
      // An EXPRESS child can't be stopped: it goes on after the end of its parent, for the rest of its five minutes.
      const leave = settings.express && visit.host.expressChildrenGoOn ? () => {} : strand.whenStopped(() => child.finish('ABORTED', {}));
      await strand.orStopped(child.ended);
      leave();
      if (child.status === 'SUCCEEDED') {
        return [child.outcome.output];
      }
      failures++;
      const tolerated = percentage === undefined && count === undefined ? failures === 0
        : failures * 100 <= (percentage ?? 100) * inputs.length && failures <= (count ?? Infinity);
      if (!tolerated) {
        throw new StatesError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
      }
      return leftBy(child, visit.host.failedChildLeaves);
    });
    return results.flat();
  }, { failed: ({ error, message }) => ({ error, cause: message }) });
}

/** Returns the part of the map's result for a failed child. */
function leftBy(child: Execution, leaves: FailedChildLeaves): unknown[] {
  switch (leaves) {
    case 'nothing':
      return [];
    case 'null':
      return [null];
    case 'error':
      return [{ Error: child.outcome.error, Cause: child.outcome.cause }];
    case 'description':
      return [describeChild(child)];
  }
}

/** Describes a failed child as DescribeExecution does. The developer guide shows the members in an example of an unchanged result. */
function describeChild({ identity, input, status, outcome, startedAt, stoppedAt }: Execution): object {
  const date = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    ...outcome.cause !== undefined && { Cause: outcome.cause },
    ...outcome.error !== undefined && { Error: outcome.error },
    ExecutionArn: identity.arn,
    Input: JSON.stringify(input),
    InputDetails: { Included: true },
    Name: identity.name,
    RedriveCount: 0,
    RedriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    StartDate: date(startedAt),
    StateMachineArn: identity.machineArn,
    Status: status,
    StopDate: date(stoppedAt ?? startedAt),
  };
}

/** Processes the items in their order, a limited number at a time. */
async function inLanes<T>(
  visit: Visit, items: unknown[], lanes: number, work: (item: unknown, index: number, strand: Strand) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await visit.strand.all(Array.from({ length: Math.min(lanes, items.length) }, () => async strand => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index], index, strand);
    }
  }));
  return results;
}
