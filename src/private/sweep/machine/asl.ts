/*
 * The part of the Amazon States Language that the sweep needs, in JSONata, as types. It does not compile if a state goes to one that does not exist,
 * or if an expression lacks its `{% %}`. And an expression can leave a member out of Arguments, which the state classes of the CDK do not allow.
 *
 * https://states-language.net/spec.html
 */

/** An expression, as a field of a state holds it. `jsonata()` writes one. */
export type Expression = `{% ${string} %}`;

/** A value within a structure. Expressions are evaluated, and other strings are literals. */
export type Value = string | Structure;
type Structure = number | boolean | null | readonly Value[] | { readonly [member: string]: Value };

/** The whole value of a field. The sweep has no field that is a literal string, so a string lacks its `{% %}`. */
type Computed = Expression | Structure;

interface Common {
  /** Variables. All expressions are evaluated before the first is assigned. */
  readonly Assign?: { readonly [variable: string]: Computed };
  readonly Output?: Computed;
}

type Transition<Name extends string> = { readonly Next: Name } | { readonly End: true };

/** An action of an AWS service. `sdk()` writes one. */
type Resource = `arn:${string}:states:::aws-sdk:${string}`;

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

interface Catcher<Name extends string> extends Common {
  readonly ErrorEquals: readonly string[];
  readonly Next: Name;
}

interface ErrorHandling<Name extends string> extends Common {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
}

type Pass<Name extends string> = { readonly Type: 'Pass' } & Common & Transition<Name>;
type Wait<Name extends string> = { readonly Type: 'Wait'; readonly Seconds: number | Expression } & Common & Transition<Name>;
type Task<Name extends string> = { readonly Type: 'Task'; readonly Resource: Resource; readonly Arguments: Computed } & ErrorHandling<Name> & Transition<Name>;
type Parallel<Name extends string> = { readonly Type: 'Parallel'; readonly Arguments: Computed; readonly Branches: readonly States[] }
  & ErrorHandling<Name> & Transition<Name>;
type Map<Name extends string> = {
  readonly Type: 'Map';
  readonly Items: Expression;
  readonly ItemProcessor: States & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } | { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'EXPRESS' } };
  readonly Label?: string;
  readonly MaxConcurrency?: number;
  readonly ToleratedFailurePercentage?: number;
} & ErrorHandling<Name> & Transition<Name>;

interface Choice<Name extends string> extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly { readonly Condition: Expression; readonly Next: Name; readonly Assign?: Common['Assign'] }[];
  readonly Default: Name;
}

interface Succeed {
  readonly Type: 'Succeed';
  readonly Output?: Computed;
}

interface Fail {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}

type State<Name extends string> = Pass<Name> | Wait<Name> | Task<Name> | Parallel<Name> | Map<Name> | Choice<Name> | Succeed | Fail;

/** Some states of a machine by their names, and the names of the states that they go to. A state that is undefined is left out. */
export type Part<Name extends string, Next extends string> = { readonly [name in Name]: State<Next> | undefined };

/** All states of a machine, or of a processor or branch in it, with the name of the first. */
export interface States {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State<string> };
}

/** Types some states of a machine. They may go to states of other parts: `states()` checks that these exist. */
export function part<Name extends string, Next extends string = never>(some: Part<Name, Next>): Part<Name, Next> {
  return some;
}

/** Puts all states together. It does not compile if one of them goes to a state that is missing. */
export function states<Name extends string>(startAt: NoInfer<Name>, all: Part<Name, NoInfer<Name>>): States {
  const defined = Object.entries<State<Name> | undefined>(all).filter((entry): entry is [string, State<Name>] => entry[1] !== undefined);
  return { StartAt: startAt, States: Object.fromEntries(defined) };
}

/** Names an action of an AWS service, such as `account:getAlternateContact`. */
export function sdk(partition: string, action: string): Resource {
  return `arn:${partition}:states:::aws-sdk:${action}`;
}

/** White space, and the literals that keep theirs: strings and regular expressions. A slash before white space divides. */
const SPACES_AND_LITERALS = /\s+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/(?!\s)(?:\\.|[^/\\])+\//g;
/** Two characters that would be read as one word or one operator if they stood side by side. */
const MAY_JOIN = [/^[\w$]{2}$/, /^[^\w$\s'"()[\]{},;]{2}$/];

/** Writes an expression for a field. Leaves out the white space that is there for readers of the source, because the size of a template is limited. */
export function jsonata(expression: string): Expression {
  const text = expression.trim();
  return `{% ${text.replace(SPACES_AND_LITERALS, (match, offset: number) => {
    if (match.trim()) { return match; }
    const neighbours = text[offset - 1] + text[offset + match.length];
    return MAY_JOIN.some(pattern => pattern.test(neighbours)) ? ' ' : '';
  })} %}`;
}
