import type { StackReader } from './reader';
import type { Stack } from './stack';
import type { Caller } from '../core/caller';
import type { Clock } from '../core/clock';
import type { Call, Faults } from '../core/faults';
import { type Integration, ServiceError } from '../core/integration';
import { answerOrFail, type FaultErrors } from '../core/integration-faults';

/** The SDK's general error. DescribeStacks declares no error in its model, so every error that CloudFormation answers with has this name. */
const GENERAL = 'CloudFormationException';

const FAULTS: FaultErrors = {
  throttled: new ServiceError(GENERAL, 'Rate exceeded', 400),
  broken: new ServiceError(GENERAL, 'An internal error occurred.', 500),
  unknown: GENERAL,
};

/** DescribeStacks, as `aws-sdk:cloudformation` integrations of Step Functions call it. */
export class CloudFormationIntegration implements Integration {
  readonly service = 'cloudformation';
  readonly actions = { describeStacks: ['StackName', 'NextToken'] };

  constructor(private readonly clock: Clock, private readonly stacks: StackReader, private readonly faults: Faults, private readonly calls: Call[]) {}

  call(_action: string, { StackName }: Record<string, unknown>, caller: Caller, region: string): Promise<unknown> {
    const call: Call = { at: this.clock.now(), api: 'DescribeStacks', account: caller.account, functionName: caller.functionName, outcome: 'ok' };
    this.calls.push(call);
    return answerOrFail(this.clock, call, this.faults.next(call), FAULTS, () => ({ Stacks: this.find(StackName, caller, region).map(describe) }));
  }

  private find(name: unknown, caller: Caller, region: string): Stack[] {
    try {
      const stack = this.stacks.find('DescribeStacks', name === undefined ? undefined : String(name), caller, region);
      return this.stacks.describable(stack, caller, region);
    } catch (reason) {
      throw reason instanceof ServiceError ? new ServiceError(GENERAL, reason.message, reason.status) : reason;
    }
  }
}

/** Everything that the answer has may end up in a history: parameters and outputs too. */
function describe(stack: Stack): object {
  const { revision, deletedAt, updatedAt, statusReason } = stack;
  const date = (at: number) => new Date(at).toISOString();
  const { Description } = revision?.template ?? {};
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...Description !== undefined && { Description },
    Parameters: (revision?.resolved.parametersAsShown() ?? []).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    CreationTime: date(stack.createdAt),
    ...deletedAt !== undefined && { DeletionTime: date(deletedAt) },
    ...updatedAt !== undefined && { LastUpdatedTime: date(updatedAt) },
    RollbackConfiguration: {},
    StackStatus: stack.status,
    ...statusReason !== undefined && { StackStatusReason: statusReason },
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [],
    Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    Tags: [],
    EnableTerminationProtection: false,
    ...stack.parent && { ParentId: stack.parent.id, RootId: stack.root.id },
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}
