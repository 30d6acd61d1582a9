export interface PolicyDocument {
  readonly Statement: Statement | Statement[];
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Record<string, string | string[]>;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** The values of a request, by condition key: a string for a key with one value, a list for a key of the type ArrayOfString. */
export type Context = Readonly<Record<string, string | string[]>>;

/** Whether a statement, whatever its effect, applies to an action on a resource. */
export function applies(statement: Statement, action: string, resource: string, context: Context): boolean {
  const matches = (patterns: string | string[], value: string, ignoreCase = false) =>
    [patterns].flat().some(pattern => wildcard(pattern, ignoreCase).test(value));
  const actionFits = statement.Action !== undefined
    ? matches(statement.Action, action, true) : !matches(statement.NotAction ?? '*', action, true);
  const resourceFits = statement.Resource !== undefined
    ? matches(statement.Resource, resource) : !matches(statement.NotResource ?? '*', resource);
  return actionFits && resourceFits && Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, [wanted].flat(), valuesOf(context, key))));
}

function valuesOf(context: Context, key: string): string | string[] | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/**
 * Whether a condition is true. The context keys of Account Management are all ArrayOfString, so a condition needs ForAnyValue or ForAllValues:
 * without either, it is never true. If the key is absent, only ForAllValues and negations are true.
 */
function conditionHolds(operator: string, wanted: string[], actual: string | string[] | undefined): boolean {
  const [set, name] = operator.includes(':') ? operator.split(':') : [undefined, operator];
  const base = name.replace(/IfExists$/, '');
  if (actual === undefined) {
    return set === 'ForAllValues' || base !== name || (set === undefined && base.includes('Not'));
  }
  const one = (value: string): boolean => {
    switch (base) {
      case 'StringEquals': return wanted.includes(value);
      case 'StringNotEquals': return !wanted.includes(value);
      case 'StringEqualsIgnoreCase': return wanted.some(want => want.toLowerCase() === value.toLowerCase());
      case 'StringLike': return wanted.some(want => wildcard(want, false).test(value));
      case 'StringNotLike': return !wanted.some(want => wildcard(want, false).test(value));
      default: throw new Error(`The sandbox does not know the condition operator ${operator}`);
    }
  };
  if (set === 'ForAllValues') {
    return [actual].flat().every(one);
  }
  if (set === 'ForAnyValue') {
    return [actual].flat().some(one);
  }
  return typeof actual === 'string' && one(actual);
}

/** Translates a pattern of IAM, with * and ?, into a regular expression. */
export function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  const escaped = pattern.replace(/[\\^$+.()|[\]{}]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, ignoreCase ? 'is' : 's');
}
