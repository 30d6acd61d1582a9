import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { ignoreGone, listResources } from './cloudformation';
import type { Deadline } from './deadline';
import { RESOURCE_TYPE } from '../src/private/contract';

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

/** The contacts on one page of a stack's resources, past ones included. */
interface ContactPage {
  readonly stackId: string;
  readonly contacts: StackResourceSummary[];
  readonly isFirst: boolean;
  readonly hasMore: boolean;
}

/**
 * Reads the contacts of the stacks, and of those nested in them, page by page.
 *
 * @param stackIds the stack of the event first: it must exist
 * @throws Failure
 */
export async function* pagesOfTree(stackIds: string[], deadline: Deadline): AsyncGenerator<ContactPage> {
  // A set holds each stack once, and the loop also takes those that are added meanwhile.
  const stacks = new Set(stackIds);
  let isFirst = true;
  for (const stackId of stacks) {
    const recover = stackId === stackIds[0] ? undefined : ignoreGone;
    let NextToken: string | undefined;
    do {
      const { StackResourceSummaries = [], NextToken: next } = await listResources(stackId, NextToken, deadline, recover);
      for (const resource of StackResourceSummaries) {
        const isNested = resource.ResourceType === 'AWS::CloudFormation::Stack' && isLive(resource);
        if (isNested && resource.PhysicalResourceId) { stacks.add(resource.PhysicalResourceId); }
      }
      NextToken = next;
      const contacts = StackResourceSummaries.filter(({ ResourceType }) => ResourceType === RESOURCE_TYPE);
      yield { stackId, contacts, isFirst, hasMore: NextToken !== undefined };
      isFirst = false;
    } while (NextToken);
  }
}
