import { isDeepStrictEqual } from 'node:util';
import type { ExecutionOutcome } from './engine';

export type Facts = { readonly [name: string]: unknown };

/** Where two do not agree: what the first has, and what it should have. */
export function differences(actual: Facts, expected: Facts): { readonly [name: string]: readonly [actual: unknown, expected: unknown] } {
  const names = [...new Set([...Object.keys(actual), ...Object.keys(expected)])];
  const different = names.filter(name => !isDeepStrictEqual(actual[name], expected[name]));
  return Object.fromEntries(different.map(name => [name, [actual[name], expected[name]]]));
}

export function outcomeOf({ status, output, error, cause }: ExecutionOutcome): Facts & { readonly status: string } {
  return { status, output, error, cause };
}

/** How often each event happened and each state was entered. Branches run at the same time, so their order is open. */
export function eventsOf({ events }: ExecutionOutcome): { readonly [event: string]: number } {
  const counts: { [event: string]: number } = {};
  for (const { type, state } of events) {
    const name = state ? `${type} ${state}` : type;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The states of the machine itself in their order, without those inside of Parallel and Map states. */
export function pathOf({ events }: ExecutionOutcome, states: readonly string[]): string[] {
  return events.flatMap(({ state }) => state !== undefined && states.includes(state) ? [state] : []);
}
