import { randomUUID } from 'node:crypto';
import type { CustomResourceEvent } from './custom-resource-event';
import { type ReceivedResponse, responseTrouble, readResponse } from './custom-resource-response';
import { type Change, type Made, ResourceFailure, type ResourceType } from './resource';
import type { Properties } from './template';
import type { Clock } from '../core/clock';
import type { Call, Faults } from '../core/faults';
import { type HttpReply, type HttpRequest, type HttpServer, serve } from '../core/http';
import type { Lambda } from '../lambda/service';

export interface CustomResourceOptions {
  /** `http`: as local engines do, with a port. `s3`: as AWS does, https on the default port. @default 'http' */
  readonly responseUrl?: 'http' | 's3';
}

const DEFAULT_SERVICE_TIMEOUT = 3600;
/** The seconds for which a ResponseURL is valid. */
const URL_EXPIRES = 7200;

interface Sent {
  readonly event: CustomResourceEvent;
  readonly at: number;
}

interface Pending {
  readonly event: CustomResourceEvent;
  settle(outcome: Made | ResourceFailure): void;
}

/**
 * CloudFormation's side of the custom-resource protocol: sends the event to the function and waits for a PUT to the ResponseURL,
 * which on AWS is a presigned S3 URL. What the function returns or throws does not count.
 */
export class CustomResources implements ResourceType {
  readonly events: CustomResourceEvent[] = [];
  readonly responses: ReceivedResponse[] = [];
  private readonly pending = new Map<string, Pending>();
  private readonly sent = new Map<string, Sent>();
  private server?: HttpServer;

  constructor(
    private readonly clock: Clock,
    private readonly lambda: Lambda,
    private readonly faults: Faults,
    private readonly options: CustomResourceOptions,
  ) {}

  async start(): Promise<number> {
    this.server = await serve(this.clock, request => this.receive(request));
    return this.server.port;
  }

  async close(): Promise<void> {
    await this.server?.close();
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
    const at = this.clock.now();
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
        const cancelTimeout = this.clock.after(timeout, () => settle(new ResourceFailure('CloudFormation did not receive a response '
          + `from your Custom Resource. Please check your logs for requestId [${requestId}].`)));
        // The engine stops waiting when a sibling fails. The function does not learn of it and runs on.
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

  /** A URL as presigned for S3 with Signature Version 4: it has the second in which CloudFormation sent the event. */
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
      : this.server?.url;
    return `${origin}/${key}?${signature}`;
  }

  /** S3's side of the URL: it stores whatever the signature covers, and CloudFormation reads it afterwards. */
  private async receive(request: HttpRequest): Promise<HttpReply> {
    const requestId = decodeURIComponent(request.path.split('?')[0]).split('|').at(-1) ?? '';
    const sent = this.sent.get(requestId);
    if (!sent) {
      return { status: 403, body: s3Error('AccessDenied', 'Access Denied') };
    }
    const { event } = sent;
    const account = event.StackId.split(':')[4];
    const call: Call = { at: this.clock.now(), api: 'ResponseURL', account, functionName: '', outcome: 'ok' };
    const fault = this.faults.next(call);
    switch (fault?.kind) {
      case 'drop':
      case 'drop-before':
        return 'drop';
      case '500':
      case '429':
      case 'error':
        return { status: fault.status ?? (fault.kind === '429' ? 503 : 500), body: s3Error('InternalError', 'We encountered an internal error.') };
      case 'slow':
        await this.clock.sleep(fault.seconds ?? 1);
        break;
      default:
    }
    const reply = this.store(request, sent);
    return fault?.kind === 'drop-after' ? 'drop' : reply;
  }

  private store(request: HttpRequest, { event, at }: Sent): HttpReply {
    const response: ReceivedResponse = {
      at: this.clock.now(),
      requestId: event.RequestId,
      event,
      raw: request.body,
      headers: request.headers,
      httpStatus: 200,
      used: false,
      violations: [],
    };
    this.responses.push(response);
    const refuse = (status: number, code: string, message: string): HttpReply => {
      response.httpStatus = status;
      response.violations.push(message);
      return { status, headers: { 'Content-Type': 'application/xml' }, body: s3Error(code, message) };
    };
    if (response.at > at + URL_EXPIRES * 1000) {
      response.httpStatus = 403; // no breach: the event has waited too long
      return { status: 403, body: s3Error('AccessDenied', 'Request has expired') };
    }
    if (request.method !== 'PUT' || request.headers['content-type']) {
      // The signature was made for a PUT with an empty Content-Type; fetch() adds one to a body of text by itself.
      return refuse(403, 'SignatureDoesNotMatch', request.method !== 'PUT' ? `method ${request.method}` : 'non-empty Content-Type');
    }
    if (request.headers['transfer-encoding']) {
      return refuse(501, 'NotImplemented', 'no Content-Length: S3 does not implement Transfer-Encoding');
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

/** Every scalar arrives as a string: `true` as "true", 5 as "5". */
function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(asStrings);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asStrings(item)]))
    : String(value);
}

function s3Error(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}
