import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { Deadline, pause } from './retry';

/** The time kept free at the very end of the function's time, in milliseconds. */
const RESERVE = 500;
/** The longest pause before the response is sent again, in milliseconds. */
const LONGEST_PAUSE = 1_000;
/** How long one delivery may take, in milliseconds. */
const DELIVERY_TIMEOUT = 5_000;

/** What CloudFormation is told. */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly PhysicalResourceId: string;
  readonly Reason?: string;
}

/** A response that was refused. */
class RefusedResponse extends Error {
  constructor(public readonly status: number) {
    super(`The response was refused with HTTP ${status}`);
  }
}

/**
 * Sends CloudFormation the response, and sends it again until it is taken. If nobody waits for the response and it is refused with 403, it gives up: the
 * URL has expired, as it does after two hours.
 *
 * @throws Error if the response is not taken before the function's time is up
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function respond(event: CloudFormationCustomResourceEvent, result: CustomResourceResponse, deadline: Deadline): Promise<void> {
  const body = JSON.stringify({
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    ...result,
  });
  for (;;) {
    try {
      return await deliver(event.ResponseURL, body);
    } catch (error) {
      if (error instanceof RefusedResponse && error.status === 403 && !deadline.isAwaited) { return; }
      if (deadline.forResponse <= RESERVE) { throw error; }
      await pause(LONGEST_PAUSE);
    }
  }
}

/** By hand, because the URL is signed without a Content-Type, and local engines hand out http URLs with ports. */
function deliver(url: string, body: string): Promise<void> {
  const { request } = require(url.startsWith('http:') ? 'node:http' : 'node:https') as typeof import('node:https');
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'PUT', timeout: DELIVERY_TIMEOUT }, response => {
      response.resume(); // the status says all, and the rest may never come
      const { statusCode = 0 } = response;
      if (statusCode < 300) { resolve(); } else { reject(new RefusedResponse(statusCode)); }
    });
    call.on('timeout', () => call.destroy(new Error('The response was not taken in time')));
    call.on('error', reject);
    call.end(body);
  });
}
