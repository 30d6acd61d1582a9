import { randomUUID } from 'node:crypto';
import type { CustomResourceEvent } from './custom-resource-event';
import { type ReceivedResponse, responseTrouble, readResponse } from './custom-resource-response';
import { type Change, type Made, ResourceFailure, type ResourceType } from './resource';
import type { Properties } from './template';
import type { Call } from '../core/faults';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpEndpoint } from '../core/http-api';
import { ServiceError } from '../core/service-error';
import type { CommonErrors, Traffic } from '../core/traffic';
import type { Lambda } from '../lambda/service';

export interface CustomResourceOptions {
  /** `http`: with a port, like local engines. `s3`: https on the default port, like AWS. @default 'http' */
  readonly responseUrl?: 'http' | 's3';
}

const DEFAULT_SERVICE_TIMEOUT = 3600;
/** How long a ResponseURL is valid, in seconds. */
const URL_EXPIRES = 7200;

interface Sent {
  readonly event: CustomResourceEvent;
  readonly at: number;
}

interface Pending {
  readonly event: CustomResourceEvent;
  settle(outcome: Made | ResourceFailure): void;
}

const ERRORS: CommonErrors = {
  internal: () => new ServiceError('InternalError', 'We encountered an internal error. Please try again.', 500),
  throttled: () => new ServiceError('SlowDown', 'Please reduce your request rate.', 503),
};

/**
 * CloudFormation's side of the custom-resource protocol. It sends the event to the function and waits for a PUT to the ResponseURL,
 * which is a presigned S3 URL on AWS. It ignores what the function returns or throws.
 */
export class CustomResources extends HttpEndpoint implements ResourceType {
  readonly events: CustomResourceEvent[] = [];
  readonly responses: ReceivedResponse[] = [];
  private readonly pending = new Map<string, Pending>();
  private readonly sent = new Map<string, Sent>();
  constructor(traffic: Traffic, private readonly lambda: Lambda, private readonly options: CustomResourceOptions) {
    super(traffic);
  }

  create(change: Change): Promise<Made> {
    return this.request('Create', change);
  }

  async update(change: Change): Promise<Made> {
    if (change.oldProperties?.ServiceToken !== change.properties.ServiceToken) {
      throw new ResourceFailure('Modifying service token is not allowed.', { reached: false });
    }
    return this.request('Update', change);
  }

  async delete(change: Change): Promise<void> {
    await this.request('Delete', change);
  }

  private async request(requestType: CustomResourceEvent['RequestType'], change: Change): Promise<Made> {
    const serviceToken = String(change.properties.ServiceToken);
    if (!this.lambda.has(serviceToken)) {
      throw new ResourceFailure(`Function not found: ${serviceToken}`, { reached: false });
    }
    const requestId = randomUUID();
    const at = this.traffic.clock.now();
    const event: CustomResourceEvent = {
      RequestType: requestType,
      ServiceToken: serviceToken,
      ResponseURL: this.responseUrl(change, requestId, at),
      StackId: change.stack.id,
      RequestId: requestId,
      LogicalResourceId: change.logicalId,
      ...(requestType !== 'Create' && { PhysicalResourceId: change.physicalId }),
      ResourceType: change.type,
      ResourceProperties: asStrings(change.properties) as Properties,
      ...(requestType === 'Update' && { OldResourceProperties: asStrings(change.oldProperties) as Properties }),
    };
    this.events.push(event);
    this.sent.set(requestId, { event, at });
    try {
      const outcome = await new Promise<Made | ResourceFailure>(settle => {
        this.pending.set(requestId, { event, settle });
        const timeout = Number(change.properties.ServiceTimeout ?? DEFAULT_SERVICE_TIMEOUT);
        const cancelTimeout = this.traffic.clock.after(timeout, () => settle(new ResourceFailure('CloudFormation did not receive a response '
          + `from your Custom Resource. Please check your logs for requestId [${requestId}].`)));
        // When a sibling fails, the engine stops waiting. The function is not told and runs on.
        change.cancelled.addEventListener('abort', () => {
          cancelTimeout();
          this.pending.delete(requestId);
        });
        this.lambda.invokeLater(serviceToken, event);
        const again = change.duplicates?.(event) ?? false;
        if (again !== false) {
          // Asynchronous invocation delivers at least once.
          this.lambda.invokeLater(serviceToken, event, again === true ? 0 : again);
        }
      });
      if (outcome instanceof ResourceFailure) {
        throw outcome;
      }
      return outcome;
    } finally {
      this.pending.delete(requestId);
    }
  }

  /** Returns a URL that is presigned for S3 with Signature Version 4. It tells the second in which CloudFormation sent the event. */
  private responseUrl(change: Change, requestId: string, at: number): string {
    const key = encodeURIComponent(`${change.stack.id}|${change.logicalId}|${requestId}`);
    const region = change.stack.region;
    const date = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
    const signature = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': date,
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': String(URL_EXPIRES),
      'X-Amz-Credential': `AKIASANDBOX/${date.slice(0, 8)}/${region}/s3/aws4_request`,
      'X-Amz-Signature': '0123456789abcdef',
    });
    const origin = this.options.responseUrl === 's3'
      ? `https://cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.amazonaws.com`
      : this.url;
    return `${origin}/${key}?${signature}`;
  }

  /** S3's side of the URL: it stores any body that the signature covers. CloudFormation reads it afterwards. */
  protected async answer(request: HttpRequest): Promise<HttpReply> {
    const requestId = decodeURIComponent(request.path.split('?')[0]).split('|').at(-1) ?? '';
    const sent = this.sent.get(requestId);
    if (!sent) {
      throw new ServiceError('AccessDenied', 'Access Denied', 403);
    }
    const account = sent.event.StackId.split(':')[4];
    const call: Call = { at: this.traffic.clock.now(), api: 'ResponseURL', account, functionName: '', outcome: 'ok' };
    return this.traffic.meetFault(call, ERRORS, () => this.store(request, sent));
  }

  protected error({ name, message, status }: ServiceError): HttpReply {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${name}</Code><Message>${message}</Message></Error>`;
    return { status, headers: { 'Content-Type': 'application/xml' }, body };
  }

  private store(request: HttpRequest, { event, at }: Sent): HttpReply {
    const response: ReceivedResponse = {
      at: this.traffic.clock.now(),
      requestId: event.RequestId,
      event,
      raw: request.body,
      headers: request.headers,
      httpStatus: 200,
      used: false,
      violations: [],
    };
    this.responses.push(response);
    const refusal = (status: number, code: string, message: string): ServiceError => {
      response.httpStatus = status;
      response.violations.push(message);
      return new ServiceError(code, message, status);
    };
    if (response.at > at + URL_EXPIRES * 1000) {
      response.httpStatus = 403; // not a violation: the event has waited too long
      throw new ServiceError('AccessDenied', 'Request has expired', 403);
    }
    if (request.method !== 'PUT' || request.headers['content-type']) {
      // The signature covers a PUT with an empty Content-Type. fetch() adds one if the body is text.
      throw refusal(403, 'SignatureDoesNotMatch', request.method !== 'PUT' ? `method ${request.method}` : 'non-empty Content-Type');
    }
    if (request.headers['transfer-encoding']) {
      throw refusal(501, 'NotImplemented', 'no Content-Length: S3 does not implement Transfer-Encoding');
    }
    const read = readResponse(request.body, event);
    response.body = read.body;
    response.violations.push(...read.violations, ...responseTrouble(response));
    const pending = this.pending.get(event.RequestId);
    if (pending) {
      response.used = true; // only the first response counts
      this.pending.delete(event.RequestId);
      pending.settle(read.outcome);
    }
    return { status: 200 };
  }
}

/** Turns every scalar into a string: `true` into "true", 5 into "5". */
function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(asStrings);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asStrings(item)]))
    : String(value);
}
