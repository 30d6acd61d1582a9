import type { Handling, Leaving, Retrier } from './definition';
import { InvalidDefinition } from './errors';
import { isExpression, type StatesMember, type ExpressionSurroundings } from './expressions';
import { allow, type Json, list, object, whole } from './json';
import { JsonTemplate } from './json-template';

export const ALWAYS: readonly StatesMember[] = ['input', 'context'];
export const WITH_RESULT: readonly StatesMember[] = ['input', 'context', 'result'];
const WITH_ERROR: readonly StatesMember[] = ['input', 'context', 'errorOutput'];

/** The variables around a state. */
export interface VariableScope {
  /** The names that an inner scope must not assign. */
  readonly taken: ReadonlySet<string>;
  /** The names that a state may use. */
  readonly visible: ReadonlySet<string>;
  /** Those of the visible names that the scope itself assigns. */
  readonly own: ReadonlySet<string>;
  /** Whether the state must not refer to variables of the scopes around its own. */
  readonly ownOnly?: boolean;
}

/** Reads the fields that several types of states have. */
export class Fields {
  constructor(
    private readonly json: Json, private readonly path: string,
    private readonly scope: VariableScope, private readonly surroundings: ExpressionSurroundings,
  ) {}

  template(field: string, members = ALWAYS): JsonTemplate | undefined {
    if (this.json[field] === undefined) {
      return undefined;
    }
    const where = `${this.path}.${field}`;
    const template = new JsonTemplate(this.json[field], where, members, this.surroundings);
    for (const name of template.expressions.flatMap(expression => [...expression.variables])) {
      if (!this.scope.visible.has(name)) {
        throw new InvalidDefinition(where, `no state of this scope assigns the variable ${name} (a check of the sandbox; AWS fails at run time)`);
      }
      if (this.scope.ownOnly && !this.scope.own.has(name)) {
        throw new InvalidDefinition(where, `a Distributed Map state cannot refer to ${name}, a variable of an outer scope`);
      }
    }
    return template;
  }

  required(field: string): JsonTemplate {
    const template = this.template(field);
    if (!template) {
      throw new InvalidDefinition(`${this.path}.${field}`, 'the sandbox needs this field');
    }
    return template;
  }

  leaving(members: readonly StatesMember[], next = 'Next'): Leaving {
    if (this.json.Assign !== undefined) {
      object(this.json.Assign, `${this.path}.Assign`);
    }
    return {
      assign: this.template('Assign', members),
      output: this.template('Output', members),
      next: this.json[next] === undefined ? undefined : String(this.json[next]),
    };
  }

  rules(): (Leaving & { condition: JsonTemplate })[] {
    return this.inner('Choices', ['Condition', 'Next', 'Assign', 'Output', 'Comment']).map(rule => {
      if (!isExpression(String(rule.json.Condition)) && typeof rule.json.Condition !== 'boolean') {
        throw new InvalidDefinition(`${rule.path}.Condition`, 'a condition is a boolean or an expression');
      }
      return { ...rule.leaving(ALWAYS), condition: rule.required('Condition') };
    });
  }

  handling(): Handling {
    return {
      retriers: this.inner('Retry', ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'])
        .map((retrier, index, all) => retrier.retrier(index === all.length - 1)),
      catchers: this.inner('Catch', ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'])
        .map((catcher, index, all) => ({ errorEquals: catcher.errorEquals(index === all.length - 1), ...catcher.leaving(WITH_ERROR) })),
    };
  }

  /** An object inside the state. */
  inside(json: Json, path: string): Fields {
    return new Fields(json, path, this.scope, this.surroundings);
  }

  private retrier(last: boolean): Retrier {
    const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds, JitterStrategy = 'NONE' } = this.json;
    if (typeof BackoffRate !== 'number' || BackoffRate < 1) {
      throw new InvalidDefinition(`${this.path}.BackoffRate`, 'must be a number of at least 1');
    }
    if (JitterStrategy !== 'NONE' && JitterStrategy !== 'FULL') {
      throw new InvalidDefinition(`${this.path}.JitterStrategy`, 'must be NONE or FULL');
    }
    const intervalSeconds = whole(IntervalSeconds, `${this.path}.IntervalSeconds`, 1);
    const maxDelaySeconds = MaxDelaySeconds === undefined ? undefined : whole(MaxDelaySeconds, `${this.path}.MaxDelaySeconds`, intervalSeconds + 1);
    return {
      errorEquals: this.errorEquals(last),
      intervalSeconds,
      maxAttempts: whole(MaxAttempts, `${this.path}.MaxAttempts`),
      backoffRate: BackoffRate,
      maxDelaySeconds,
      fullJitter: JitterStrategy === 'FULL',
    };
  }

  private errorEquals(last: boolean): string[] {
    const where = `${this.path}.ErrorEquals`;
    const names = list(this.json.ErrorEquals, where).map(String);
    if (names.length === 0 || (names.includes('States.ALL') && (names.length > 1 || !last))) {
      throw new InvalidDefinition(where, 'names at least one error; States.ALL stands alone, and last');
    }
    return names;
  }

  private inner(field: string, fields: string[]): Fields[] {
    return list(this.json[field] ?? [], `${this.path}.${field}`).map((value, index) => {
      const where = `${this.path}.${field}[${index}]`;
      const json = object(value, where);
      allow(json, fields, where);
      return this.inside(json, where);
    });
  }
}
