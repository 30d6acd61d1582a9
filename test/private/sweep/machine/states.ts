import { evaluate } from './evaluate';
import { definitionOf } from './shapes';

interface State {
  readonly Branches?: readonly Scope[];
  readonly ItemProcessor?: Scope;
}

interface Scope {
  readonly States: { readonly [name: string]: State };
}

/** Returns a state of the definition by its name, wherever it is. */
export function stateNamed<T>(name: string, definition: object = definitionOf()): T {
  const scopesIn = ({ Branches = [], ItemProcessor }: State) => [...Branches, ...ItemProcessor ? [ItemProcessor] : []];
  const find = ({ States }: Scope): State | undefined =>
    States[name] ?? Object.values(States).flatMap(scopesIn).map(find).find(found => found);
  const state = find(definition as Scope);
  if (!state) { throw new Error(`There is no state ${name}`); }
  return state as T;
}

/** Evaluates a field of a state. */
export const valueOf = (field: unknown, variables: { readonly [name: string]: unknown } = {}) =>
  evaluate(String(field).replace(/^\{%|%\}$/g, ''), variables);

interface Choice { readonly Choices: { readonly Condition: string; readonly Next: string }[]; readonly Default: string }

/** Returns the name of the state that a Choice goes to. */
export async function nextOf(name: string, variables: { readonly [name: string]: unknown }): Promise<string> {
  const { Choices, Default } = stateNamed<Choice>(name);
  for (const { Condition, Next } of Choices) { if (await valueOf(Condition, variables) === true) { return Next; } }
  return Default;
}
