import { join } from 'node:path';
import type { AccountBackend } from './account-backends';
import { runCdk, Workbench } from './workbench';
import { MANAGEMENT, MEMBERS, STACK_NAME } from '../../demo/story';
import type { StoredContact } from '../../sandbox/account/contacts';
import { Environment, mustRun, Result } from '../tools/processes';

/** What boto3 sees. */
export interface Observation {
  /** By account and type: `222222222222/BILLING`. */
  readonly contacts: { readonly [contact: string]: StoredContact };
  readonly stacks: { readonly [stack: string]: string };
  /** What the functions did, as their logs tell: event, resource and action. */
  readonly events: string[];
  readonly logs: string[];
}

/** The stack of the story: deployed by the CDK CLI, looked at with boto3. */
export class StoryStack {
  private readonly env: Environment;
  private eventsSeen = 0;

  constructor(private readonly workbench: Workbench, engine: string, account: AccountBackend) {
    this.env = { ...workbench.env, AWS_ENDPOINT_URL: engine, AWS_ENDPOINT_URL_ACCOUNT: account.url };
  }

  /** Runs the CLI on the app as it is in a chapter. */
  cdk(chapter: string, command: string, ...options: string[]): Promise<Result> {
    return runCdk(this.workbench, join('verification', 'engines', 'app.ts'), [command, STACK_NAME, ...options], { ...this.env, CHAPTER: chapter });
  }

  /** Looks at everything. The events are those since the last look. */
  async observe(): Promise<Observation> {
    const { contacts, stacks, logs } = JSON.parse(await this.python('get', MANAGEMENT, ...MEMBERS)) as Omit<Observation, 'events'>;
    const events = logs.filter(line => line.startsWith('{')).map(line => {
      const { RequestType, LogicalResourceId, action } = JSON.parse(line) as { readonly [field: string]: string };
      return `${RequestType} ${LogicalResourceId}: ${action}`;
    });
    const since = events.slice(this.eventsSeen);
    this.eventsSeen = events.length;
    return { contacts, stacks, events: since.sort(), logs };
  }

  async putByHand(contacts: { readonly [contact: string]: StoredContact }): Promise<void> {
    await this.python('put', ...Object.entries(contacts).map(([contact, values]) => JSON.stringify({ AccountId: contact.split('/')[0], ...values })));
  }

  private python(...options: string[]): Promise<string> {
    return mustRun([join(this.workbench.bin, 'python'), join(__dirname, 'observe.py'), ...options], { env: this.env });
  }
}
