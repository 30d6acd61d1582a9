import { StepFunctionsApi } from './api';
import type { MapState, States, Task } from './definition';
import { InvalidDefinition, mustFit, StatesError } from './errors';
import { Execution, type Identity, type LogEntry, type MapRun } from './execution';
import type { AllMeansDataLimit, ExecutionHost, FailedChildLeaves, Timings } from './execution-host';
import { Interpreter } from './interpreter';
import { type OuterVariables, parseDefinition } from './parser';
import { type Revision, StateMachine, type StateMachineOptions } from './state-machine';
import type { Caller } from '../core/caller';
import type { Clock } from '../core/clock';
import { partitionOf } from '../core/endpoints';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';
import type { Iam } from '../iam/service';

export interface StepFunctionsOptions {
  /** @default - 0.12 seconds per call, 0.3 seconds per child */
  readonly timings?: Partial<Timings>;
  /**
   * How long an updated definition or role takes to have effect, in seconds. Until then, executions start with the old one. AWS documents a few
   * seconds. @default 3
   */
  readonly definitionDelaySeconds?: number;
  /** DescribeStateMachine shows an update only after these seconds. @default 0 */
  readonly describeDelaySeconds?: number;
  /** How a tolerated failed child appears in the result of its map. @default 'description' */
  readonly failedChildLeaves?: FailedChildLeaves;
  /** The states in which States.ALL also matches States.DataLimitExceeded. @default 'in tasks' */
  readonly allMeansDataLimit?: AllMeansDataLimit;
  /** Whether the EXPRESS children of an execution go on after it has ended. AWS documents that they cannot be stopped. @default 'go on' */
  readonly expressChildren?: 'go on' | 'stop';
  /**
   * Whether a Distributed Map may refer to variables of outer scopes. AWS documents that it may not. @default 'refused'
   */
  readonly outerVariables?: OuterVariables;
  /** The source of jitter and of ids. @default Math.random */
  readonly random?: () => number;
  /** Called with every child of a distributed map when it starts. It may end the child, as if it had failed. */
  readonly onChild?: (child: Execution) => void;
}

/** How long the name of an execution that has ended can't be used again, in milliseconds. */
const NAME_TAKEN = 90 * 86_400_000;

type StatusListener = (execution: Execution) => void;

/** The state machines and their executions. */
export class StepFunctions {
  /** All executions in the order of their starts, without the children of distributed maps. */
  readonly executions: Execution[] = [];
  /** The log entries that AWS writes to CloudWatch Logs. */
  readonly logs: LogEntry[] = [];
  private readonly machines = new Map<string, StateMachine>();
  /** The revision that each execution runs. */
  private readonly revisions = new WeakMap<Execution, Revision>();
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
    const machine = parseDefinition(options.definition, this.surroundings, { problem: (...action) => this.problem(...action) },
      this.options.outerVariables ?? 'refused');
    if (!this.iam.trusts(options.account, roleName(options.roleArn), 'states.amazonaws.com')) {
      throw new InvalidDefinition('RoleArn', `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume ${options.roleArn}`);
    }
    if (this.machines.get(arn)?.deleting) {
      throw new InvalidDefinition(arn, 'the state machine of that name is being deleted');
    }
    const { definitionDelaySeconds: startSeconds = 3, describeDelaySeconds: describeSeconds = 0 } = this.options;
    const known = this.machines.get(arn) ?? new StateMachine(arn, { startSeconds, describeSeconds });
    known.put(options, machine, this.clock.now());
    this.machines.set(arn, known);
    return arn;
  }

  /** Deletes a state machine. It is gone when its executions have ended: each is terminated by its next state transition. */
  async remove(arn: string): Promise<void> {
    const machine = this.machines.get(arn);
    if (machine) {
      machine.deleting = true;
      await Promise.all(this.running().filter(({ identity }) => identity.machineArn === arn).map(({ ended }) => ended));
      this.machines.delete(arn);
    }
  }

  /** Throws ServiceError. */
  machine(arn: string): StateMachine {
    const machine = this.machines.get(arn);
    if (!machine) {
      throw new ServiceError('StateMachineDoesNotExistException', `State Machine Does Not Exist: '${arn}'`, 400);
    }
    return machine;
  }

  /** Returns the revision that an execution runs. Updates of its machine do not change it. */
  revisionOf(execution: Execution): Revision {
    return this.revisions.get(execution) as Revision;
  }

  /** Starts an execution, without checking permissions. One that runs with the same name and input is not started again. Throws ServiceError. */
  start(machineArn: string, input: unknown, name = this.uuid()): Execution {
    const machine = this.machine(machineArn);
    if (machine.deleting) {
      throw new ServiceError('StateMachineDeletingException', `State Machine is deleting: '${machineArn}'`, 400);
    }
    const revision = machine.started(this.clock.now());
    if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{C}]{1,80}$/u.test(name)) {
      throw new ServiceError('InvalidNameException', `Invalid Name: '${name}'`, 400);
    }
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const namesake = this.executions.find(({ identity, stoppedAt = Infinity }) => identity.arn === arn && stoppedAt > this.clock.now() - NAME_TAKEN);
    if (namesake?.status === 'RUNNING' && JSON.stringify(namesake.input) === JSON.stringify(input)) {
      return namesake;
    }
    if (namesake) {
      throw new ServiceError('ExecutionAlreadyExistsException', `Execution Already Exists: '${arn}'`, 400);
    }
    try {
      mustFit(input, 'The input');
    } catch (reason) {
      throw new ServiceError('InvalidExecutionInputException', (reason as StatesError).message, 400);
    }
    const { account, region, roleArn, name: machineName, encrypted = false } = revision.options;
    const identity = { arn, name, machineArn, machineName, account, region, roleArn, express: false, encrypted };
    const execution = this.run(identity, revision, revision.machine, input, revision.machine.timeoutSeconds);
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

  private run(identity: Identity, revision: Revision, states: States, input: unknown, timeoutSeconds?: number): Execution {
    const logging = revision.options.logging ?? { level: 'OFF', includeExecutionData: false };
    const execution = new Execution(identity, input, this.clock, logging, this.logs, timeoutSeconds);
    this.revisions.set(execution, revision);
    void new Interpreter(execution, this.host(revision, identity)).run(states);
    return execution;
  }

  private host(revision: Revision, { machineArn, express }: Identity): ExecutionHost {
    const machine = this.machines.get(machineArn.replace(/\/.*/, ''));
    return {
      deleting: () => machine?.deleting === true && !express,
      ...this.surroundings,
      timings: { callSeconds: 0.12, childStartSeconds: 0.3, ...this.options.timings },
      failedChildLeaves: this.options.failedChildLeaves ?? 'description',
      allMeansDataLimit: this.options.allMeansDataLimit ?? 'in tasks',
      expressChildrenGoOn: (this.options.expressChildren ?? 'go on') === 'go on',
      call: (execution, task, input) => this.call(execution, task, input),
      childRefusal: ({ identity }) => this.refusal(callerOf(identity), 'states:StartExecution', identity.machineArn.replace(/\/.*/, '')),
      startMapRun: (parent, map) => this.startMapRun(parent, map, revision),
    };
  }

  private startMapRun(parent: Execution, map: MapState, revision: Revision): ReturnType<ExecutionHost['startMapRun']> {
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
        { ...parent.identity, arn, name, machineArn: `${machineArn}/${label}`, machineName: `${machineName}/${label}`, express }, revision, map.processor, input,
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
    return integration.call(action, input, callerOf(identity), identity.region);
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
