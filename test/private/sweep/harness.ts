import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { CONTACT_TYPES, type ContactType, type Execution, type Sandbox, type SandboxOptions, type Template, VirtualClock } from '../../../sandbox';
import { OrganizationAlternateContacts, OrganizationAlternateContactsProps as Props } from '../../../src';
import { EVERYONE } from '../../contacts';
import { openSandbox } from '../../open-sandbox';

/* An organization on the sandbox and its clock, which jumps, with one stack that declares contacts. */

export const MANAGEMENT = '111111111111';
export const DELEGATED = '999999999999';
export const [SHOP, DATA, LAB] = ['222222222222', '333333333333', '444444444444'];


/** Adds to a stack and to what it declares. */
type More = (contacts: OrganizationAlternateContacts, stack: Stack) => void;

export class OrganizationHarness {
  /** Deploys the contacts at once. */
  static async start(
    props: Props = EVERYONE, options: Partial<SandboxOptions> = {}, account = MANAGEMENT, more?: More,
  ): Promise<OrganizationHarness> {
    const clock = new VirtualClock();
    const sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [SHOP, DATA, LAB, DELEGATED], quotas: 'documented', clock, ...options });
    const organization = new OrganizationHarness(clock, sandbox, account);
    await organization.deploy(props, undefined, undefined, more);
    return organization;
  }

  private constructor(readonly clock: VirtualClock, readonly sandbox: Sandbox, private readonly account: string) {}

  /** Deploys and waits until the sweeps have ended that the deployment starts. */
  async deploy(props: Props, parameters?: Record<string, string>, propsOf?: (stack: Stack) => Props, more?: More): Promise<void> {
    const app = new App();
    const stack = new Stack(app, 'Contacts', { env: { account: this.account, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
    const contacts = new OrganizationAlternateContacts(stack, 'Contacts', { ...props, ...propsOf?.(stack) });
    more?.(contacts, stack);
    const template = app.synth().getStackByName('Contacts').template as Template;
    const result = await this.clock.until(this.sandbox.deploy({ stackName: 'Contacts', account: this.account, region: 'us-east-1', template, parameters }));
    expect(result.status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    await this.settle();
  }

  /** Lets the executions end that have started or are about to. */
  async settle(): Promise<void> {
    await this.clock.advance(90);
    await this.clock.until(this.sandbox.stepFunctions.idle());
  }

  async run(input: unknown): Promise<Execution> {
    const execution = this.sandbox.stepFunctions.start((this.sandbox.stepFunctions.executions.at(-1) as Execution).identity.machineArn, input);
    await this.clock.until(execution.ended);
    return execution;
  }

  get sweeps(): Execution[] {
    return this.sandbox.stepFunctions.executions.filter(({ input }) => !JSON.stringify(input).includes('afterSeconds'));
  }

  /** The names of an account's contacts, by type. */
  contactsOf(account: string): (string | undefined)[] {
    return CONTACT_TYPES.map(type => this.sandbox.contacts.get(account, type)?.Name);
  }

  edit(account: string, type: ContactType): void {
    this.sandbox.contacts.put(account, { AlternateContactType: type, Name: 'somebody', Title: 'x', EmailAddress: 'somebody@example.org', PhoneNumber: '1' });
  }

  get calls(): string[] {
    return this.sandbox.calls.map(({ api, accountId, contactType }) => `${api} ${accountId ?? 'own'} ${contactType ?? ''}`);
  }
}

export const output = (execution: Execution) => execution.outcome.output as { [member: string]: unknown };
export const failure = ({ status, outcome: { error, cause } }: Execution) => ({ status, error, cause });
