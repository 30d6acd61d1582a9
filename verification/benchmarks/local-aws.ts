import { createServer, IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a function's answer was, and when it came. */
export interface Answered {
  readonly at: number;
  readonly body: { readonly Status: string; readonly PhysicalResourceId: string; readonly Reason?: string };
}

type Invoke = (event: string) => Promise<unknown>;

/** Account Management, CloudFormation, Lambda and the response bucket, as far as one event of a contact needs them. They answer at once. */
export class LocalAws {
  static async start(): Promise<LocalAws> {
    const aws = new LocalAws();
    await new Promise<void>(resolve => aws.server.listen({ port: 0, host: '127.0.0.1' }, resolve));
    return aws;
  }

  /** The calls since the last `begin`. */
  calls: string[] = [];
  answered?: Answered;
  private resources = 0;
  /** The contact that the event has put. */
  private contact?: object;
  private invoke?: Invoke;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(({ status, headers, body = '' }) => {
      response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    });
  });

  /** @param resources how many resources the stack has, @param invoke runs the function that a function invokes */
  begin(resources: number, invoke?: Invoke): void {
    Object.assign(this, { calls: [], answered: undefined, contact: undefined, resources, invoke });
  }

  get environment(): NodeJS.ProcessEnv {
    const { port } = this.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return {
      RESPONSE_PORT: String(port),
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'contacts',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_ACCESS_KEY_ID: 'ASIAAAAAAAAAAAAAAAAA',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_EC2_METADATA_DISABLED: 'true',
      USER_ON_EVENT_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:111111111111:function:handler',
    };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; headers?: Record<string, string>; body?: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) { chunks.push(chunk as Buffer); }
    const body = Buffer.concat(chunks).toString('utf8');
    const { method, url = '' } = request;
    if (method === 'PUT') {
      this.answered = { at: performance.now(), body: JSON.parse(body) as Answered['body'] };
      return { status: 200 };
    }
    if (url.includes('/functions/')) {
      this.calls.push('Invoke');
      return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(await this.invoke?.(body)) };
    }
    if (url.startsWith('/getAlternateContact')) {
      this.calls.push('Get');
      const headers = { 'Content-Type': 'application/json' };
      if (this.contact) { return { status: 200, headers, body: JSON.stringify({ AlternateContact: this.contact }) }; }
      const name = 'ResourceNotFoundException';
      return { status: 404, headers: { ...headers, 'x-amzn-errortype': name }, body: JSON.stringify({ __type: name, message: '' }) };
    }
    const api = /^\/(put|delete)AlternateContact/.exec(url)?.[1];
    if (api) {
      this.calls.push(api === 'put' ? 'Put' : 'Delete');
      this.contact = api === 'put' ? JSON.parse(body) as object : undefined;
      return { status: 200 };
    }
    const form = new URLSearchParams(body);
    this.calls.push(form.get('Action') ?? url);
    return { status: 200, headers: { 'Content-Type': 'text/xml' }, body: this.listResources(Number(form.get('NextToken') ?? 0)) };
  }

  /** ListStackResources: 100 a page, none of them the contact that is deleted. */
  private listResources(start: number): string {
    const end = Math.min(start + 100, this.resources);
    const members = Array.from({ length: end - start }, (_, index) => `<member><LogicalResourceId>Contact${start + index}</LogicalResourceId>`
      + `<PhysicalResourceId>${300_000_000_000 + start + index}/SECURITY</PhysicalResourceId><ResourceType>Custom::AlternateContact</ResourceType>`
      + '<LastUpdatedTimestamp>2026-01-01T00:00:00.000Z</LastUpdatedTimestamp><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>').join('');
    const next = end < this.resources ? `<NextToken>${end}</NextToken>` : '';
    return `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${members}</StackResourceSummaries>${next}`
      + '</ListStackResourcesResult></ListStackResourcesResponse>';
  }
}
