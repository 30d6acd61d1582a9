import { join } from 'node:path';
import type { MissingServices } from './missing-services';
import { Account, idsOf, OrganizationSetup } from './organization-setup';
import { asStored } from '../../../demo/story';
import { ContactType, StoredContact } from '../../../sandbox/account/contacts';
import type { AlternateContactDetails } from '../../../src';
import type { Environment } from '../../tools/processes';
import { OWN_ACCOUNT, runPython, Workbench } from '../workbench';

/** The outcome of an execution on any engine. */
export interface ExecutionOutcome {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** The events of the history, with the name of the state if one is entered. */
  readonly events: readonly { readonly type: string; readonly state?: string }[];
}

/** The outcome without its events. */
export function resultOf({ status, output, error, cause }: ExecutionOutcome): Omit<ExecutionOutcome, 'events'> {
  return { status, output, error, cause };
}

/** How often each event happened and each state was entered. Branches run at the same time, so the order of their events varies. */
export function eventsOf({ events }: ExecutionOutcome): { readonly [event: string]: number } {
  const counts: { [event: string]: number } = {};
  for (const { type, state } of events) {
    const name = state ? `${type} ${state}` : type;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The states of the machine itself in their order, without those inside of Parallel and Map states. */
export function pathOf({ events }: ExecutionOutcome, states: readonly string[]): string[] {
  return events.flatMap(({ state }) => state !== undefined && states.includes(state) ? [state] : []);
}

/** The contacts that exist, by account and type: `222222222222/BILLING`. */
export type Contacts = { readonly [contact: string]: StoredContact };

/** Runs the machine against an organization. */
export interface Engine {
  /** Runs an execution to its end. */
  run(input: object): Promise<ExecutionOutcome>;
  /** Waits for the end of an execution that another execution has started. */
  outcomeOf(executionArn: string): Promise<ExecutionOutcome>;
  contacts(): Promise<Contacts>;
  putByHand(contacts: readonly HandWritten[]): Promise<void>;
  /** Sets whether the account REFUSING refuses calls. */
  refuse(refuses: boolean): void;
  createAccount(account: Account): void;
}

export interface HandWritten {
  readonly id: string;
  readonly type: ContactType;
  readonly details: AlternateContactDetails;
}

/** A contact as the service stores it. */
export function asInput({ type, details }: HandWritten): StoredContact {
  return asStored(type, details);
}

/** An engine that speaks AWS's protocol: boto3 starts the executions and reads the contacts. */
export class RemoteEngine implements Engine {
  /** The addresses of its servers. */
  readonly urls: string[];
  private readonly env: Environment;
  private machineArn = '';

  constructor(
    private readonly workbench: Workbench, url: string, account: string,
    private readonly services: MissingServices, private readonly organization: OrganizationSetup,
  ) {
    this.urls = [...new Set([url, account])];
    this.env = { ...workbench.env, AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_ACCOUNT: account };
  }

  /** Creates a machine from a definition. From now on, executions run this one. */
  async create(name: string, definition: string): Promise<void> {
    this.machineArn = await this.sweep('create', name, `arn:aws:iam::${OWN_ACCOUNT}:role/machine`, definition) as string;
  }

  /** Finds the only machine. */
  async find(): Promise<void> {
    this.machineArn = await this.sweep('find') as string;
  }

  async definition(): Promise<string> {
    return await this.sweep('definition', this.machineArn) as string;
  }

  async run(input: object): Promise<ExecutionOutcome> {
    return await this.sweep('run', this.machineArn, JSON.stringify(input)) as ExecutionOutcome;
  }

  async outcomeOf(executionArn: string): Promise<ExecutionOutcome> {
    return await this.sweep('await', executionArn) as ExecutionOutcome;
  }

  async contacts(): Promise<Contacts> {
    const { accounts, newAccount } = this.organization;
    return JSON.parse(await this.python('observe.py', 'contacts', ...idsOf([...accounts, newAccount]))) as Contacts;
  }

  async putByHand(contacts: readonly HandWritten[]): Promise<void> {
    // The management account is named by leaving its id out.
    const [own] = this.organization.accounts;
    const inputs = contacts.map(contact => ({ ...contact.id === own.id ? {} : { AccountId: contact.id }, ...asInput(contact) }));
    await this.python('observe.py', 'put', ...inputs.map(input => JSON.stringify(input)));
  }

  refuse(refuses: boolean): void {
    this.services.refuses = refuses;
  }

  createAccount({ id, unit }: Account): void {
    this.services.tree.createAccount(id);
    if (unit) { this.services.tree.moveAccount(id, unit); }
  }

  private async sweep(...options: string[]): Promise<unknown> {
    return JSON.parse(await this.python(join('organization', 'sweep.py'), ...options));
  }

  private python(program: string, ...options: string[]): Promise<string> {
    return runPython(this.workbench, program, options, this.env);
  }
}
