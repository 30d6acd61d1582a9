import { InvalidDefinition, StatesError } from './errors';
import { type Bindings, Expression, isExpression, type StatesMember, type ExpressionSurroundings } from './expressions';

/** A JSON value of a definition in which any string may be an expression. */
export class JsonTemplate {
  readonly expressions: Expression[] = [];
  private readonly evaluateValue: (bindings: Bindings) => Promise<unknown>;

  constructor(readonly value: unknown, readonly path: string, members: readonly StatesMember[], surroundings: ExpressionSurroundings) {
    const compile = (part: unknown, where: string): ((bindings: Bindings) => Promise<unknown>) | undefined => {
      if (typeof part === 'string') {
        if (!isExpression(part)) {
          if (part.startsWith('{%') || part.endsWith('%}')) {
            throw new InvalidDefinition(where, 'an expression begins with {% and ends with %}');
          }
          return undefined;
        }
        const expression = new Expression(part, where, members, surroundings);
        this.expressions.push(expression);
        return bindings => expression.evaluate(bindings);
      }
      if (typeof part !== 'object' || part === null) {
        return undefined;
      }
      const entries = Object.entries(part).map(([key, item]) => ({ key, item: item as unknown, evaluate: compile(item, `${where}.${key}`) }));
      if (entries.every(({ evaluate }) => evaluate === undefined)) {
        return undefined;
      }
      return async bindings => {
        const result: [string, unknown][] = [];
        for (const { key, item, evaluate } of entries) {
          result.push([key, evaluate ? await evaluate(bindings) : item]);
        }
        return Array.isArray(part) ? result.map(([, item]) => item) : Object.fromEntries(result);
      };
    };
    this.evaluateValue = compile(value, path) ?? (async () => value);
  }

  evaluate(bindings: Bindings): Promise<unknown> {
    return this.evaluateValue(bindings);
  }

  /** Evaluates a field that takes one kind of value only. */
  async evaluateTo<T>(bindings: Bindings, type: string, accepts: (value: unknown) => value is T): Promise<T> {
    const value = await this.evaluate(bindings);
    if (!accepts(value)) {
      // Step Functions repeats the value.
      const problem = `returned an unexpected result type. Expected '${type}', but was '${typeOf(value)}' for value: ${JSON.stringify(value)}`;
      throw this.expressions[0]?.failure(problem) ?? new StatesError('States.Runtime', `${this.path} ${problem}`);
    }
    return value;
  }
}

/** The type of a JSON value. */
function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

export const isString = (value: unknown): value is string => typeof value === 'string';
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
export const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isWhole = (value: unknown): value is number => Number.isInteger(value) && value as number >= 0;
export const isPercentage = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 100;
