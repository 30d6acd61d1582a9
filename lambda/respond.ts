import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Deadline } from './deadline';
import { pause } from './pauses';

/** The time kept free at the very end of the function's time, in milliseconds. */
const RESERVE = 500;
/** The longest pause before the response is sent again, in milliseconds. */
const LONGEST_PAUSE = 1_000;
/** How long one delivery may take, in milliseconds. */
const DELIVERY_TIMEOUT = 5_000;

/** The part of the response that depends on what was done. */
interface CustomResourceResponse {
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
 * Sends CloudFormation the response, again and again until it is accepted. Gives up only if CloudFormation no longer waits and refuses it with 403: the
 * URL has then expired, as it does after two hours.
 *
 * @throws Error if the response is not accepted before the function's time is up
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

/** Uses node:https directly: the signed URL allows no Content-Type, and local engines use http URLs with ports. */
function deliver(url: string, body: string): Promise<void> {
  const { request } = require(url.startsWith('http:') ? 'node:http' : 'node:https') as typeof import('node:https');
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'PUT', timeout: DELIVERY_TIMEOUT }, response => {
      response.resume(); // the status is enough, and the body may never end
      const { statusCode = 0 } = response;
      if (statusCode < 300) { resolve(); } else { reject(new RefusedResponse(statusCode)); }
    });
    call.on('timeout', () => call.destroy(new Error('The response was not accepted in time')));
    call.on('error', reject);
    call.end(body);
  });
}
