import type { Execution } from './execution';
import type { Caller } from '../core/caller';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';

/** The part of the service that the API uses. */
interface Machines {
  readonly executions: readonly Execution[];
  now(): number;
  start(machineArn: string, input: unknown, name?: string): Execution;
  refusal(caller: Caller, action: string, resource: string): string | undefined;
}

/** An action of the API: the members of its input, the ARN that IAM checks, and its work. */
interface Action {
  readonly members: string[];
  readonly resource: (input: Record<string, unknown>) => unknown;
  readonly perform: (input: Record<string, unknown>) => unknown;
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
        return { StopDate: new Date(this.machines.now()).toISOString() };
      },
    },
    startExecution: {
      members: ['StateMachineArn', 'Input', 'Name'],
      resource: input => input.StateMachineArn,
      perform: input => {
        const execution = this.machines.start(String(input.StateMachineArn), JSON.parse(String(input.Input ?? '{}')), input.Name as string | undefined);
        return { ExecutionArn: execution.identity.arn, StartDate: new Date(execution.startedAt).toISOString() };
      },
    },
  };

  constructor(private readonly machines: Machines) {
    this.actions = Object.fromEntries(Object.entries(this.operations).map(([name, { members }]) => [name, members]));
  }

  async call(action: string, input: Record<string, unknown>, caller: Caller): Promise<unknown> {
    const { resource, perform } = this.operations[action];
    const refusal = this.machines.refusal(caller, `states:${action[0].toUpperCase()}${action.slice(1)}`, String(resource(input)));
    if (refusal !== undefined) {
      throw new ServiceError('SfnException', refusal, 400); // the model of the service has no AccessDeniedException
    }
    return perform(input);
  }

  private find(arn: unknown): Execution {
    const execution = this.machines.executions.find(({ identity }) => identity.arn === arn);
    if (!execution) {
      throw new ServiceError('ExecutionDoesNotExistException', `Execution Does Not Exist: '${String(arn)}'`, 400);
    }
    return execution;
  }

  private list({ StateMachineArn, StatusFilter, MaxResults, NextToken }: Record<string, unknown>): unknown {
    const start = Number(NextToken ?? 0);
    const found = this.machines.executions
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
