import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomResourceEvent, DeployOptions, DestroyOptions, Sandbox, SandboxOptions, StackResult, Template } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

export const ACCOUNT = '111111111111';
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:Echo`;

type Resource = NonNullable<Template['Resources']>[string];

/** The properties that tell the function below what to do at an event. */
interface Behaviour {
  readonly Fail?: string;
  readonly Silent?: string;
  readonly Seconds?: string;
  readonly Id?: string;
  readonly Look?: 'yes';
  readonly Answer?: Record<string, string>;
}

/**
 * A function that responds to every event. Its properties make it fail or stay silent (each a list of request types), take some seconds (but not for a
 * Delete), respond with an id, respond to its Create with other fields, or log the whole tree of its stack, which it reads with the real client.
 */
const CODE = `
const { request } = require('node:http');
exports.handler = async event => {
  const { Fail = '', Silent = '', Seconds = '0', Id, Look, Answer } = event.ResourceProperties;
  if (event.RequestType !== 'Delete') await new Promise(resolve => setTimeout(resolve, Number(Seconds) * 1000));
  if (Look) await look(event).catch(error => console.log('DENIED ' + event.RequestType + ' ' + error.name));
  if (Silent.includes(event.RequestType)) return;
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = 'echo-' + LogicalResourceId } = event;
  const failed = Fail.includes(event.RequestType);
  const body = JSON.stringify({
    StackId, RequestId, LogicalResourceId,
    Status: failed ? 'FAILED' : 'SUCCESS',
    PhysicalResourceId: event.RequestType !== 'Delete' && Id || PhysicalResourceId,
    ...(failed ? { Reason: 'as it was told' } : { Data: { Value: event.ResourceProperties.Value } }),
    ...(event.RequestType === 'Create' && Answer),
  });
  await new Promise((resolve, reject) => request(event.ResponseURL, { method: 'PUT', headers: { 'Content-Length': Buffer.byteLength(body) } },
    response => response.resume().on('end', resolve)).on('error', reject).end(body));
};
async function look(event) {
  const { CloudFormation } = require('@aws-sdk/client-cloudformation');
  const client = new CloudFormation({});
  const describe = async id => (await client.describeStacks({ StackName: id })).Stacks[0];
  const list = async id => {
    const rows = [];
    let NextToken, pages = 0;
    do {
      const page = await client.listStackResources({ StackName: id, NextToken });
      rows.push(...page.StackResourceSummaries.map(({ LogicalResourceId: id, PhysicalResourceId: physicalId, ResourceStatus: status, ResourceType: type }) =>
        ({ id, physicalId, status, type })));
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken);
    return { rows, pages };
  };
  const walk = async id => {
    const { StackName, StackId, StackStatus, StackStatusReason, ParentId, RootId } = await describe(id);
    const { rows, pages } = await list(id);
    const stack = { name: StackName, id: StackId, status: StackStatus, reason: StackStatusReason, parentId: ParentId, rootId: RootId, rows, pages };
    const nested = rows.filter(row => row.type === 'AWS::CloudFormation::Stack' && row.physicalId);
    return [stack, ...(await Promise.all(nested.map(row => walk(row.physicalId)))).flat()];
  };
  const own = await describe(event.StackId);
  console.log('SEEN ' + JSON.stringify({ event: event.RequestType + ' ' + event.LogicalResourceId, own: own.StackName, stacks: await walk(own.RootId ?? own.StackId) }));
}`;

/** The function, and a role that allows it these actions of CloudFormation. */
export function echoFunction(name: string, actions: string): NonNullable<Template['Resources']> {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] },
        Policies: [{ PolicyName: 'Look', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } }],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: name,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: 900,
        Code: { ZipFile: CODE },
      },
    },
  };
}

/** A sandbox in which the function of `echo` is deployed. */
export async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ managementAccount: ACCOUNT, timeScale: 100, reuseProcesses: true, ...options });
  const { status, reason } = await sandbox.deploy({
    stackName: 'Functions', account: ACCOUNT, template: { Resources: echoFunction('Echo', 'cloudformation:*') },
  });
  if (status !== 'CREATE_COMPLETE') { throw new Error(reason); }
  return sandbox;
}

/** A sandbox for a file of tests, and a stack with its own name for each test. */
export class StackBench {
  public sandbox!: Sandbox;
  public stackName = '';
  private assetDirectory?: string;

  /** Registers the hooks of the file. */
  constructor(assembly?: Assembly) {
    let count = 0;
    beforeAll(async () => {
      this.assetDirectory = assembly?.directory;
      this.sandbox = await start();
    }, 30_000);
    beforeEach(() => {
      this.stackName = `Stack${count += 1}`;
    });
    afterAll(() => {
      assembly?.remove();
    });
  }

  public deploy(resources: Template['Resources'], options: Partial<DeployOptions> = {}): Promise<StackResult> {
    const { stackName, assetDirectory } = this;
    return this.sandbox.deploy({ stackName, account: ACCOUNT, template: { Resources: resources }, assetDirectory, ...options });
  }

  public destroy(options: Partial<DestroyOptions> = {}): Promise<StackResult> {
    return this.sandbox.destroy({ stackName: this.stackName, account: ACCOUNT, ...options });
  }

  /** The events such as `Create Thing` that the stack of the test and its nested stacks have sent. */
  public sent(event: string): CustomResourceEvent[] {
    const ids = this.sandbox.stacks.all.filter(({ root }) => root.name === this.stackName).map(({ id }) => id);
    return this.sandbox.events.filter(({ RequestType, LogicalResourceId, StackId }) =>
      `${RequestType} ${LogicalResourceId}` === event && ids.includes(StackId));
  }

  /** The physical ids in these events. */
  public idsIn(event: string): (string | undefined)[] {
    return this.sent(event).map(({ PhysicalResourceId }) => PhysicalResourceId);
  }

  /** The tree, as the function last saw it at an event such as `Delete Thing`. */
  public seen(event: string): { own: string; stacks: SeenStack[] } {
    const looks = this.sandbox.logs.filter(({ line }) => line.startsWith('SEEN ')).map(({ line }) => JSON.parse(line.slice(5)));
    return looks.filter(look => look.event === event).at(-1);
  }
}

/** A custom resource. */
export function echo(properties: Behaviour & Record<string, unknown> = {}, more: Partial<Resource> = {}): Resource {
  return { Type: 'Custom::Echo', Properties: { ServiceToken: FUNCTION, ...properties }, ...more };
}

/** An ordinary resource: a record. */
export function topic(properties: Record<string, unknown> = {}, more: Partial<Resource> = {}): Resource {
  return { Type: 'AWS::SNS::Topic', Properties: properties, ...more };
}

interface SeenStack {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly parentId?: string;
  readonly rootId?: string;
  readonly pages: number;
  readonly rows: { id: string; physicalId?: string; status: string }[];
}

/** A cloud assembly: the templates of nested stacks, and the manifest that says where they would be uploaded. */
export class Assembly {
  public readonly directory = mkdtempSync(join(tmpdir(), 'assembly-'));

  /** The resource that means a nested stack of that template, as the CDK writes it. */
  public nested(template: Template, parameters?: Record<string, unknown>, more: Partial<Resource> = {}): Resource {
    const text = JSON.stringify(template);
    const hash = createHash('sha256').update(text).digest('hex');
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(join(this.directory, `${hash}.nested.template.json`), text);
    writeFileSync(join(this.directory, `${hash}.assets.json`), JSON.stringify({
      files: {
        [hash]: {
          source: { path: `${hash}.nested.template.json`, packaging: 'file' },
          destinations: { here: { bucketName: 'assets-${AWS::AccountId}-${AWS::Region}', objectKey: `${hash}.json` } },
        },
      },
    }));
    const bucket = { 'Fn::Sub': 'assets-${AWS::AccountId}-${AWS::Region}' };
    const url = ['https://s3.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/', bucket, `/${hash}.json`];
    return { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: { 'Fn::Join': ['', url] }, Parameters: parameters }, ...more };
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Nested stacks in a file of tests. */
export class NestedBench extends StackBench {
  public readonly assembly: Assembly;

  constructor() {
    const assembly = new Assembly();
    super(assembly);
    this.assembly = assembly;
  }

  public nested(resources: Template['Resources'], parameters?: Record<string, unknown>, more?: object): Resource {
    const declared = Object.fromEntries(Object.keys(parameters ?? {}).map(name => [name, { Type: 'String' }]));
    return this.assembly.nested({ Resources: resources, Parameters: declared }, parameters, more);
  }

  /** The nested stack that a logical id of the root stands for. */
  public stackOf(logicalId: string): { name: string; id: string; now: () => string } {
    const [stack] = this.sandbox.stacks.all.filter(({ root, path }) => root.name === this.stackName && path === `${logicalId}/`);
    return { name: stack.name, id: stack.id, now: () => stack.status };
  }

  /** The statuses of a nested stack itself. */
  public own(result: StackResult, logicalId: string): string[] {
    return statuses(result, this.stackOf(logicalId).name);
  }
}

/** The statuses of a resource, in order. A stack has its name as logical id. */
export function statuses({ events }: StackResult, logicalId: string): string[] {
  return events.filter(event => event.logicalId === logicalId).map(({ status }) => status);
}

/** The events of a stack, such as `Thing CREATE_COMPLETE`, in order: all of them, or those of the named resources. */
export function history({ events }: StackResult, ...named: string[]): string[] {
  const all = events.map(({ logicalId, status }) => `${logicalId} ${status}`);
  return named.length === 0 ? all : all.filter(text => named.includes(text));
}

/** Why a resource got a status. */
export function reasonOf({ events }: StackResult, event: string): string | undefined {
  return events.find(({ logicalId, status }) => `${logicalId} ${status}` === event)?.reason;
}
