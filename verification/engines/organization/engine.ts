import { join } from 'node:path';
import type { MissingServices } from './missing-services';
import { Account, OrganizationSetup } from './organization-setup';
import { asStored } from '../../../demo/story';
import { ContactType, StoredContact } from '../../../sandbox/account/contacts';
import type { AlternateContactDetails } from '../../../src';
import { Environment, mustRun } from '../../tools/processes';
import { OWN_ACCOUNT, Workbench } from '../workbench';

/** What came of an execution, whoever ran it. */
export interface ExecutionOutcome {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** Each event of the history, with the name of the state where one is entered. */
  readonly events: readonly { readonly type: string; readonly state?: string }[];
}

/** The values of each contact that there is, by account and type: `222222222222/BILLING`. */
export type Contacts = { readonly [contact: string]: StoredContact };

/** Something that runs the machine against an organization of its own. */
export interface Engine {
  /** Runs an execution to its end. */
  run(input: object): Promise<ExecutionOutcome>;
  /** Waits for the end of an execution that another one has started. */
  outcomeOf(executionArn: string): Promise<ExecutionOutcome>;
  contacts(): Promise<Contacts>;
  putByHand(contacts: readonly HandWritten[]): Promise<void>;
  /** Whether the account refuses that may. */
  refuse(refuses: boolean): void;
  createAccount(account: Account): void;
}

export interface HandWritten {
  readonly id: string;
  readonly type: ContactType;
  readonly details: AlternateContactDetails;
}

export function idsOf({ accounts, newAccount }: OrganizationSetup): string[] {
  return [...accounts, newAccount].map(({ id }) => id);
}

/** The values of a contact as the service has them. */
export function asInput({ type, details }: HandWritten): StoredContact {
  return asStored(type, details);
}

/** An engine that speaks AWS's protocol, so that boto3 starts the executions and reads what is stored. */
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

  /** Creates the machine from its definition, in the place of an earlier one of another name. */
  async create(name: string, definition: string): Promise<void> {
    this.machineArn = await this.sweep('create', name, `arn:aws:iam::${OWN_ACCOUNT}:role/machine`, definition) as string;
  }

  /** Takes the only machine that there is. */
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
    return JSON.parse(await this.python('observe.py', 'contacts', ...idsOf(this.organization))) as Contacts;
  }

  async putByHand(contacts: readonly HandWritten[]): Promise<void> {
    // The own account is named by leaving its id out.
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
    return mustRun([join(this.workbench.bin, 'python'), join(__dirname, '..', program), ...options], { env: this.env });
  }
}
