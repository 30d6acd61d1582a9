import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { ignoreGone, listResources } from './cloudformation';
import type { Deadline } from './deadline';

/*
 * A root stack and its nested stacks are one tree: they are deployed, rolled back and deleted together, and a contact may move from one to another.
 */

/** Returns the root of the stacks that the CDK nested: the construct passes it to the function of a nested stack. Any other stack is its own root. */
export function rootOf(stackId: string): string {
  return process.env.ROOT_STACK_ID ?? stackId;
}

/** Whether the resource still belongs to its stack. One that is deleted, or was skipped because it is retained, does not. */
export function isLive({ ResourceStatus }: StackResourceSummary): boolean {
  return !ResourceStatus?.startsWith('DELETE_');
}

/** One page of a stack's resources, past ones included. */
interface ResourcePage {
  readonly stackId: string;
  readonly resources: StackResourceSummary[];
  readonly isFirst: boolean;
  readonly hasMore: boolean;
}

/**
 * Reads the resources of the stacks, and of those nested in them, page by page.
 *
 * @param stackIds the stack of the event first: it must exist
 * @throws Failure
 */
export async function* pagesOfTree(stackIds: string[], deadline: Deadline): AsyncGenerator<ResourcePage> {
  // A set holds each stack once, and the loop also takes those that are added meanwhile.
  const stacks = new Set(stackIds);
  let isFirst = true;
  for (const stackId of stacks) {
    const recover = stackId === stackIds[0] ? undefined : ignoreGone;
    let NextToken: string | undefined;
    do {
      const { StackResourceSummaries: resources = [], NextToken: next } = await listResources(stackId, NextToken, deadline, recover);
      for (const resource of resources) {
        const isNested = resource.ResourceType === 'AWS::CloudFormation::Stack' && isLive(resource);
        if (isNested && resource.PhysicalResourceId) { stacks.add(resource.PhysicalResourceId); }
      }
      NextToken = next;
      yield { stackId, resources, isFirst, hasMore: NextToken !== undefined };
      isFirst = false;
    } while (NextToken);
  }
}
