import { StepFunctionsApi } from './api';
import type { Machine, MapState, States, Task } from './definition';
import { InvalidDefinition, mustFit, StatesError } from './errors';
import { Execution, type Identity, type Logging, type LogEntry, type MapRun } from './execution';
import type { Timings, ExecutionHost } from './execution-host';
import { Interpreter } from './interpreter';
import { parseDefinition } from './parser';
import type { Caller } from '../core/caller';
import type { Clock } from '../core/clock';
import { partitionOf } from '../core/endpoints';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';
import type { Iam } from '../iam/service';

/** A state machine, as it is declared. */
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
  /** @default - 0.12 seconds per call, 0.3 seconds per child */
  readonly timings?: Partial<Timings>;
  /** How long an updated definition or role takes to have effect, in seconds. Until then, executions start with the old one. @default 0 */
  readonly definitionDelaySeconds?: number;
  /** How a tolerated failed child appears in the result of its map. AWS does not document it. @default 'nothing' */
  readonly failedChildLeaves?: ExecutionHost['failedChildLeaves'];
  /** The source of jitter and of ids. @default Math.random */
  readonly random?: () => number;
  /** Called with every child of a distributed map when it starts. It may end the child, as if it had failed. */
  readonly onChild?: (child: Execution) => void;
}

interface Version extends StateMachineOptions {
  /** When new executions begin to run it. */
  readonly from: number;
  readonly machine: Machine;
}

interface StateMachine {
  readonly arn: string;
  versions: Version[];
}

type StatusListener = (execution: Execution) => void;

/** The state machines and their executions. */
export class StepFunctions {
  /** All executions in the order of their starts, without the children of distributed maps. */
  readonly executions: Execution[] = [];
  /** The log entries that AWS writes to CloudWatch Logs. */
  readonly logs: LogEntry[] = [];
  private readonly machines = new Map<string, StateMachine>();
  private readonly integrations: ReadonlyMap<string, Integration>;
  private readonly listeners: StatusListener[] = [];
  private readonly random: () => number;

  constructor(
    private readonly clock: Clock, private readonly iam: Iam, integrations: Integration[], private readonly options: StepFunctionsOptions = {},
  ) {
    this.integrations = new Map([...integrations, new StepFunctionsApi(this)].map(integration => [integration.service, integration]));
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

  /** Deletes a state machine, and stops its executions. */
  remove(arn: string): void {
    this.machines.delete(arn);
    this.executions.filter(({ identity, status }) => identity.machineArn === arn && status === 'RUNNING')
      .forEach(execution => execution.finish('ABORTED', {}));
  }

  /** Starts an execution, without checking permissions. */
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

  now(): number {
    return this.clock.now();
  }

  /** Calls back when the status of an execution changes. The children of distributed maps do not count. */
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
    void new Interpreter(execution, this.host(version)).run(states);
    return execution;
  }

  private host(version: Version): ExecutionHost {
    return {
      ...this.surroundings,
      timings: { callSeconds: 0.12, childStartSeconds: 0.3, ...this.options.timings },
      failedChildLeaves: this.options.failedChildLeaves ?? 'nothing',
      call: (execution, task, input) => this.call(execution, task, input),
      childRefusal: ({ identity }) => this.refusal(callerOf(identity), 'states:StartExecution', identity.machineArn.replace(/\/.*/, '')),
      startMapRun: (parent, map) => this.startMapRun(parent, map, version),
    };
  }

  private startMapRun(parent: Execution, map: MapState, version: Version): ReturnType<ExecutionHost['startMapRun']> {
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
    const integration = this.integrations.get(service) as Integration; // the definition was accepted, so it exists
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

  /** Returns why a caller may not do this, or undefined if it may. */
  refusal(caller: Caller, action: string, resource: string): string | undefined {
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
}

function roleName(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

/** Refuses members that the action does not have, as Step Functions does. */
function mustTake(action: string, members: readonly string[], input: Record<string, unknown>): void {
  const unknown = Object.keys(input).find(member => !members.includes(member));
  if (unknown !== undefined) {
    throw new StatesError('States.Runtime', `The field "${unknown}" is not supported by ${action}.`);
  }
}

/** Returns the caller that services see: the state machine in its role. */
function callerOf({ account, region, roleArn, machineName, name }: Identity): Caller {
  const partition = partitionOf(region);
  const role = roleName(roleArn);
  return { account, partition, roleName: role, functionName: machineName, arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${name}` };
}
