import type { MapState } from './definition';
import { mustFit, StatesError } from './errors';
import { isArray, isPercentage, isWhole } from './json-template';
import type { Strand } from './strand';
import type { Visit } from './visit';

const MAX_CHILDREN = 10_000;
const MAX_INLINE_CONCURRENCY = 40;

/** Runs a Map state: iterations in the same execution, or children with executions of their own. */
export async function runMap(visit: Visit, state: MapState): Promise<unknown> {
  const concurrency = await state.maxConcurrency?.evaluateTo(visit.bindings(), 'a whole number', isWhole) ?? 0;
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
    return items.evaluateTo(visit.bindings(), 'an array', isArray);
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
  const batch = await distributed?.maxItemsPerBatch?.evaluateTo(visit.bindings(), 'a whole number', isWhole);
  return batch === undefined ? selected
    : Array.from({ length: Math.ceil(selected.length / batch) }, (_, index) => ({ Items: selected.slice(index * batch, (index + 1) * batch) }));
}

async function runInline(visit: Visit, state: MapState, inputs: unknown[], concurrency: number): Promise<unknown[]> {
  const { name } = state;
  const lanes = Math.min(concurrency || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY);
  return inLanes(visit, inputs, lanes, (input, index, strand) =>
    visit.recorded('MapIteration', { name, index }, () => visit.inside(state.processor, input, visit.variables, strand), { name, index }));
}

async function runChildren(
  visit: Visit, state: MapState, settings: NonNullable<MapState['distributed']>, inputs: unknown[], concurrency: number,
): Promise<unknown[]> {
  const percentage = await settings.toleratedFailurePercentage?.evaluateTo(visit.bindings(), 'a number from 0 to 100', isPercentage);
  const count = await settings.toleratedFailureCount?.evaluateTo(visit.bindings(), 'a whole number', isWhole);
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
      const leave = strand.whenStopped(() => child.finish('ABORTED', {}));
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
      return { nothing: [], null: [null], error: [{ Error: child.outcome.error, Cause: child.outcome.cause }] }[visit.host.failedChildLeaves];
    });
    return results.flat();
  });
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
