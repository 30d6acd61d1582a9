import type { CloudFormation, DescribeStacksOutput, ListStackResourcesOutput } from '@aws-sdk/client-cloudformation';
import type { Deadline } from './deadline';
import { isDenial } from './denial';
import { failureOf } from './failure';
import { watchHost } from './host';
import { longestAskPause } from './pauses';
import { type CallError, withRetries } from './retry';
import type { SdkError } from './sdk-error';

/* Questions to CloudFormation. The only place that knows its client. */

let client: CloudFormation | undefined;
let host: () => string;

/** Few events besides Deletes ask CloudFormation, so its client is loaded only then. */
function cloudFormation(): CloudFormation {
  if (!client) {
    client = new (require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation')).CloudFormation({ maxAttempts: 1 });
    host = watchHost(client);
  }
  return client;
}

/** An answer that says nothing. */
type Nothing = DescribeStacksOutput & ListStackResourcesOutput;

/** Returns an empty answer for an error that is expected, and throws any other. */
type Recovery = (error: SdkError) => Nothing;

function rethrow(error: SdkError): never {
  throw error;
}

/** For a stack of the tree that is gone: its parent was deleted without it, or it was deleted by itself. It holds nothing, and rolls nothing back. */
export function ignoreGone(error: SdkError): Nothing {
  if (error.name !== 'ValidationError' || !error.message.includes('does not exist')) { throw error; }
  return {};
}

/** For a stack that may be gone, or that the role may not ask. */
export function ignoreGoneOrDenied(error: SdkError): Nothing {
  return isDenial(error) ? {} : ignoreGone(error);
}

/** The status of a stack. */
export interface StackDescription {
  readonly status: string;
  /** A deployment of the stack failed, and is being or has been undone. */
  readonly isUndone: boolean;
  /** The stack was undone and goes on: it can be deployed again, and so can each of its nested stacks. */
  readonly isSettled: boolean;
  /** The root, as CloudFormation knows it, of a nested stack. */
  readonly rootId?: string;
}

/**
 * Asks for the status of a stack.
 *
 * @throws Failure
 */
export async function describeStack(stackId: string, deadline: Deadline, recover: Recovery = rethrow): Promise<StackDescription> {
  const { Stacks } = await ask('DescribeStacks', deadline, abortSignal =>
    cloudFormation().describeStacks({ StackName: stackId }, { abortSignal }).catch(recover));
  const { StackStatus: status = '', StackStatusReason = '', RootId: rootId } = Stacks?.[0] ?? {};
  // With `OnFailure: DELETE`, a creation that fails or takes too long ends in a deletion. The reason of an ordinary deletion is "User Initiated".
  const isFailedCreation = status === 'DELETE_IN_PROGRESS' && /failed to create|exceeded the specified timeout/.test(StackStatusReason);
  // A stack at rest counts too: Lambda may deliver a Delete of the rollback again when the rollback is over.
  return { status, isUndone: status.includes('ROLLBACK') || isFailedCreation, isSettled: status === 'UPDATE_ROLLBACK_COMPLETE', rootId };
}

/**
 * Asks for up to 100 resources of a stack, past ones included.
 *
 * @param NextToken what the page before returned, undefined for the first page
 * @throws Failure
 */
export function listResources(
  stackId: string, NextToken: string | undefined, deadline: Deadline, recover: Recovery = rethrow,
): Promise<ListStackResourcesOutput> {
  return ask('ListStackResources', deadline, abortSignal =>
    cloudFormation().listStackResources({ StackName: stackId, NextToken }, { abortSignal }).catch(recover));
}

function ask<T>(api: string, deadline: Deadline, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const action = `cloudformation:${api}`;
  return withRetries(deadline, send, { longestPause: longestAskPause }).catch((error: CallError) => {
    throw failureOf(error, {
      what: 'ask CloudFormation whether the contact is still declared',
      action,
      host: host?.(),
      whenDenied: `Allow ${action} on this stack, and on the stacks that it is nested with, for the function's role. A new role may need more time: deploy again`,
    });
  });
}
