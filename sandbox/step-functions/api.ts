import type { Execution } from './execution';
import type { Revision, StateMachine } from './state-machine';
import type { Caller } from '../core/caller';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';

/** The part of the service that the API uses. */
interface Machines {
  readonly executions: readonly Execution[];
  now(): number;
  start(machineArn: string, input: unknown, name?: string): Execution;
  machine(arn: string): StateMachine;
  revisionOf(execution: Execution): Revision;
  refusal(caller: Caller, action: string, resource: string): string | undefined;
}

type Input = Record<string, unknown>;

/** An action of the API: the members of its input, the ARN that IAM checks, and its work. */
interface Action {
  readonly members: string[];
  readonly resource: (input: Input) => unknown;
  readonly perform: (input: Input) => unknown;
}

/** The part of Step Functions' API that state machines call, with members in Pascal case. */
export class StepFunctionsApi implements Integration {
  readonly service = 'sfn';
  readonly actions: Record<string, string[]>;
  private readonly operations: Record<string, Action> = {
    listExecutions: {
      members: ['StateMachineArn', 'StatusFilter', 'MaxResults', 'NextToken'],
      resource: input => input.StateMachineArn,
      perform: input => this.list(input),
    },
    describeExecution: {
      members: ['ExecutionArn', 'IncludedData'],
      resource: input => input.ExecutionArn,
      perform: input => describe(this.find(input.ExecutionArn), input.IncludedData),
    },
    describeStateMachine: {
      members: ['StateMachineArn', 'IncludedData'],
      resource: input => input.StateMachineArn,
      perform: input => this.describeMachine(input),
    },
    describeStateMachineForExecution: {
      members: ['ExecutionArn', 'IncludedData'],
      resource: input => input.ExecutionArn,
      perform: input => this.describeMachineFor(input),
    },
    stopExecution: {
      members: ['ExecutionArn', 'Error', 'Cause'],
      resource: input => input.ExecutionArn,
      perform: input => {
        const { Error: error, Cause: cause } = input as { Error?: string; Cause?: string };
        this.find(input.ExecutionArn).finish('ABORTED', { error, cause });
        return { StopDate: date(this.machines.now()) };
      },
    },
    startExecution: {
      members: ['StateMachineArn', 'Input', 'Name'],
      resource: input => input.StateMachineArn,
      perform: input => {
        const execution = this.machines.start(String(input.StateMachineArn), parse(input.Input), input.Name as string | undefined);
        return { ExecutionArn: execution.identity.arn, StartDate: date(execution.startedAt) };
      },
    },
  };

  constructor(private readonly machines: Machines) {
    this.actions = Object.fromEntries(Object.entries(this.operations).map(([name, { members }]) => [name, members]));
  }

  async call(action: string, input: Input, caller: Caller): Promise<unknown> {
    const { resource, perform } = this.operations[action];
    const refusal = this.machines.refusal(caller, `states:${action[0].toUpperCase()}${action.slice(1)}`, String(resource(input)));
    if (refusal !== undefined) {
      throw new ServiceError('SfnException', refusal, 400); // the model of the service has no AccessDeniedException
    }
    return perform(input);
  }

  private find(arn: unknown): Execution {
    if (String(arn).includes(':express:')) {
      throw new ServiceError('InvalidArnException', "Invalid Arn: 'Resource type not valid in this context: express'", 400);
    }
    const execution = this.machines.executions.filter(({ identity }) => identity.arn === arn).at(-1);
    if (!execution) {
      throw new ServiceError('ExecutionDoesNotExistException', `Execution Does Not Exist: '${String(arn)}'`, 400);
    }
    return execution;
  }

  private list({ StateMachineArn, StatusFilter, MaxResults, NextToken }: Input): unknown {
    this.machines.machine(String(StateMachineArn));
    const start = Number(NextToken ?? 0);
    const found = this.machines.executions
      .filter(({ identity, status }) => identity.machineArn === StateMachineArn && status === (StatusFilter ?? status)).reverse();
    const end = start + Math.min(Number(MaxResults || 100), 1000);
    return {
      Executions: found.slice(start, end).map(summary),
      ...end < found.length && { NextToken: String(end) },
    };
  }

  private describeMachine({ StateMachineArn, IncludedData }: Input): unknown {
    if (/:stateMachine:[^/]*\//.test(String(StateMachineArn))) {
      throw new ServiceError('ValidationException', 'The ARN of a Distributed Map state is not valid here', 400);
    }
    const machine = this.machines.machine(String(StateMachineArn));
    return {
      ...configuration(machine.described(this.machines.now()), IncludedData),
      StateMachineArn: machine.arn,
      Status: machine.deleting ? 'DELETING' : 'ACTIVE',
      Type: 'STANDARD',
      CreationDate: date(machine.createdAt),
    };
  }

  private describeMachineFor({ ExecutionArn, IncludedData }: Input): unknown {
    const execution = this.find(ExecutionArn);
    const revision = this.machines.revisionOf(execution);
    return { ...configuration(revision, IncludedData), StateMachineArn: execution.identity.machineArn, UpdateDate: date(revision.at) };
  }
}

function configuration({ id, options }: Revision, includedData: unknown): object {
  const { level = 'OFF', includeExecutionData = false, logGroupArn } = options.logging ?? {};
  return {
    Name: options.name,
    Definition: includedData === 'METADATA_ONLY' ? '{}' : options.definition,
    RoleArn: options.roleArn,
    LoggingConfiguration: {
      Level: level,
      IncludeExecutionData: includeExecutionData,
      ...logGroupArn !== undefined && { Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: logGroupArn } }] },
    },
    TracingConfiguration: { Enabled: options.tracing ?? false },
    EncryptionConfiguration: { Type: options.encrypted ? 'CUSTOMER_MANAGED_KMS_KEY' : 'AWS_OWNED_KEY' },
    ...id !== undefined && { RevisionId: id },
  };
}

function summary({ identity, status, startedAt, stoppedAt }: Execution): object {
  return {
    ExecutionArn: identity.arn,
    StateMachineArn: identity.machineArn,
    Name: identity.name,
    Status: status,
    StartDate: date(startedAt),
    ...stoppedAt !== undefined && { StopDate: date(stoppedAt) },
  };
}

function describe(execution: Execution, includedData: unknown): object {
  const { input, outcome } = execution;
  return {
    ...summary(execution),
    ...includedData !== 'METADATA_ONLY' && {
      Input: JSON.stringify(input),
      InputDetails: { Included: true },
      ...outcome.output !== undefined && { Output: JSON.stringify(outcome.output), OutputDetails: { Included: true } },
      ...outcome.error !== undefined && { Error: outcome.error, Cause: outcome.cause },
    },
  };
}

function parse(input: unknown = '{}'): unknown {
  try {
    return JSON.parse(String(input));
  } catch (reason) {
    throw new ServiceError('InvalidExecutionInputException', `Invalid State Machine Execution Input: '${(reason as Error).message}'`, 400);
  }
}

function date(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
