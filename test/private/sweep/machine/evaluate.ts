import jsonata from 'jsonata';

/** Evaluates an expression as Step Functions does: with variables, without a context. */
export async function evaluate(expression: string, variables: { readonly [name: string]: unknown } = {}): Promise<unknown> {
  const value: unknown = await jsonata(expression).evaluate(undefined, variables);
  // jsonata marks its sequences with hidden members.
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as unknown;
}

/** That many ids of accounts, from the first on. */
export const ids = (count: number, first = 0) => Array.from({ length: count }, (_, i) => String(200000000000 + first + i));
