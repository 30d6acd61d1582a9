import type { IncomingHttpHeaders } from 'node:http';
import type { CustomResourceEvent } from './custom-resource-event';
import { type Made, ResourceFailure } from './resource';

/** One PUT to a ResponseURL, whether CloudFormation uses it or not. */
export interface ReceivedResponse {
  readonly at: number;
  readonly requestId: string;
  readonly event: CustomResourceEvent;
  readonly raw: string;
  readonly headers: IncomingHttpHeaders;
  /** The HTTP status that the function got. */
  httpStatus: number;
  /** Whether CloudFormation used it. It uses only the first response to an event, and only while it waits. */
  used: boolean;
  /** The rules of the protocol that the response violates, even if CloudFormation tolerates it. */
  readonly violations: string[];
  /** The parsed body, if it is an object. */
  body?: Record<string, unknown>;
}

const MAX_BYTES = 4096;
const MAX_PHYSICAL_ID_BYTES = 1024;

/**
 * Reads a response as CloudFormation does. The message 'Response object is too long.' is documented; the others resemble those that users
 * have reported.
 */
export function readResponse(raw: string, event: CustomResourceEvent):
{ outcome: Made | ResourceFailure; violations: string[]; body?: Record<string, unknown> } {
  const invalid = (reason: string, body?: Record<string, unknown>) => ({ outcome: new ResourceFailure(reason), violations: [reason], body });
  let body: Record<string, unknown> | undefined;
  try {
    const parsed: unknown = JSON.parse(raw);
    body = typeof parsed === 'object' && parsed !== null ? parsed as Record<string, unknown> : undefined;
  } catch {
    // reported below
  }
  if (Buffer.byteLength(raw) > MAX_BYTES) {
    return invalid('Response object is too long.', body);
  }
  if (!body) {
    return invalid('Response is not valid JSON');
  }
  for (const field of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (body[field] !== event[field]) {
      return invalid(`Invalid ${field}`, body);
    }
  }
  const { Status, Reason, PhysicalResourceId, Data } = body;
  if (Status !== 'SUCCESS' && Status !== 'FAILED') {
    return invalid('Invalid Status', body);
  }
  if (typeof PhysicalResourceId !== 'string' || PhysicalResourceId === '' || Buffer.byteLength(PhysicalResourceId) > MAX_PHYSICAL_ID_BYTES) {
    return invalid('Invalid PhysicalResourceId', body);
  }
  if (Status === 'FAILED') {
    if (typeof Reason !== 'string' || Reason === '') {
      return { ...invalid('Invalid Reason: it must be a non-null string when Status is FAILED', body) };
    }
    const reason = `Received response status [FAILED] from custom resource. Message returned: ${Reason} (RequestId: ${event.RequestId})`;
    return { outcome: new ResourceFailure(reason, { physicalId: PhysicalResourceId }), violations: [], body };
  }
  if (Data !== undefined && Data !== null && (typeof Data !== 'object' || Array.isArray(Data))) {
    return invalid('Invalid Data: it must be an object', body);
  }
  return { outcome: { physicalId: PhysicalResourceId, attributes: (Data ?? {}) as Record<string, unknown> }, violations: [], body };
}

/** Returns the violations that depend on the event: a Delete must answer with the id that it was sent. */
export function responseTrouble({ event, body }: ReceivedResponse): string[] {
  return event.RequestType === 'Delete' && body?.PhysicalResourceId !== event.PhysicalResourceId
    ? ['Delete answered with another PhysicalResourceId'] : [];
}
