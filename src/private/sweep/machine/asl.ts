/*
 * The part of the Amazon States Language that the sweep needs, in JSONata, as types: a transition to a state that does not exist does not
 * compile, and a member can be left out of Arguments by an expression, which the state classes of the CDK do not allow.
 *
 * https://states-language.net/spec.html
 */

/** What a field may hold: a literal, an expression in a string, or a structure of both. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [member: string]: Value };

export interface Common {
  /** Variables. All expressions are evaluated before the first is assigned. */
  readonly Assign?: { readonly [variable: string]: Value };
  readonly Output?: Value;
}

type Transition<Name extends string> = { readonly Next: Name } | { readonly End: true };

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher<Name extends string> {
  readonly ErrorEquals: readonly string[];
  readonly Next: Name;
  readonly Assign?: Common['Assign'];
  readonly Output?: Value;
}

export interface ErrorHandling<Name extends string> extends Common {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
}

type Pass<Name extends string> = { readonly Type: 'Pass' } & Common & Transition<Name>;
type Wait<Name extends string> = { readonly Type: 'Wait'; readonly Seconds: number | string } & Common & Transition<Name>;
type Task<Name extends string> = { readonly Type: 'Task'; readonly Resource: string; readonly Arguments: Value } & ErrorHandling<Name> & Transition<Name>;
type Parallel<Name extends string> = { readonly Type: 'Parallel'; readonly Branches: readonly States[] } & ErrorHandling<Name> & Transition<Name>;
type Map<Name extends string> = {
  readonly Type: 'Map';
  readonly Items: string;
  readonly ItemProcessor: States & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } | { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'EXPRESS' } };
  readonly Label?: string;
  readonly MaxConcurrency?: number;
  readonly ToleratedFailurePercentage?: number;
} & ErrorHandling<Name> & Transition<Name>;

export interface Choice<Name extends string> extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly { readonly Condition: string; readonly Next: Name; readonly Assign?: Common['Assign'] }[];
  readonly Default: Name;
}

export interface Succeed {
  readonly Type: 'Succeed';
  readonly Output?: Value;
}

export interface Fail {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}

type State<Name extends string> = Pass<Name> | Wait<Name> | Task<Name> | Parallel<Name> | Map<Name> | Choice<Name> | Succeed | Fail;

/** States that belong together, with the first of them. */
export interface States {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State<string> };
}

/** Puts states together, by their names. Each of them can only go to one of the others. One that is undefined is left out. */
export function states<Name extends string>(startAt: NoInfer<Name>, all: { readonly [name in Name]: State<NoInfer<Name>> | undefined }): States {
  const defined = Object.entries<State<Name> | undefined>(all).filter((entry): entry is [string, State<Name>] => entry[1] !== undefined);
  return { StartAt: startAt, States: Object.fromEntries(defined) };
}

/** White space, and what it is left in: strings, and regular expressions. A slash divides if white space comes after it. */
const SPACES_AND_LITERALS = /\s+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/(?!\s)(?:\\.|[^/\\])+\//g;
/** Of each of these, two side by side would be read as one. */
const MAY_JOIN = [/^[\w$]{2}$/, /^[^\w$\s'"()[\]{},;]{2}$/];

/** Writes an expression as a field has it, without the white space that the source has for its readers: a template may not be long. */
export function jsonata(expression: string): string {
  const text = expression.trim();
  return `{% ${text.replace(SPACES_AND_LITERALS, (part, offset: number) => {
    if (part.trim()) { return part; }
    const neighbours = text[offset - 1] + text[offset + part.length];
    return MAY_JOIN.some(pattern => pattern.test(neighbours)) ? ' ' : '';
  })} %}`;
}

/**
 * Retries what may pass by itself: throttling, errors of the service, lost connections. By the defaults of the language the first interval is one
 * second, and each is twice the one before.
 */
export function retry(errors: readonly string[], times: Omit<Retrier, 'ErrorEquals'> = { MaxAttempts: 6, MaxDelaySeconds: 20 }): Retrier {
  return { ErrorEquals: errors, JitterStrategy: 'FULL', ...times };
}

/** Retries whatever failed, for about a minute: a new role is not known everywhere at once. */
export const MINUTE_RETRY: Retrier = { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 6 };

/** For Distributed Maps: a whole round is repeated. */
export const MAP_RETRY = retry(['States.ALL'], { IntervalSeconds: 10, MaxAttempts: 2 });
