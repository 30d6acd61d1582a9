import jsonata from 'jsonata';

/*
 * Finds names in a definition that stand for nothing. The compiler and the static judges accept them. Variables have scopes, as in Step Functions: the
 * branches of a Parallel state and the processor of an inline Map see the variables around them, and the children of a Distributed Map do not.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */

interface State {
  readonly Type: string;
  readonly Assign?: object;
  readonly Choices?: readonly { readonly Assign?: object }[];
  readonly Catch?: readonly { readonly Assign?: object }[];
  readonly Branches?: readonly Scope[];
  readonly ItemProcessor?: Scope & { readonly ProcessorConfig: { readonly Mode: string } };
}

interface Scope {
  readonly States: { readonly [name: string]: State };
}

/** What the expressions of a field may refer to. */
interface Visible {
  readonly variables: ReadonlySet<string>;
  /** Members of `$states`. */
  readonly members: readonly string[];
}

/** The parts of a syntax tree that matter here. The package declares fewer types of nodes than there are. */
interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly lhs?: Node;
  readonly rhs?: Node;
  readonly arguments?: readonly Node[];
  readonly body?: Node;
  readonly expressions?: readonly Node[];
}

const INPUT = ['input', 'context'];
const RESULT = [...INPUT, 'result'];
const ERROR = [...INPUT, 'errorOutput'];

/** The functions that Step Functions adds to those of JSONata. */
const ADDED_FUNCTIONS = ['partition', 'range', 'hash', 'uuid', 'parse'];

/** Whether Step Functions has a function. JSONata's `$eval` is not allowed. */
async function isFunction(name: string): Promise<boolean> {
  return ADDED_FUNCTIONS.includes(name) || (name !== 'eval' && await jsonata(`$exists($${name})`).evaluate({}) === true);
}

/** Returns the problems with the names of a definition. */
export async function wrongNames(definition: object): Promise<string[]> {
  const reader = new Reader();
  reader.readScope(definition as Scope, new Set());
  const unknown = [];
  for (const { where, name } of reader.unknown) {
    if (!await isFunction(name)) { unknown.push(`${where}: $${name} is never assigned`); }
  }
  const unread = [...reader.assigned].filter(name => !reader.read.has(name)).map(name => `$${name} is never read`);
  return [...reader.problems, ...unknown, ...unread];
}

class Reader {
  readonly problems: string[] = [];
  /** Names that are neither variables of the scope nor defined by the expression: functions, or mistakes. */
  readonly unknown: { readonly where: string; readonly name: string }[] = [];
  readonly assigned = new Set<string>();
  readonly read = new Set<string>();

  readScope({ States }: Scope, outer: ReadonlySet<string>): void {
    const own = Object.values(States).flatMap(state =>
      [state, ...state.Choices ?? [], ...state.Catch ?? []].flatMap(({ Assign }) => Object.keys(Assign ?? {})));
    own.forEach(name => this.assigned.add(name));
    const variables = new Set([...outer, ...own]);
    for (const [name, { Choices, Catch, Branches, ItemProcessor, ...fields }] of Object.entries(States)) {
      const afterwards = ['Task', 'Map', 'Parallel'].includes(fields.Type) ? RESULT : INPUT;
      for (const [field, value] of Object.entries(fields)) {
        this.readField(`${name}.${field}`, value, { variables, members: ['Assign', 'Output'].includes(field) ? afterwards : INPUT });
      }
      this.readField(`${name}.Choices`, Choices, { variables, members: INPUT });
      this.readField(`${name}.Catch`, Catch, { variables, members: ERROR });
      Branches?.forEach(branch => this.readScope(branch, variables));
      if (ItemProcessor) { this.readScope(ItemProcessor, ItemProcessor.ProcessorConfig.Mode === 'DISTRIBUTED' ? new Set() : variables); }
    }
  }

  private readField(where: string, value: unknown, visible: Visible): void {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        this.readLiteral(where, key);
        this.readField(`${where}.${key}`, inner, visible);
      }
    } else if (typeof value === 'string') {
      const expression = /^\{%(.*)%\}$/s.exec(value)?.[1];
      if (expression === undefined) { this.readLiteral(where, value); } else { this.readExpression(where, expression, visible); }
    }
  }

  private readExpression(where: string, expression: string, visible: Visible): void {
    try {
      this.readNode(where, jsonata(expression).ast() as Node, new Set(), visible);
    } catch (error) {
      this.problems.push(`${where}: ${(error as Error).message}`);
    }
  }

  /** @param local what the expression defines itself, up to this node */
  private readNode(where: string, node: Node, local: Set<string>, visible: Visible): void {
    const readIn = (scope: Set<string>, nodes: unknown) => {
      for (const child of [nodes].flat(Infinity)) {
        if (typeof child === 'object' && child !== null && !(child instanceof RegExp)) { this.readNode(where, child, scope, visible); }
      }
    };
    switch (node.type) {
      case 'bind':
        local.add(String(node.lhs?.value));
        return readIn(local, node.rhs);
      case 'lambda':
        return readIn(new Set([...local, ...(node.arguments ?? []).map(({ value }) => String(value))]), node.body);
      case 'block':
        return readIn(new Set(local), node.expressions);
      case 'variable':
        this.readVariable(where, String(node.value), local, visible);
        break;
      case 'string':
        this.readLiteral(where, String(node.value));
        break;
    }
    const [first, second] = node.steps ?? [];
    const isStates = first?.type === 'variable' && first.value === 'states';
    if (isStates && !visible.members.includes(String(second?.value))) { this.problems.push(`${where}: $states.${String(second?.value)} does not exist here`); }
    readIn(local, Object.values(isStates ? { ...node, steps: node.steps?.slice(1) } : node));
  }

  private readVariable(where: string, name: string, local: ReadonlySet<string>, { variables }: Visible): void {
    if (name === '' || local.has(name)) { return; }
    this.read.add(name);
    if (!variables.has(name)) { this.unknown.push({ where, name }); }
  }

  private readLiteral(where: string, text: string): void {
    if (/\$[\w${]|\{%|%\}/.test(text)) { this.problems.push(`${where}: ${text} is not in an expression`); }
  }
}
