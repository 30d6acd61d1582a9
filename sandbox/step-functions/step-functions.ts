import { type Machine, type MapState, parseDefinition, type States, type Task } from './definition';
import { InvalidDefinition, mustFit, ServiceError, StatesError } from './errors';
import { Execution, type Identity, type Logging, type LogEntry, type MapRun } from './execution';
import { type Integration, mustTake } from './integration';
import { Interpreter, type Timings, type World } from './interpreter';
import type { Clock } from '../core/clock';
import type { Iam } from '../iam/iam';
import { type Caller, partitionOf } from '../lambda/lambda';

/** A state machine as it is declared. */
export interface StateMachineOptions {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly roleArn: string;
  /** The definition as text. */
  readonly definition: string;
  /** @default - no logging */
  readonly logging?: Logging;
  /** Whether a customer managed key encrypts it. @default false */
  readonly encrypted?: boolean;
}

export interface StepFunctionsOptions {
  /** @default 0.12 seconds a call, 0.3 seconds a child */
  readonly timings?: Partial<Timings>;
  /** An updated definition and role count only after these seconds: until then, executions start with the old one. @default 0 */
  readonly definitionDelaySeconds?: number;
  /** What a tolerated failed child leaves in the result of its map: nobody documents it. @default 'nothing' */
  readonly failedChildLeaves?: World['failedChildLeaves'];
  /** The source of jitter and of ids. @default Math.random */
  readonly random?: () => number;
  /** Sees every child of a distributed map when it starts, and may finish it: how children die. */
  readonly onChild?: (child: Execution) => void;
}

interface Version extends StateMachineOptions {
  /** From when on new executions run it. */
  readonly from: number;
  readonly machine: Machine;
}

interface StateMachine {
  readonly arn: string;
  versions: Version[];
}

/** An action of its own API: what it takes, the ARN that IAM looks at, and what it does. */
interface OwnAction {
  readonly members: string[];
  readonly resource: (input: Record<string, unknown>) => unknown;
  readonly perform: (input: Record<string, unknown>) => unknown;
}

type StatusListener = (execution: Execution) => void;

/** Step Functions: state machines, their executions, and the part of its own API that state machines use. */
export class StepFunctions {
  /** Every execution that was started, without the children of distributed maps, in the order of their starts. */
  readonly executions: Execution[] = [];
  /** What would be in CloudWatch Logs. */
  readonly logs: LogEntry[] = [];
  private readonly machines = new Map<string, StateMachine>();
  private readonly integrations: ReadonlyMap<string, Integration>;
  private readonly listeners: StatusListener[] = [];
  private readonly random: () => number;

  constructor(
    private readonly clock: Clock, private readonly iam: Iam, integrations: Integration[], private readonly options: StepFunctionsOptions = {},
  ) {
    this.integrations = new Map([...integrations, this.ownApi()].map(integration => [integration.service, integration]));
    this.random = options.random ?? Math.random;
  }

  arnOf({ account, region, name }: Pick<StateMachineOptions, 'account' | 'region' | 'name'>): string {
    return `arn:${partitionOf(region)}:states:${region}:${account}:stateMachine:${name}`;
  }

  /** Creates or updates a state machine. Throws InvalidDefinition. */
  put(options: StateMachineOptions): string {
    const arn = this.arnOf(options);
    const machine = parseDefinition(options.definition, this.surroundings, { problem: (...action) => this.problem(...action) });
    if (!this.iam.trusts(options.account, roleName(options.roleArn), 'states.amazonaws.com')) {
      throw new InvalidDefinition('RoleArn', `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume ${options.roleArn}`);
    }
    const known = this.machines.get(arn);
    const from = this.clock.now() + (known ? (this.options.definitionDelaySeconds ?? 0) * 1000 : 0);
    this.machines.set(arn, { arn, versions: [...known?.versions ?? [], { ...options, machine, from }] });
    return arn;
  }

  /** Deletes a state machine: what runs is stopped. */
  remove(arn: string): void {
    this.machines.delete(arn);
    this.executions.filter(({ identity, status }) => identity.machineArn === arn && status === 'RUNNING')
      .forEach(execution => execution.finish('ABORTED', {}));
  }

  /** Starts an execution, whoever asks. */
  start(machineArn: string, input: unknown, name = this.uuid()): Execution {
    const version = this.machines.get(machineArn)?.versions.filter(({ from }) => from <= this.clock.now()).at(-1);
    if (!version) {
      throw new ServiceError('StateMachineDoesNotExistException', `State Machine Does Not Exist: '${machineArn}'`, 400);
    }
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    if (this.executions.some(({ identity }) => identity.arn === arn)) {
      throw new ServiceError('ExecutionAlreadyExistsException', `Execution Already Exists: '${arn}'`, 400);
    }
    try {
      mustFit(input, 'The input');
    } catch (reason) {
      throw new ServiceError('InvalidExecutionInputException', (reason as StatesError).message, 400);
    }
    const { account, region, roleArn, encrypted = false } = version;
    const identity = { arn, name, machineArn, machineName: version.name, account, region, roleArn, express: false, encrypted };
    const execution = this.run(identity, version, version.machine, input, version.machine.timeoutSeconds);
    this.executions.push(execution);
    this.listeners.forEach(listener => listener(execution));
    void execution.ended.then(() => this.listeners.forEach(listener => listener(execution)), () => undefined);
    return execution;
  }

  /** Calls back whenever the status of an execution has changed; not for the children of distributed maps. */
  onStatusChange(listener: StatusListener): void {
    this.listeners.push(listener);
  }

  /** Waits until no execution runs. */
  async idle(): Promise<void> {
    for (let running = this.running(); running.length > 0; running = this.running()) {
      await Promise.all(running.map(({ ended }) => ended));
    }
  }

  private running(): Execution[] {
    return this.executions.filter(({ status }) => status === 'RUNNING');
  }

  private run(identity: Identity, version: Version, states: States, input: unknown, timeoutSeconds?: number): Execution {
    const logging = version.logging ?? { level: 'OFF', includeExecutionData: false };
    const execution = new Execution(identity, input, this.clock, logging, this.logs, timeoutSeconds);
    void new Interpreter(execution, this.world(version)).run(states);
    return execution;
  }

  private world(version: Version): World {
    return {
      ...this.surroundings,
      timings: { callSeconds: 0.12, childStartSeconds: 0.3, ...this.options.timings },
      failedChildLeaves: this.options.failedChildLeaves ?? 'nothing',
      call: (execution, task, input) => this.call(execution, task, input),
      childRefusal: ({ identity }) => this.refusal(callerOf(identity), 'states:StartExecution', identity.machineArn.replace(/\/.*/, '')),
      startMapRun: (parent, map) => this.startMapRun(parent, map, version),
    };
  }

  private startMapRun(parent: Execution, map: MapState, version: Version): ReturnType<World['startMapRun']> {
    const { label, express } = map.distributed ?? { label: '', express: true };
    const { machineArn, machineName } = parent.identity;
    const uuid = this.uuid();
    const run: MapRun = { arn: `${machineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${uuid}`, label, executions: [] };
    parent.mapRuns.push(run);
    const startChild = (input: unknown) => {
      const name = this.uuid();
      const arn = express
        ? `${machineArn.replace(':stateMachine:', ':express:')}/${label}:${uuid}:${name}`
        : `${machineArn.replace(':stateMachine:', ':execution:')}/${label}:${name}`;
      const child = this.run(
        { ...parent.identity, arn, name, machineArn: `${machineArn}/${label}`, machineName: `${machineName}/${label}`, express }, version, map.processor, input,
      );
      run.executions.push(child);
      this.options.onChild?.(child);
      return child;
    };
    return { run, startChild };
  }

  private async call({ identity }: Execution, { service, action }: Task, input: Record<string, unknown>): Promise<unknown> {
    const integration = this.integrations.get(service) as Integration; // as the definition was accepted
    const members = integration.actions[action];
    mustTake(action, members, input);
    return integration.call(action, input, callerOf(identity));
  }

  private problem(service: string, action: string, members: string[]): string | undefined {
    const known = this.integrations.get(service)?.actions[action];
    const unknown = members.find(member => !known?.includes(member));
    return known === undefined ? `the sandbox does not model ${service}:${action}`
      : unknown === undefined ? undefined : `${service}:${action} does not take ${unknown}`;
  }

  private refusal(caller: Caller, action: string, resource: string): string | undefined {
    const refusal = this.iam.refusal(caller.account, caller.roleName, action, resource, {});
    return refusal && `User: ${caller.arn} is not authorized to perform: ${action} ${refusal}`;
  }

  private uuid(): string {
    const hex = (digits: number) => Math.floor(this.random() * 16 ** digits).toString(16).padStart(digits, '0');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
  }

  private get surroundings() {
    return { now: () => this.clock.now(), random: () => this.random() };
  }

  private find(arn: unknown): Execution {
    const execution = this.executions.find(({ identity }) => identity.arn === arn);
    if (!execution) {
      throw new ServiceError('ExecutionDoesNotExistException', `Execution Does Not Exist: '${String(arn)}'`, 400);
    }
    return execution;
  }

  /** Step Functions' own API as state machines call it: its members are in Pascal case there. */
  private ownApi(): Integration {
    const actions: Record<string, OwnAction> = {
      listExecutions: {
        members: ['StateMachineArn', 'StatusFilter', 'MaxResults', 'NextToken'],
        resource: input => input.StateMachineArn,
        perform: input => this.list(input),
      },
      describeExecution: {
        members: ['ExecutionArn'],
        resource: input => input.ExecutionArn,
        perform: input => describe(this.find(input.ExecutionArn)),
      },
      stopExecution: {
        members: ['ExecutionArn', 'Error', 'Cause'],
        resource: input => input.ExecutionArn,
        perform: input => {
          const { Error: error, Cause: cause } = input as { Error?: string; Cause?: string };
          this.find(input.ExecutionArn).finish('ABORTED', { error, cause });
          return { StopDate: new Date(this.clock.now()).toISOString() };
        },
      },
      startExecution: {
        members: ['StateMachineArn', 'Input', 'Name'],
        resource: input => input.StateMachineArn,
        perform: input => {
          const execution = this.start(String(input.StateMachineArn), JSON.parse(String(input.Input ?? '{}')), input.Name as string | undefined);
          return { ExecutionArn: execution.identity.arn, StartDate: new Date(execution.startedAt).toISOString() };
        },
      },
    };
    return {
      service: 'sfn',
      actions: Object.fromEntries(Object.entries(actions).map(([name, { members }]) => [name, members])),
      call: async (name, input, caller) => {
        const { resource, perform } = actions[name];
        const refusal = this.refusal(caller, `states:${name[0].toUpperCase()}${name.slice(1)}`, String(resource(input)));
        if (refusal !== undefined) {
          throw new ServiceError('SfnException', refusal, 400); // AccessDeniedException is not in the service's model
        }
        return perform(input);
      },
    };
  }

  private list({ StateMachineArn, StatusFilter, MaxResults, NextToken }: Record<string, unknown>): unknown {
    const start = Number(NextToken ?? 0);
    const found = this.executions
      .filter(({ identity, status }) => identity.machineArn === StateMachineArn && status === (StatusFilter ?? status)).reverse();
    const end = start + Math.min(Number(MaxResults ?? 100), 1000);
    return {
      Executions: found.slice(start, end).map(execution => ({
        ExecutionArn: execution.identity.arn,
        Name: execution.identity.name,
        StateMachineArn: execution.identity.machineArn,
        Status: execution.status,
        StartDate: new Date(execution.startedAt).toISOString(),
      })),
      ...end < found.length && { NextToken: String(end) },
    };
  }
}

function describe({ identity, input, status, startedAt, stoppedAt, outcome }: Execution): object {
  return {
    ExecutionArn: identity.arn,
    StateMachineArn: identity.machineArn,
    Name: identity.name,
    Status: status,
    StartDate: new Date(startedAt).toISOString(),
    ...stoppedAt !== undefined && { StopDate: new Date(stoppedAt).toISOString() },
    Input: JSON.stringify(input),
    ...outcome.output !== undefined && { Output: JSON.stringify(outcome.output) },
    ...outcome.error !== undefined && { Error: outcome.error, Cause: outcome.cause },
  };
}

function roleName(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

/** The state machine's role, as the services see it. */
function callerOf({ account, region, roleArn, machineName, name }: Identity): Caller {
  const partition = partitionOf(region);
  const role = roleName(roleArn);
  return { account, partition, roleName: role, functionName: machineName, arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${name}` };
}
