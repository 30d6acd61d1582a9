import type { Catcher, Choice, Leaving, MapState, Parallel, Retrier, State, States, Task } from './definition';
import { mustFit, ServiceError, StatesError } from './errors';
import type { Execution, MapRun } from './execution';
import type { Bindings, Surroundings } from './expressions';
import { isArray, isBoolean, isObject, isPercentage, isString, isWhole } from './json-template';
import { Stopped, type Strand } from './strand';
import { Variables } from './variables';

/** What an execution needs from the world around it. */
export interface World extends Surroundings {
  readonly timings: Timings;
  /** What a tolerated failed child leaves in the result of its map: nobody documents it. */
  readonly failedChildLeaves: 'nothing' | 'null' | 'error';
  /** Calls a service as the state machine's role. Throws ServiceError. */
  call(execution: Execution, task: Task, input: Record<string, unknown>): Promise<unknown>;
  /** Why the state machine's role must not start children. */
  childRefusal(execution: Execution): string | undefined;
  /** Starts a run of a distributed map; its children are started with the returned function. */
  startMapRun(parent: Execution, map: MapState): { readonly run: MapRun; startChild(input: unknown): Execution };
}

export interface Timings {
  /** From a service call to its answer. */
  readonly callSeconds: number;
  /** From the end of a child of a distributed map to the start of the next. */
  readonly childStartSeconds: number;
}

/** What a state hands over: its output, and the state that takes it. */
interface Step {
  readonly output: unknown;
  readonly next?: string;
}

const MAX_CHILDREN = 10_000;
const MAX_INLINE_CONCURRENCY = 40;

/** Runs one execution from its first state to its last. */
export class Interpreter {
  constructor(private readonly execution: Execution, private readonly world: World) {}

  async run(machine: States): Promise<void> {
    const { execution } = this;
    try {
      execution.record('ExecutionStarted', () => ({ input: execution.input, roleArn: execution.identity.roleArn }));
      mustFit(execution.input, 'The input of the execution');
      const output = await this.states(machine, execution.input, undefined, execution.strand);
      execution.finish('SUCCEEDED', { output });
    } catch (reason) {
      if (reason instanceof StatesError) {
        execution.finish('FAILED', { error: reason.error, cause: reason.message });
      } else if (!(reason instanceof Stopped)) {
        execution.breakDown(reason);
      }
    }
  }

  private async states({ startAt, states }: States, input: unknown, outer: Variables | undefined, strand: Strand): Promise<unknown> {
    const variables = new Variables(outer);
    let step: Step = { output: input, next: startAt };
    while (step.next !== undefined) {
      step = await new Visit(this, this.execution, this.world, states.get(step.next) as State, step.output, variables, strand).take();
    }
    return step.output;
  }

  /** Runs the states inside a state. */
  inside(states: States, input: unknown, outer: Variables, strand: Strand): Promise<unknown> {
    return this.states(states, input, outer, strand);
  }
}

/** One visit to a state: from entering it to leaving it, with all its attempts. */
class Visit {
  private readonly enteredAt: number;
  private retries = 0;

  constructor(
    private readonly interpreter: Interpreter,
    private readonly execution: Execution,
    private readonly world: World,
    private readonly state: State,
    private readonly input: unknown,
    private readonly variables: Variables,
    private readonly strand: Strand,
  ) {
    this.enteredAt = world.now();
  }

  async take(): Promise<Step> {
    const { state, input } = this;
    this.strand.mustGoOn();
    this.execution.transitions++;
    this.record(`${state.type}StateEntered`, () => ({ input }));
    try {
      switch (state.type) {
        case 'Pass':
        case 'Succeed':
          return await this.leave(state);
        case 'Wait':
          await this.strand.wait(await state.seconds.evaluateTo(this.bindings(), 'a whole number', isWhole));
          return await this.leave(state);
        case 'Choice':
          return await this.choose(state);
        case 'Fail':
          throw new StatesError(
            await state.error?.evaluateTo(this.bindings(), 'a string', isString) ?? '',
            await state.cause?.evaluateTo(this.bindings(), 'a string', isString) ?? '',
          );
        case 'Task':
          return await this.handle(state, () => this.call(state));
        case 'Parallel':
          return await this.handle(state, () => this.parallel(state));
        case 'Map':
          return await this.handle(state, () => this.map(state));
      }
    } catch (reason) {
      this.noteFailedEvaluation(reason);
      throw reason;
    }
  }

  private noteFailedEvaluation(reason: unknown): void {
    if (reason instanceof StatesError && reason.error === 'States.QueryEvaluationError' && !reason.noted) {
      reason.noted = true;
      this.record('EvaluationFailed', () => ({ error: reason.error, cause: reason.message }));
    }
  }

  private async choose(choice: Choice): Promise<Step> {
    for (const rule of choice.rules) {
      if (await rule.condition.evaluateTo(this.bindings(), 'a boolean', isBoolean)) {
        return this.leave(rule);
      }
    }
    if (choice.next === undefined) {
      throw new StatesError('States.NoChoiceMatched', `No condition of the state '${choice.name}' holds, and it has no default.`);
    }
    return this.leave(choice);
  }

  /** Tries, tries again as the retriers say, and goes where the catchers say. */
  private async handle(state: Task | Parallel | MapState, attempt: () => Promise<unknown>): Promise<Step> {
    const used = new Map<Retrier, number>();
    for (;;) {
      try {
        const result = await attempt();
        return await this.leave(state, { result });
      } catch (reason) {
        if (!(reason instanceof StatesError)) {
          throw reason;
        }
        this.noteFailedEvaluation(reason);
        const retrier = state.retriers.find(({ errorEquals }) => reason.matches(errorEquals));
        const retries = retrier ? used.get(retrier) ?? 0 : 0;
        if (retrier && retries < retrier.maxAttempts) {
          used.set(retrier, retries + 1);
          await this.strand.wait(this.delay(retrier, retries));
          this.retries++;
          this.execution.transitions++;
          continue;
        }
        const catcher = state.catchers.find(({ errorEquals }) => reason.matches(errorEquals));
        if (!catcher) {
          throw reason;
        }
        return this.leave(catcher satisfies Catcher, { errorOutput: { Error: reason.error, Cause: reason.message } });
      }
    }
  }

  private delay({ intervalSeconds, backoffRate, maxDelaySeconds = Infinity, fullJitter }: Retrier, retries: number): number {
    const seconds = Math.min(intervalSeconds * backoffRate ** retries, maxDelaySeconds);
    return fullJitter ? this.world.random() * seconds : seconds;
  }

  /** Evaluates what is left behind, all of it before any variable changes. */
  private async leave(leaving: Leaving, outcome: { result?: unknown; errorOutput?: unknown } = {}): Promise<Step> {
    const bindings = this.bindings(outcome);
    const assigned = await leaving.assign?.evaluate(bindings) as Record<string, unknown> | undefined;
    const output = leaving.output ? await leaving.output.evaluate(bindings) : 'result' in outcome ? outcome.result : outcome.errorOutput ?? this.input;
    mustFit(output, `The output of the state '${this.state.name}'`);
    if (assigned) {
      this.variables.assign(assigned, this.state.name);
    }
    this.record(`${this.state.type}StateExited`, () => ({ output, assignedVariables: assigned }));
    return { output, next: leaving.next };
  }

  private async call(task: Task): Promise<unknown> {
    const { service, action } = task;
    const input = task.arguments ? await task.arguments.evaluateTo(this.bindings(), 'an object', isObject) : this.input as Record<string, unknown>;
    mustFit(input, `The input of the task '${task.name}'`);
    const resource = { resourceType: `aws-sdk:${service}`, resource: action };
    this.record('TaskScheduled', () => ({ ...resource, region: this.execution.identity.region, parameters: input }));
    this.record('TaskStarted', () => resource);
    let result: unknown;
    try {
      result = await this.strand.orStopped(this.timed(task, this.answer(task, input)));
    } catch (reason) {
      if (reason instanceof StatesError) {
        this.record(reason.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', () => ({ ...resource, error: reason.error, cause: reason.message }));
      }
      throw reason;
    }
    try {
      mustFit(result, `The result of the task '${task.name}'`);
    } catch (reason) {
      this.record('TaskFailed', () => ({ ...resource, error: (reason as StatesError).error, cause: (reason as StatesError).message }));
      throw reason;
    }
    this.record('TaskSucceeded', () => ({ ...resource, output: result }));
    return result;
  }

  /** The call takes effect at once, also when the execution is stopped before the answer is there. */
  private async answer(task: Task, input: Record<string, unknown>): Promise<unknown> {
    try {
      return await this.world.call(this.execution, task, input);
    } catch (reason) {
      throw reason instanceof ServiceError
        ? new StatesError(`${namespace(task.service)}.${reason.name}`,
          `${reason.message} (Service: ${namespace(task.service)}, Status Code: ${reason.status}, Request ID: sandbox) (SDK Attempt Count: 1)`)
        : reason;
    } finally {
      await this.strand.wait(this.world.timings.callSeconds);
    }
  }

  private async timed<T>({ name, timeoutSeconds }: Task, work: Promise<T>): Promise<T> {
    if (timeoutSeconds === undefined) {
      return work;
    }
    return this.strand.first(work, timeoutSeconds, () => new StatesError('States.Timeout', `The task '${name}' took longer than ${timeoutSeconds} seconds.`));
  }

  private async parallel(state: Parallel): Promise<unknown> {
    const input = state.arguments ? await state.arguments.evaluate(this.bindings()) : this.input;
    this.record('ParallelStateStarted', () => ({}));
    try {
      const results = await this.strand.all(state.branches.map(branch => strand => this.interpreter.inside(branch, input, this.variables, strand)));
      mustFit(results, `The result of the state '${state.name}'`);
      this.record('ParallelStateSucceeded', () => ({}));
      return results;
    } catch (reason) {
      this.failed('ParallelStateFailed', reason);
      throw reason;
    }
  }

  private async map(state: MapState): Promise<unknown> {
    const concurrency = await state.maxConcurrency?.evaluateTo(this.bindings(), 'a whole number', isWhole) ?? 0;
    const items = await this.items(state);
    this.record('MapStateStarted', () => ({ length: items.length }));
    try {
      const inputs = await this.inputs(state, items);
      const results = state.distributed
        ? await this.distributed(state, state.distributed, inputs, concurrency)
        : await this.inline(state, inputs, concurrency);
      mustFit(results, `The result of the state '${state.name}'`);
      this.record('MapStateSucceeded', () => ({}));
      return results;
    } catch (reason) {
      this.failed('MapStateFailed', reason);
      throw reason;
    }
  }

  private async items({ items, name }: MapState): Promise<unknown[]> {
    if (items) {
      return items.evaluateTo(this.bindings(), 'an array', isArray);
    }
    if (!isArray(this.input)) {
      throw new StatesError('States.QueryEvaluationError', `The input of the state '${name}' must be an array.`);
    }
    return this.input;
  }

  /** What each child or iteration gets. */
  private async inputs(state: MapState, items: unknown[]): Promise<unknown[]> {
    const { itemSelector, distributed } = state;
    const selected = itemSelector
      ? await Promise.all(items.map((Value, Index) => itemSelector.evaluate(this.bindings({}, { Item: { Index, Value } }))))
      : items;
    const batch = await distributed?.maxItemsPerBatch?.evaluateTo(this.bindings(), 'a whole number', isWhole);
    return batch === undefined ? selected
      : Array.from({ length: Math.ceil(selected.length / batch) }, (_, index) => ({ Items: selected.slice(index * batch, (index + 1) * batch) }));
  }

  private async inline(state: MapState, inputs: unknown[], concurrency: number): Promise<unknown[]> {
    const { name } = state;
    const lanes = Math.min(concurrency || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY);
    return this.inLanes(inputs, lanes, async (input, index, strand) => {
      this.record('MapIterationStarted', () => ({ name, index }));
      try {
        const result = await this.interpreter.inside(state.processor, input, this.variables, strand);
        this.record('MapIterationSucceeded', () => ({ name, index }));
        return result;
      } catch (reason) {
        this.failed('MapIterationFailed', reason);
        throw reason;
      }
    });
  }

  private async distributed(state: MapState, settings: NonNullable<MapState['distributed']>, inputs: unknown[], concurrency: number): Promise<unknown[]> {
    const percentage = await settings.toleratedFailurePercentage?.evaluateTo(this.bindings(), 'a number from 0 to 100', isPercentage);
    const count = await settings.toleratedFailureCount?.evaluateTo(this.bindings(), 'a whole number', isWhole);
    const refusal = this.world.childRefusal(this.execution);
    if (refusal !== undefined) {
      throw new StatesError('States.Permissions', refusal);
    }
    if (inputs.length > MAX_CHILDREN) {
      throw new StatesError('States.Runtime', `The map run would have ${inputs.length} children, more than ${MAX_CHILDREN}.`);
    }
    const { run, startChild } = this.world.startMapRun(this.execution, state);
    this.record('MapRunStarted', () => ({ mapRunArn: run.arn }));
    let failures = 0;
    try {
      const results = await this.inLanes(inputs, Math.min(concurrency || MAX_CHILDREN, MAX_CHILDREN), async (input, _, strand) => {
        await strand.wait(this.world.timings.childStartSeconds);
        const child = startChild(input);
        const leave = strand.whenStopped(() => child.finish('ABORTED', {}));
        await strand.orStopped(child.ended);
        leave();
        if (child.status === 'SUCCEEDED') {
          return [child.outcome.output];
        }
        failures++;
        const tolerated = percentage === undefined && count === undefined ? failures === 0
          : failures * 100 <= (percentage ?? 100) * inputs.length && failures <= (count ?? Infinity);
        if (!tolerated) {
          throw new StatesError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
        }
        return { nothing: [], null: [null], error: [{ Error: child.outcome.error, Cause: child.outcome.cause }] }[this.world.failedChildLeaves];
      });
      this.record('MapRunSucceeded', () => ({}));
      return results.flat();
    } catch (reason) {
      this.failed('MapRunFailed', reason);
      throw reason;
    }
  }

  /** Works through the items in their order, some at a time. */
  private async inLanes<T>(items: unknown[], lanes: number, work: (item: unknown, index: number, strand: Strand) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    let next = 0;
    await this.strand.all(Array.from({ length: Math.min(lanes, items.length) }, () => async strand => {
      for (let index = next++; index < items.length; index = next++) {
        results[index] = await work(items[index], index, strand);
      }
    }));
    return results;
  }

  private failed(type: string, reason: unknown): void {
    if (reason instanceof StatesError) {
      this.record(type, () => ({ error: reason.error, cause: reason.message }));
    }
  }

  private record(type: string, details: () => Record<string, unknown>): void {
    this.execution.record(type, () => ({ name: this.state.name, ...details() }));
  }

  private bindings(outcome: { result?: unknown; errorOutput?: unknown } = {}, map?: object): Bindings {
    const { identity, input, startedAt } = this.execution;
    const context = {
      Execution: {
        Id: identity.arn,
        Input: input,
        Name: identity.name,
        RoleArn: identity.roleArn,
        StartTime: new Date(startedAt).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: identity.machineArn, Name: identity.machineName },
      State: { EnteredTime: new Date(this.enteredAt).toISOString(), Name: this.state.name, RetryCount: this.retries },
      ...map && { Map: map },
    };
    return { states: { input: this.input, context, ...outcome }, variables: this.variables.values };
  }
}

/** A service's name at the front of its errors: that of the SDK for Java. */
function namespace(service: string): string {
  return service[0].toUpperCase() + service.slice(1);
}
