export type References = { readonly [name: string]: string };

/**
 * Resolves what policies, definitions of state machines and event patterns are made of.
 *
 * @param references what is known by its name; any other reference resolves to what matches nothing
 */
export function resolve(value: unknown, references: References = {}): unknown {
  if (Array.isArray(value)) { return value.map(item => resolve(item, references)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const entries = Object.entries(value);
  const [key, argument] = entries[0] ?? [];
  if (entries.length === 1 && key === 'Ref') { return { 'AWS::Partition': 'aws', ...references }[String(argument)] ?? 'unresolved'; }
  if (entries.length === 1 && key === 'Fn::Join') { return (resolve(argument[1], references) as string[]).join(argument[0]); }
  if (entries.length === 1 && key?.startsWith('Fn::')) { return 'unresolved'; }
  return Object.fromEntries(entries.map(([name, member]) => [name, resolve(member, references)]));
}
