import type { StackReader } from './reader';
import type { Stack } from './stack';
import type { Caller } from '../core/caller';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';
import { COMMON_ERRORS, type Traffic } from '../core/traffic';

/** The SDK's general error. DescribeStacks declares no error in its model, so every error that CloudFormation answers with has this name. */
const GENERAL = 'CloudFormationException';

/** DescribeStacks, as `aws-sdk:cloudformation` integrations of Step Functions call it. */
export class CloudFormationIntegration implements Integration {
  readonly service = 'cloudformation';
  readonly actions = { describeStacks: ['StackName', 'NextToken'] };

  constructor(private readonly traffic: Traffic, private readonly stacks: StackReader) {}

  async call(_action: string, { StackName }: Record<string, unknown>, caller: Caller, region: string): Promise<unknown> {
    const { account, functionName } = caller;
    try {
      return await this.traffic.call({ api: 'DescribeStacks', account, functionName }, COMMON_ERRORS, () =>
        ({ Stacks: this.find(StackName, caller, region).map(describe) }));
    } catch (reason) {
      throw reason instanceof ServiceError && reason.name !== 'SdkClientException' ? new ServiceError(GENERAL, reason.message, reason.status) : reason;
    }
  }

  private find(name: unknown, caller: Caller, region: string): Stack[] {
    const stack = this.stacks.find('DescribeStacks', name === undefined ? undefined : String(name), caller, region);
    return this.stacks.describable(stack, caller, region);
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
