import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { InvalidDefinition, StatesError } from './errors';

/** The values that an expression can use: `$states` and the state machine's variables. */
export interface Bindings {
  readonly states: { readonly input: unknown; readonly result?: unknown; readonly errorOutput?: unknown; readonly context: unknown };
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The members of `$states` that a field may refer to. */
export type StatesMember = 'input' | 'context' | 'result' | 'errorOutput';

/** The sources of functions that depend on more than their arguments. */
export interface ExpressionSurroundings {
  /** The time in milliseconds. */
  now(): number;
  /** A random number from 0 up to 1. */
  random(): number;
}

/** The functions of JSONata, and those that Step Functions adds. Step Functions refuses `$eval`. */
const FUNCTIONS = new Set(('sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains '
  + 'replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single '
  + 'reduce each sift keys lookup append exists spread merge reverse error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent '
  + 'encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis clone now millis partition range hash uuid parse').split(' '));

/** Whether a string of the definition is an expression. */
export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}');
}

/** One `{% ... %}` of a definition. */
export class Expression {
  /** The names of the state machine's variables that the expression uses. */
  readonly variables: ReadonlySet<string>;
  private readonly source: string;
  private readonly compiled: jsonata.Expression;

  constructor(text: string, private readonly path: string, members: readonly StatesMember[], surroundings: ExpressionSurroundings) {
    this.source = text.slice(2, -2).trim();
    try {
      this.compiled = jsonata(this.source);
    } catch (reason) {
      throw new InvalidDefinition(path, `${(reason as jsonata.JsonataError).message} (position ${(reason as jsonata.JsonataError).position})`);
    }
    const survey = new Survey(path, members);
    survey.visit(this.compiled.ast() as Node, false);
    this.variables = survey.free();
    addFunctions(this.compiled, surroundings);
  }

  async evaluate({ states, variables }: Bindings): Promise<unknown> {
    let result: unknown;
    try {
      result = await this.compiled.evaluate(undefined, { ...variables, states });
    } catch (reason) {
      const { code, message } = reason as jsonata.JsonataError;
      // Like the causes of Step Functions, the messages of JSONata may repeat values.
      throw this.failure(`threw an error during evaluation. ${code}: ${message}`);
    }
    if (result === undefined) {
      throw this.failure('returned nothing (undefined).');
    }
    if (typeof result === 'function' || '_jsonata_lambda' in Object(result) || '_jsonata_function' in Object(result)) {
      throw this.failure('returned an unsupported result type.');
    }
    return JSON.parse(JSON.stringify(result)); // without the marks of JSONata on its arrays
  }

  /** Returns the error for a result that the field cannot take. */
  failure(what: string): StatesError {
    const field = this.path.replace(/^.*States\['.*?'\]\./, '').replace(/\[(\d+)\]/g, '.$1').replaceAll('.', '/');
    return new StatesError('States.QueryEvaluationError', `The JSONata expression '${this.source}' specified for the field '${field}' ${what}`, field);
  }
}

/** The parts of JSONata's syntax tree that the survey reads. */
interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly steps?: Node[];
  readonly lhs?: Node | Node[];
  readonly arguments?: Node[];
}

/** Searches a syntax tree for what Step Functions does not allow, and for names that the expression itself does not define. */
class Survey {
  private readonly used = new Set<string>();
  private readonly bound = new Set<string>();

  constructor(private readonly path: string, private readonly members: readonly StatesMember[]) {}

  free(): Set<string> {
    return new Set([...this.used].filter(name => !this.bound.has(name) && !FUNCTIONS.has(name)));
  }

  /** @param inContext whether `$` and bare names refer to something. At the top of an expression, they do not. */
  visit(node: Node, inContext: boolean): void {
    switch (node.type) {
      case 'path':
        return this.visitPath(node, inContext);
      case 'variable':
        this.visitVariable(String(node.value), inContext);
        break;
      case 'name':
      case 'wildcard':
      case 'descendant':
      case 'parent':
        if (!inContext) {
          throw this.invalid(`there is no input document, so '${String(node.value ?? node.type)}' refers to nothing`);
        }
        break;
      case 'bind':
        this.bound.add(String((node.lhs as Node).value));
        break;
      case 'lambda':
        node.arguments?.forEach(argument => this.bound.add(String(argument.value)));
        break;
    }
    // A grouping is an array of pairs, which are evaluated in the context of the grouped items.
    this.visitChildren(node, inContext);
  }

  private visitPath(node: Node, inContext: boolean): void {
    const [first, second] = node.steps ?? [];
    if (first?.type === 'variable' && first.value === 'states') {
      const member = second?.type === 'name' ? String(second.value) : '';
      if (!(this.members as readonly string[]).includes(member)) {
        throw this.invalid(`this field may refer to ${this.members.map(name => `$states.${name}`).join(', ')} only, not to $states.${member}`);
      }
    }
    node.steps?.forEach((step, index) => index === 0 && step.type === 'variable' && step.value === 'states'
      ? this.visitChildren(step, inContext) : this.visit(step, inContext || index > 0));
    this.visitChildren({ ...node, steps: undefined }, true);
  }

  private visitVariable(name: string, inContext: boolean): void {
    if (name === '$') {
      throw this.invalid('$$ refers to an input document, and there is none');
    }
    if (name === '' && !inContext) {
      throw this.invalid('$ at the top level refers to an input document, and there is none');
    }
    if (name === 'eval') {
      throw this.invalid('$eval is not supported');
    }
    if (name === 'states') {
      throw this.invalid('the sandbox models the members of $states, not $states as a whole');
    }
    if (name !== '') {
      this.used.add(name);
    }
  }

  private visitChildren(node: Node, inContext: boolean): void {
    for (const [key, child] of Object.entries(node)) {
      if (key === 'focus' || key === 'index') {
        this.bound.add(String(child));
      } else if (typeof child === 'object' && child !== null && !(child instanceof RegExp)) {
        const contextual = inContext || ['predicate', 'stages', 'group', 'terms'].includes(key);
        if (Array.isArray(child)) {
          (child as (Node | Node[])[]).flat().forEach(item => this.visitMaybe(item, contextual));
        } else {
          this.visitMaybe(child as Node, contextual);
        }
      }
    }
  }

  private visitMaybe(node: Node, inContext: boolean): void {
    if (typeof node === 'object' && node !== null) {
      this.visit(node, inContext);
    }
  }

  private invalid(problem: string): InvalidDefinition {
    return new InvalidDefinition(this.path, problem);
  }
}

/** Adds the functions of Step Functions, and those that use the sandbox's clock and random numbers. */
function addFunctions(expression: jsonata.Expression, { now, random }: ExpressionSurroundings): void {
  expression.registerFunction('millis', () => now(), '<:n>');
  expression.registerFunction('now', () => new Date(now()).toISOString(), '<:s>');
  expression.registerFunction('random', (seed?: number) => seed === undefined ? random() : seeded(seed), '<n?:n>');
  expression.registerFunction('uuid', () => randomUUID(), '<:s>');
  expression.registerFunction('parse', (text: string) => JSON.parse(text) as unknown, '<s:x>');
  expression.registerFunction('partition', partition, '<an:a<a>>');
  expression.registerFunction('range', range, '<nnn:x>');
  expression.registerFunction('hash', hash, '<ss:s>');
}

function partition(items: unknown[], size: number): unknown[][] {
  if (!(size > 0)) {
    throw new Error('The size of a partition must be positive');
  }
  return Array.from({ length: Math.ceil(items.length / Math.floor(size)) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** A sequence, as JSONata has them: one number alone is that number, and an empty sequence is nothing. */
function range(first: number, last: number, step: number): number[] | number | undefined {
  if (step === 0) {
    throw new Error('The step of a range must not be zero');
  }
  const numbers = Array.from({ length: Math.max(Math.floor((last - first) / step) + 1, 0) }, (_, index) => first + index * step);
  return numbers.length > 1 ? numbers : numbers[0];
}

function hash(text: string, algorithm: string): string {
  return createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
}

/** Returns the same number for the same seed. */
function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE() / 2 ** 32;
}
