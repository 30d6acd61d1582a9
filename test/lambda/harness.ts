/**
 * Runs the handler in the test's process, so that coverage is measured: the real SDK talks to the sandbox's HTTP API. How the deployed function behaves
 * under CloudFormation is tested in verification/proof/.
 */
import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { handler as Handler } from '../../lambda';
import { StoredContact, ContactType, Fault, Sandbox, SandboxOptions, Template } from '../../sandbox';
import type { ResourceState } from '../../sandbox/cloudformation/resource';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';

export const OWN = '111111111111';
export const MEMBER = '222222222222';
export const VALUES = { Name: 'Team', Title: 'On call', EmailAddress: 'team@example.com', PhoneNumber: '+1 555 0100' };
export const OTHER_VALUES = { Name: 'Jane Roe', Title: 'CFO', EmailAddress: 'jane.roe@example.com', PhoneNumber: '+1 555 0199' };
const PERSONAL = [...Object.values(VALUES), ...Object.values(OTHER_VALUES)];

export interface RequestFields {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly LogicalResourceId?: string;
}

/** How a response is refused: with a status, by a lost connection, without any reply, or with a 503 whose text is cut off. */
export type Refusal = number | 'drop' | 'hang' | 'cut off';

export interface Received {
  readonly body: { readonly Status: string; readonly Reason?: string; readonly PhysicalResourceId: string };
  readonly raw: string;
  readonly headers: IncomingHttpHeaders;
}

/** The circumstances in which an event is delivered. */
export interface DeliveryOptions {
  /** The function's remaining time in milliseconds. */
  readonly remaining?: number;
  /** The stack of the resource. By default the harness's own. */
  readonly stackId?: string;
  /** When CloudFormation sent the event, as milliseconds since 1970. It is in the URL only if it is given. */
  readonly sentAt?: number;
  /** Whether CloudFormation does not show that it is deleting the resource of this Delete: the event is an old one, or another engine sent it. */
  readonly isNotShown?: boolean;
}

/** A stack with a BILLING and a SECURITY contact of the stack's account and of a member, and the handler of its function. */
export class Harness {
  public sandbox!: Sandbox;
  public stackId!: string;
  /** How the next responses are refused. */
  public refusals: Refusal[] = [];
  public received: Received[] = [];
  public output = '';
  private functionArn!: string;
  private region!: string;
  private handler!: typeof Handler;
  private responses!: Server;

  /**
   * @param declare adds to the stack
   * @param nest nests the stack in a template that was written by hand: the constructs don't know it
   */
  public async start(
    options: Partial<SandboxOptions> = {}, declare: (stack: Stack) => void = () => undefined, region = 'eu-west-1', nest?: (templateUrl: string) => Template,
  ): Promise<void> {
    this.region = region;
    this.sandbox = await Sandbox.start({ managementAccount: OWN, memberAccounts: [MEMBER], standaloneAccounts: ['333333333333'], ...options });
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: OWN, region } });
    for (const accountId of [OWN, MEMBER]) {
      for (const type of [AlternateContactType.BILLING, AlternateContactType.SECURITY]) {
        new AlternateContact(stack, `${accountId}${type}`, {
          accountId, alternateContactType: type, name: 'n', title: 't', emailAddress: 'e@example.com', phoneNumber: '1',
        });
      }
    }
    // For contacts that the stack does not hold.
    AlternateContactProvider.getOrCreate(stack).role.addToPrincipalPolicy(new PolicyStatement({ actions: ['account:*'], resources: ['*'] }));
    declare(stack);
    const assembly = app.synth();
    const artifact = assembly.getStackByName('Stack');
    const template = nest ? nest(artifact.stackTemplateAssetObjectUrl!) : artifact.template as Template;
    const deployed = await this.sandbox.deploy({ stackName: 'Stack', account: OWN, region, template, assetDirectory: assembly.directory });
    expect(deployed.status).toBe('CREATE_COMPLETE');
    this.stackId = nest ? this.sandbox.events[0].StackId : deployed.stackId;
    this.functionArn = String(this.sandbox.events[0].ServiceToken);

    Object.assign(process.env, this.sandbox.environmentOf(this.functionArn));
    // Only now, because the clients read the environment when they are created.
    ({ handler: this.handler } = jest.requireActual<typeof import('../../lambda')>('../../lambda'));
    this.responses = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk)).on('end', () => {
        const refusal = this.refusals.shift();
        if (refusal === 'drop') { return request.socket.destroy(); }
        if (refusal === 'hang') { return undefined; }
        if (refusal === 'cut off') { return response.writeHead(503, { 'Content-Length': 100 }).write('<', () => request.socket.destroy()); }
        const raw = Buffer.concat(chunks).toString();
        if (!refusal) { this.received.push({ raw, body: JSON.parse(raw), headers: request.headers }); }
        return response.writeHead(refusal ?? 200).end();
      });
    });
    await new Promise<void>(resolve => this.responses.listen(0, '127.0.0.1', resolve));
  }

  /** Undoes the effects of earlier tests, and takes the pauses out of the handler. */
  public reset(): void {
    this.refusals = [];
    this.received = [];
    this.output = '';
    this.sandbox.calls.length = 0;
    for (const account of [OWN, MEMBER]) {
      for (const contact of this.sandbox.contacts.list(account)) { this.sandbox.contacts.delete(account, contact.AlternateContactType); }
    }
    jest.spyOn(process.stdout, 'write').mockImplementation(text => { this.output += String(text); return true; });
    jest.spyOn(Math, 'random').mockReturnValue(0);
  }

  public restore(): void {
    jest.restoreAllMocks();
    this.sandbox.faults.clear();
  }

  public async stop(): Promise<void> {
    this.responses?.close();
    await this.sandbox?.close();
  }

  /** Delivers an event of a security contact, with some properties changed, and returns the only response. */
  public deliver(request: RequestFields, properties: object = {}, delivery: DeliveryOptions = {}): Promise<Received['body']> {
    return this.deliverExactly(request, { ServiceTimeout: '1200', AlternateContactType: 'SECURITY', ...VALUES, ...properties }, delivery);
  }

  /** Delivers an event with exactly these properties, and returns the only response. */
  public async deliverExactly(request: RequestFields, properties: object, delivery: DeliveryOptions = {}): Promise<Received['body']> {
    await this.invoke(request, properties, delivery);
    expect(this.received).toHaveLength(1);
    const [{ body, raw, headers }] = this.received;
    expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(4096);
    expect(headers['content-type'] ?? '').toBe('');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(raw)));
    const { stackId: StackId = this.stackId } = delivery;
    expect(body).toMatchObject({ StackId, RequestId: 'request-1', LogicalResourceId: request.LogicalResourceId ?? 'AlternateContactSecurity' });
    for (const value of PERSONAL) { expect(raw + this.output).not.toContain(value); }
    return body;
  }

  /** Invokes the function with an event, and expects no response. */
  public async invoke(request: RequestFields, properties: object, delivery: DeliveryOptions = {}): Promise<void> {
    const event = this.eventOf(request, properties, delivery);
    const context = { invokedFunctionArn: this.functionArn, getRemainingTimeInMillis: () => delivery.remaining ?? 60_000 } as Context;
    this.received = [];
    if (event.RequestType !== 'Delete' || delivery.isNotShown) { return this.handler(event, context); }
    const { StackId, LogicalResourceId, PhysicalResourceId } = event;
    return this.whileListed(StackId, LogicalResourceId, { status: 'DELETE_IN_PROGRESS', physicalId: PhysicalResourceId }, () => this.handler(event, context));
  }

  /** Does something while a stack lists a resource of this type differently, or lists it at all. */
  public async whileListed<T>(stackId: string, logicalId: string, changes: Partial<ResourceState>, act: () => Promise<T>): Promise<T> {
    const { resources } = this.sandbox.stacks.find(stackId, OWN, this.region)!;
    const before = resources.get(logicalId);
    const any = [...resources.values()].find(({ type }) => type === 'Custom::AlternateContact')!;
    resources.set(logicalId, { ...before ?? { ...any, logicalId }, ...changes });
    try {
      return await act();
    } finally {
      if (before) { resources.set(logicalId, before); } else { resources.delete(logicalId); }
    }
  }

  private eventOf(
    request: RequestFields, properties: object, { sentAt, stackId = this.stackId }: DeliveryOptions,
  ): CloudFormationCustomResourceEvent {
    const { port } = this.responses.address() as AddressInfo;
    const date = sentAt === undefined ? '' : `&X-Amz-Date=${new Date(sentAt).toISOString().replace(/[-:]|\.\d+/g, '')}`;
    return {
      ServiceToken: this.functionArn,
      ResponseURL: `http://127.0.0.1:${port}/response?signature=x${date}`,
      StackId: stackId,
      RequestId: 'request-1',
      LogicalResourceId: 'AlternateContactSecurity',
      ResourceType: 'Custom::AlternateContact',
      ...request,
      ResourceProperties: { ServiceToken: this.functionArn, ...properties },
    } as CloudFormationCustomResourceEvent;
  }

  /** The calls in their order, such as `PutAlternateContact own`. */
  public get callsMade(): string[] {
    return this.sandbox.calls.map(call => `${call.api} ${call.accountId ?? 'own'}`);
  }

  /** The only line that the handler wrote to the log. */
  public get logged(): Record<string, unknown> {
    expect(this.output.trimEnd().split('\n')).toHaveLength(1);
    return JSON.parse(this.output) as Record<string, unknown>;
  }

  public stored(account = OWN, type: ContactType = 'SECURITY'): StoredContact | undefined {
    return this.sandbox.contacts.get(account, type);
  }

  public putByHand(account = OWN, type: ContactType = 'SECURITY', values: Omit<StoredContact, 'AlternateContactType'> = OTHER_VALUES): void {
    this.sandbox.contacts.put(account, { AlternateContactType: type, ...values });
  }

  /** Does something while the stack has more resources of a type, in a status. */
  public async whileThereAre(count: number, type: string, status: string, act: () => Promise<unknown>): Promise<void> {
    const { resources } = this.sandbox.stacks.find(this.stackId, OWN, this.region)!;
    const [any] = resources.values();
    const logicalIds = Array.from({ length: count }, (_, i) => `${type}${status}${i}`);
    for (const logicalId of logicalIds) { resources.set(logicalId, { ...any, logicalId, type, physicalId: logicalId, status }); }
    try {
      await act();
    } finally {
      for (const logicalId of logicalIds) { resources.delete(logicalId); }
    }
  }

  /** Does something, and returns the longest pauses that the handler chose meanwhile, in seconds. Each is shortened to a thousandth. */
  public async pausesOf(act: () => Promise<unknown>): Promise<number[]> {
    jest.spyOn(Math, 'random').mockReturnValue(0.001);
    const timeouts = jest.spyOn(globalThis, 'setTimeout');
    await act();
    // The SDK's own timeouts are longer.
    return timeouts.mock.calls.map(([, delay = 0]) => delay).filter(delay => delay > 0 && delay < 100).map(Math.round);
  }

  /** Does something while the stack, or one that is nested in it, has another status. */
  public async whileStackIs(status: string, reason: string | undefined, act: () => Promise<unknown>, stackId = this.stackId): Promise<void> {
    const stack = this.sandbox.stacks.find(stackId, OWN, this.region)!;
    stack.setStatus(status, reason);
    try {
      await act();
    } finally {
      stack.setStatus('CREATE_COMPLETE');
    }
  }
}

/** Starts a harness for all tests of a file. */
export function useHarness(...options: Parameters<Harness['start']>): Harness {
  const harness = new Harness();
  beforeAll(() => harness.start(...options));
  afterAll(() => harness.stop());
  beforeEach(() => harness.reset());
  afterEach(() => harness.restore());
  return harness;
}

/** Returns a fault that makes a service answer with an error, each time it is called. */
export function faultOf(api: string, name: string, status: number, message = 'no', times = 1000): Fault {
  return { api, kind: 'error', name, status, message, times };
}
