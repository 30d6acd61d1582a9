import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteStackCommand, DescribeStacksCommand, ListStackResourcesCommand, paginateDescribeStacks, Stack, StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from './clients';

/** Every stack that is created here has this tag, by which it is found again. */
export const TAG = 'cdk-alternate-contact:try';

/** The stacks that are left of earlier runs. */
export async function stacksLeft({ cloudFormation }: Aws): Promise<Stack[]> {
  const found: Stack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: cloudFormation }, {})) {
    found.push(...Stacks.filter(({ Tags = [] }) => Tags.some(({ Key }) => Key === TAG)));
  }
  return found;
}

/** Deletes the stacks that are left, each when the operation that still runs on it has ended. */
export async function clean(aws: Aws, log: (line: string) => void, seconds = 5): Promise<void> {
  for (const { StackName, StackId } of await stacksLeft(aws)) {
    log(`deleting the stack ${StackName}`);
    await atRest(aws, StackId as string, seconds);
    await aws.cloudFormation.send(new DeleteStackCommand({ StackName: StackId }));
    const status = await atRest(aws, StackId as string, seconds);
    if (status !== undefined && status !== 'DELETE_COMPLETE') { throw new Error(`The stack ${StackName} is ${status}. Delete it by hand.`); }
  }
}

/** Waits for the end of the operation that runs on a stack. @returns its status, or nothing if there is no such stack */
async function atRest(aws: Aws, stack: string, seconds: number): Promise<string | undefined> {
  for (;;) {
    const status = await statusOf(aws, stack);
    if (!status?.endsWith('_IN_PROGRESS')) { return status; }
    await sleep(seconds * 1_000);
  }
}

export async function statusOf({ cloudFormation }: Aws, stack: string): Promise<string | undefined> {
  try {
    return (await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }))).Stacks?.[0]?.StackStatus;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) { return undefined; }
    throw error;
  }
}

export async function resourcesOf({ cloudFormation }: Aws, stack: string): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName: stack, NextToken }));
    found.push(...page.StackResourceSummaries ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
