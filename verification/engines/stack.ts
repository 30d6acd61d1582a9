import { join } from 'node:path';
import type { AccountBackend } from './account-backends';
import { Details, MEMBER_ACCOUNT, OWN_ACCOUNT, Shape, STACK_NAME } from './shapes';
import type { Tools } from './tools';
import { Environment, mustRun, Result, run } from '../tools/processes';

/** Not `latest`: that tag is an older build, which cannot read the assemblies of current libraries. */
const CDK = ['npx', '--yes', 'aws-cdk@2.1148.1'];

/** What boto3 sees of a contact, and of everything. */
export type Stored = { readonly [value: string]: string };
export interface Observation {
  readonly contacts: { readonly [contact: string]: Stored };
  readonly stacks: { readonly [stack: string]: string };
  /** What the functions did, as their logs tell: event, resource and action. */
  readonly events: string[];
  readonly logs: string[];
}

/** Runs the CLI on an app. The assembly goes to `cdk.out` in the tools' directory. */
export function runCdk({ directory }: Tools, app: string, command: string[], env: Environment): Promise<Result> {
  const options = ['--app', `${join('node_modules', '.bin', 'tsx')} ${app}`, '--output', join(directory, 'cdk.out'), '--no-color', '--no-notices', '--ci'];
  return run([...CDK, ...command, ...options], { ...env, CDK_HOME: directory, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' });
}

/** The stack of the example app: deployed by the CDK CLI, looked at with boto3. */
export class ExampleStack {
  private readonly env: Environment;
  private eventsSeen = 0;

  constructor(private readonly tools: Tools, engine: string, account: AccountBackend) {
    this.env = { ...tools.env, AWS_ENDPOINT_URL: engine, AWS_ENDPOINT_URL_ACCOUNT: account.url };
  }

  /** Runs the CLI on the app in one of its shapes. */
  cdk(shape: Shape, command: string, ...options: string[]): Promise<Result> {
    return runCdk(this.tools, join('verification', 'engines', 'app.ts'), [command, STACK_NAME, ...options], { ...this.env, SHAPE: shape });
  }

  /** Looks at everything. The events are those since the last look. */
  async observe(): Promise<Observation> {
    const { contacts, stacks, logs } = JSON.parse(await this.python('get', OWN_ACCOUNT, MEMBER_ACCOUNT)) as Omit<Observation, 'events'>;
    const events = logs.filter(line => line.startsWith('{')).map(line => {
      const { RequestType, LogicalResourceId, action } = JSON.parse(line) as { readonly [field: string]: string };
      return `${RequestType} ${LogicalResourceId}: ${action}`;
    });
    const since = events.slice(this.eventsSeen);
    this.eventsSeen = events.length;
    return { contacts, stacks, events: since.sort(), logs };
  }

  async putByHand(accountId: string, alternateContactType: string, details: Details): Promise<void> {
    await this.python('put', JSON.stringify({ AccountId: accountId, AlternateContactType: alternateContactType, ...asStored(details) }));
  }

  private python(...options: string[]): Promise<string> {
    return mustRun([join(this.tools.bin, 'python'), join(__dirname, 'observe.py'), ...options], this.env);
  }
}

/** The values under the service's names. */
export function asStored({ name, title, emailAddress, phoneNumber }: Details): Stored {
  return { Name: name, Title: title, EmailAddress: emailAddress, PhoneNumber: phoneNumber };
}
