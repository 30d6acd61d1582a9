import type { Machine, MapState, State, States, Task } from './definition';
import { InvalidDefinition } from './errors';
import type { ExpressionSurroundings } from './expressions';
import { ALWAYS, Fields, type VariableScope, WITH_RESULT } from './fields';
import { allow, type Json, list, object, whole } from './json';
import { isObject } from './json-template';

/** The actions of the services. */
interface Actions {
  /** Returns what is wrong with a call, such as an unknown action or member. */
  problem(service: string, action: string, members: string[]): string | undefined;
}

/**
 * Whether a Distributed Map state may refer to variables of the scopes around its own. The developer guide says that it can't (workflow variables:
 * "Distributed Map states cannot currently reference variables in outer scopes").
 */
export type OuterVariables = 'refused' | 'allowed';

const MAX_DEFINITION = 1_048_576;
const LEAVING = ['Assign', 'Output', 'Next', 'End'];
const HANDLING = ['Retry', 'Catch'];

/** The fields that the sandbox models for each type of state, besides `Type`, `Comment` and `QueryLanguage`. */
const FIELDS: Record<State['type'], string[]> = {
  Pass: LEAVING,
  Task: [...LEAVING, ...HANDLING, 'Resource', 'Arguments', 'TimeoutSeconds'],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Wait: [...LEAVING, 'Seconds'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Parallel: [...LEAVING, ...HANDLING, 'Branches', 'Arguments'],
  Map: [...LEAVING, ...HANDLING, 'Items', 'ItemSelector', 'MaxConcurrency', 'ItemProcessor',
    'Label', 'ToleratedFailurePercentage', 'ToleratedFailureCount', 'ItemBatcher'],
};

/** Reads a definition. Refuses what Step Functions refuses, and what the sandbox does not model. */
export function parseDefinition(text: string, surroundings: ExpressionSurroundings, actions: Actions, outerVariables: OuterVariables): Machine {
  if (Buffer.byteLength(text) > MAX_DEFINITION) {
    throw new InvalidDefinition('$', `the definition has ${Buffer.byteLength(text)} bytes, more than ${MAX_DEFINITION}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (reason) {
    throw new InvalidDefinition('$', (reason as Error).message);
  }
  const machine = object(json, '$');
  allow(machine, ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'], '$');
  const timeoutSeconds = machine.TimeoutSeconds === undefined ? undefined : whole(machine.TimeoutSeconds, '$.TimeoutSeconds');
  return { ...new Parser(surroundings, actions, outerVariables, machine.QueryLanguage ?? 'JSONPath').machine(machine), timeoutSeconds };
}

class Parser {
  private readonly names = new Set<string>();
  private readonly labels = new Set<string>();

  constructor(
    private readonly surroundings: ExpressionSurroundings, private readonly actions: Actions,
    private readonly outerVariables: OuterVariables, private readonly queryLanguage: unknown,
  ) {}

  machine(json: Json): States {
    return this.states(json, '$', { taken: new Set(), visible: new Set(), own: new Set() });
  }

  private states(json: Json, path: string, outer: VariableScope): States {
    const definitions = Object.entries(object(json.States, `${path}.States`)).map(([name, value]) => {
      const where = `${path}.States['${name}']`;
      if (this.names.has(name)) {
        throw new InvalidDefinition(where, 'another state has this name');
      }
      if (name.length > 80) {
        throw new InvalidDefinition(where, 'a name has at most 80 characters');
      }
      this.names.add(name);
      return { name, where, json: object(value, where) };
    });
    const own = new Set(definitions.flatMap(definition => assigned(definition.json)));
    for (const name of own) {
      if (outer.taken.has(name)) {
        throw new InvalidDefinition(path, `the variable ${name} is assigned in an outer scope too`);
      }
      if (name === 'states') {
        throw new InvalidDefinition(path, 'the variable states is reserved');
      }
    }
    const scope = { taken: new Set([...outer.taken, ...own]), visible: new Set([...outer.visible, ...own]), own };
    const states = new Map(definitions.map(definition => [definition.name, this.state(definition.name, definition.json, definition.where, scope)]));
    const startAt = String(json.StartAt);
    mustBeConnected(states, startAt, path);
    return { startAt, states };
  }

  private state(name: string, json: Json, path: string, scope: VariableScope): State {
    const type = String(json.Type) as State['type'];
    if (!(type in FIELDS)) {
      throw new InvalidDefinition(`${path}.Type`, `the sandbox does not model ${type}`);
    }
    if ((json.QueryLanguage ?? this.queryLanguage) !== 'JSONata') {
      throw new InvalidDefinition(`${path}.QueryLanguage`, 'the sandbox models JSONata only');
    }
    allow(json, ['Type', 'Comment', 'QueryLanguage', ...FIELDS[type]], path);
    if (FIELDS[type].includes('Next') && (json.Next === undefined) !== (json.End === true)) {
      throw new InvalidDefinition(path, 'a state has either Next or End: true');
    }
    const ownOnly = this.outerVariables === 'refused' && isDistributed(json);
    const read = new Fields(json, path, { ...scope, ownOnly }, this.surroundings);
    switch (type) {
      case 'Pass':
        return { type, name, ...read.leaving(ALWAYS) };
      case 'Wait':
        return { type, name, ...read.leaving(ALWAYS), seconds: read.required('Seconds') };
      case 'Succeed':
        return { type, name, output: read.template('Output') };
      case 'Fail':
        return { type, name, error: read.template('Error'), cause: read.template('Cause') };
      case 'Choice':
        return { type, name, ...read.leaving(ALWAYS, 'Default'), rules: read.rules() };
      case 'Task':
        return { type, name, ...read.leaving(WITH_RESULT), ...read.handling(), ...this.task(json, path, read) };
      case 'Parallel':
        return {
          type,
          name,
          ...read.leaving(WITH_RESULT),
          ...read.handling(),
          arguments: read.template('Arguments'),
          branches: list(json.Branches, `${path}.Branches`).map((branch, index) => {
            const where = `${path}.Branches[${index}]`;
            allow(object(branch, where), ['StartAt', 'States', 'Comment'], where);
            return this.states(branch as Json, where, scope);
          }),
        };
      case 'Map':
        return { type, name, ...read.leaving(WITH_RESULT), ...read.handling(), ...this.map(name, json, path, read, scope) };
    }
  }

  private task(json: Json, path: string, read: Fields): Pick<Task, 'service' | 'action' | 'arguments' | 'timeoutSeconds'> {
    const resource = /^arn:aws[a-z-]*:states:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)$/.exec(String(json.Resource));
    if (!resource) {
      throw new InvalidDefinition(`${path}.Resource`, `the sandbox models aws-sdk integrations only, not ${String(json.Resource)}`);
    }
    const [, service, action] = resource;
    const members = isObject(json.Arguments) ? Object.keys(json.Arguments) : [];
    const problem = this.actions.problem(service, action, members);
    if (problem !== undefined) {
      throw new InvalidDefinition(`${path}.Resource`, problem);
    }
    const timeoutSeconds = json.TimeoutSeconds === undefined ? undefined : whole(json.TimeoutSeconds, `${path}.TimeoutSeconds`);
    return { service, action, arguments: read.template('Arguments'), timeoutSeconds };
  }

  private map(name: string, json: Json, path: string, read: Fields, scope: VariableScope): Pick<MapState, 'items' | 'itemSelector' | 'maxConcurrency' | 'processor' | 'distributed'> {
    const where = `${path}.ItemProcessor`;
    const processor = object(json.ItemProcessor, where);
    allow(processor, ['ProcessorConfig', 'StartAt', 'States', 'Comment'], where);
    const config = object(processor.ProcessorConfig ?? {}, `${where}.ProcessorConfig`);
    allow(config, ['Mode', 'ExecutionType'], `${where}.ProcessorConfig`);
    const items = read.template('Items');
    const itemSelector = read.template('ItemSelector');
    const maxConcurrency = read.template('MaxConcurrency');
    if ((config.Mode ?? 'INLINE') === 'INLINE') {
      allow(json, ['Type', 'Comment', 'QueryLanguage', ...LEAVING, ...HANDLING, 'Items', 'ItemSelector', 'MaxConcurrency', 'ItemProcessor'], path);
      return { items, itemSelector, maxConcurrency, processor: this.states(processor, where, scope) };
    }
    if (config.Mode !== 'DISTRIBUTED' || !['EXPRESS', 'STANDARD'].includes(String(config.ExecutionType))) {
      throw new InvalidDefinition(`${where}.ProcessorConfig`, 'a distributed map has the Mode DISTRIBUTED and the ExecutionType EXPRESS or STANDARD');
    }
    const label = String(json.Label ?? name.replace(/[^A-Za-z0-9]/g, '').slice(0, 40));
    if (label.length > 40 || this.labels.has(label)) {
      throw new InvalidDefinition(`${path}.Label`, 'a label has at most 40 characters and is unique');
    }
    this.labels.add(label);
    const batcher = json.ItemBatcher === undefined ? undefined : object(json.ItemBatcher, `${path}.ItemBatcher`);
    allow(batcher ?? {}, ['MaxItemsPerBatch'], `${path}.ItemBatcher`);
    return {
      items,
      itemSelector,
      maxConcurrency,
      // The children do not see the variables, and yet must not use the same names.
      processor: this.states(processor, where, { taken: scope.taken, visible: new Set(), own: new Set() }),
      distributed: {
        label,
        express: config.ExecutionType === 'EXPRESS',
        toleratedFailurePercentage: read.template('ToleratedFailurePercentage'),
        toleratedFailureCount: read.template('ToleratedFailureCount'),
        maxItemsPerBatch: batcher && read.inside(batcher, `${path}.ItemBatcher`).required('MaxItemsPerBatch'),
      },
    };
  }
}

/** Whether a state is a Distributed Map. */
function isDistributed({ ItemProcessor }: Json): boolean {
  const config = isObject(ItemProcessor) ? ItemProcessor.ProcessorConfig : undefined;
  return isObject(config) && config.Mode === 'DISTRIBUTED';
}

/** Returns the variables that a state assigns, without those of the states inside it. */
function assigned(json: Json): string[] {
  const parts = [json, ...[json.Choices, json.Catch].filter(Array.isArray).flat()] as Json[];
  return parts.flatMap(part => isObject(part.Assign) ? Object.keys(part.Assign) : []);
}

function mustBeConnected(states: ReadonlyMap<string, State>, startAt: string, path: string): void {
  const reached = new Set<string>();
  const visit = (name: string, from: string): void => {
    const state = states.get(name);
    if (!state) {
      throw new InvalidDefinition(from, `there is no state ${name} beside it`);
    }
    if (!reached.has(name)) {
      reached.add(name);
      targets(state).forEach(next => visit(next, `${path}.States['${name}']`));
    }
  };
  visit(startAt, `${path}.StartAt`);
  for (const name of states.keys()) {
    if (!reached.has(name)) {
      throw new InvalidDefinition(`${path}.States['${name}']`, 'no other state leads to this one');
    }
  }
}

function targets(state: State): string[] {
  const leaving = [
    ...state.type === 'Fail' ? [] : [state],
    ...state.type === 'Choice' ? state.rules : [],
    ...'catchers' in state ? state.catchers : [],
  ];
  return leaving.map(({ next }) => next).filter(next => next !== undefined);
}
