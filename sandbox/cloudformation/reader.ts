import type { StackRegistry } from './registry';
import type { Stack } from './stack';
import type { Caller } from '../core/caller';
import type { TokenBuckets } from '../core/quotas';
import { ServiceError } from '../core/service-error';
import type { Iam } from '../iam/service';

/** The stacks as their readers find them, functions and state machines alike: request rates, permissions, names and ids. */
export class StackReader {
  constructor(private readonly stacks: StackRegistry, private readonly iam: Iam, private readonly buckets: TokenBuckets) {}

  /** The stack that a call names; undefined if it names none. Throws ServiceError. */
  find(api: string, name: string | undefined, caller: Caller, region: string): Stack | undefined {
    if (!this.buckets.take(`${caller.account}/${region}`, api)) {
      throw new ServiceError('Throttling', 'Rate exceeded', 400);
    }
    const stack = name === undefined ? undefined : this.stacks.find(name, caller.account, region);
    const resource = stack?.id ?? (name === undefined ? '*' : name.startsWith('arn:') ? name
      : `arn:${caller.partition}:cloudformation:${region}:${caller.account}:stack/${name}/*`);
    const action = `cloudformation:${api}`;
    const refusal = this.iam.refusal(caller.account, caller.roleName, action, resource, {});
    if (refusal !== undefined) {
      throw new ServiceError('AccessDenied', `User: ${caller.arn} is not authorized to perform: ${action} ${refusal}`, 403);
    }
    if (name !== undefined && !stack) {
      throw new ServiceError('ValidationError', `Stack with id ${name} does not exist`, 400);
    }
    return stack;
  }

  /** Returns the stacks that DescribeStacks describes: one, or all of the account and region that are not deleted. */
  describable(stack: Stack | undefined, { account }: Caller, region: string): Stack[] {
    return stack ? [stack] : this.stacks.all.filter(candidate =>
      candidate.account === account && candidate.region === region && candidate.status !== 'DELETE_COMPLETE');
  }
}
