import { join } from 'node:path';
import type { AccountBackend } from './account-backends';
import { runCdk, runPython, Workbench } from './workbench';
import { MANAGEMENT, MEMBERS, STACK_NAME } from '../../demo/story';
import type { StoredContact } from '../../sandbox/account/contacts';
import type { Environment, Result } from '../tools/processes';

/** The state of the accounts and the stack, as boto3 reads it. */
export interface Observation {
  /** By account and type: `222222222222/BILLING`. */
  readonly contacts: { readonly [contact: string]: StoredContact };
  readonly stacks: { readonly [stack: string]: string };
  /** The logged actions of the functions: event, resource and action. */
  readonly events: string[];
  readonly logs: string[];
}

/** The stack of the story: deployed by the CDK CLI, observed with boto3. */
export class StoryStack {
  private readonly env: Environment;
  private eventsSeen = 0;

  constructor(private readonly workbench: Workbench, engine: string, account: AccountBackend) {
    this.env = { ...workbench.env, AWS_ENDPOINT_URL: engine, AWS_ENDPOINT_URL_ACCOUNT: account.url };
  }

  /** Runs the CLI on the app of a chapter. */
  cdk(chapter: string, command: string, ...options: string[]): Promise<Result> {
    return runCdk(this.workbench, join('verification', 'engines', 'app.ts'), [command, STACK_NAME, ...options], { ...this.env, CHAPTER: chapter });
  }

  /** Observes everything. The events are those since the last observation. */
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
    return runPython(this.workbench, 'observe.py', options, this.env);
  }
}
