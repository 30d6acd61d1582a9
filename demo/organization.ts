import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { bold, dim, green, heading, red, table } from './output';
import { keepContacts } from '../examples/organization-wide/contacts';
import { OrganizationEventForwarder } from '../src';
import { CONTACT_TYPES, ContactType } from '../sandbox/account/contacts';
import { Execution, Sandbox, Template, VirtualClock } from '../sandbox/index';

const MANAGEMENT = '111111111111';
const REGION = 'eu-west-1';
/** The research lab, which has a security contact of its own, and an account that is excluded: examples/organization-wide names both. */
const LAB = '222222222222';
const EXCLUDED = '333333333333';
const NEW = '444444444444';
/** How often the progress is shown. */
const PROGRESS_SECONDS = 10;

interface Unit {
  readonly name: string;
  readonly id: string;
  /** Its accounts at the start. */
  readonly accounts: string[];
}

const numbered = (first: number, count: number) => Array.from({ length: count }, (_, index) => String(first + index));

const UNITS: Unit[] = [
  { name: 'Shop', id: 'ou-ab12-11111111', accounts: numbered(510000000001, 22) },
  { name: 'Research', id: 'ou-ab12-22222222', accounts: [LAB, ...numbered(520000000001, 13)] },
  { name: 'Data', id: 'ou-ab12-33333333', accounts: [EXCLUDED, ...numbered(530000000001, 15)] },
  { name: 'Playground', id: 'ou-ab12-99999999', accounts: numbered(590000000001, 7) },
];
const [SHOP, RESEARCH, DATA] = UNITS;

interface Step {
  readonly title: string;
  readonly says: string;
  /** What happens, until the sweeps that follow have begun. */
  readonly act: (organization: DemoOrganization) => Promise<void>;
  /** The accounts to show one by one. @default - all units, with the numbers of accounts */
  readonly shows?: string[];
}

const STEPS: Step[] = [
  {
    title: 'deploy for the whole organization',
    says: 'examples/organization-wide: three contacts for every account, another operations contact for the shop, '
      + 'another security contact for the lab. '
      + 'One account and the playground are excluded.\nThe schedule sweeps at once, and the deployment a minute later.',
    act: organization => organization.deploy(),
  },
  {
    title: 'vend an account',
    says: 'An account is created and then moved to the shop. Each event starts a sweep of this account alone.',
    act: async ({ sandbox: { tree }, clock }) => {
      tree.createAccount(NEW);
      await clock.advance(10);
      tree.moveAccount(NEW, SHOP.id);
      await clock.advance(1);
    },
    shows: [NEW],
  },
  {
    title: 'edit a contact by hand',
    says: 'Somebody changes the security contact of an account. The daily sweep sets it back, and puts nothing else.',
    act: async organization => {
      organization.edit(RESEARCH.accounts[1], 'SECURITY');
      await organization.untilNextSweep();
    },
    shows: [RESEARCH.accounts[1]],
  },
  {
    title: 'move an account',
    says: "An account moves from data to the shop, and gets the shop's operations contact.",
    act: async ({ sandbox: { tree }, clock }) => {
      tree.moveAccount(DATA.accounts[1], SHOP.id);
      await clock.advance(1);
    },
    shows: [DATA.accounts[1]],
  },
  {
    title: 'an account that refuses',
    says: 'Two accounts were edited, and one of them refuses for five minutes. The sweep sets the other, and tries the one that refuses again '
      + 'until it recovers.',
    act: async organization => {
      SHOP.accounts.slice(0, 2).forEach(account => organization.edit(account, 'BILLING'));
      const end = organization.clock.now() + 5 * 60_000;
      organization.sandbox.faults.add({
        api: 'PutAlternateContact',
        kind: 'error',
        status: 403,
        name: 'AccessDeniedException',
        times: Infinity,
        match: ({ accountId, at }) => accountId === SHOP.accounts[0] && at < end,
      });
      organization.sandbox.stepFunctions.start(organization.machineArn, {});
    },
    shows: SHOP.accounts.slice(0, 2),
  },
];

/** The second part of the demo: one declaration for an organization of some sixty accounts, on a clock that jumps. */
export async function demonstrateOrganization(): Promise<void> {
  const organization = await DemoOrganization.start();
  try {
    const count = organization.sandbox.tree.accounts().length;
    heading('an organization', `${count} accounts in four organizational units. Some contacts were set by hand.`);
    organization.showUnits();
    for (const step of STEPS) { await organization.take(step); }
    heading('at the end', 'What the whole organization has now.');
    organization.showUnits();
  } finally {
    await organization.sandbox.close();
  }
}

class DemoOrganization {
  static async start(): Promise<DemoOrganization> {
    const clock = new VirtualClock();
    const memberAccounts = UNITS.flatMap(({ accounts }) => accounts);
    const sandbox = await Sandbox.start({
      clock, managementAccount: MANAGEMENT, memberAccounts, quotas: 'documented', organizations: { rates: 'plausible' },
    });
    for (const { id, accounts } of UNITS) {
      sandbox.tree.createOrganizationalUnit(sandbox.tree.root, id);
      accounts.forEach(account => sandbox.tree.moveAccount(account, id));
    }
    const organization = new DemoOrganization(clock, sandbox);
    [SHOP.accounts[3], EXCLUDED].forEach(account => organization.edit(account, 'BILLING'));
    return organization;
  }

  private constructor(readonly clock: VirtualClock, readonly sandbox: Sandbox) {}

  get machineArn(): string {
    return this.sandbox.stepFunctions.executions[0].identity.machineArn;
  }

  /** Deploys the two stacks of the example. */
  async deploy(): Promise<void> {
    const app = new App();
    const stackIn = (region: string, name: string) =>
      new Stack(app, name, { env: { account: MANAGEMENT, region }, synthesizer: new BootstraplessSynthesizer() });
    keepContacts(stackIn(REGION, 'OrganizationContacts'));
    new OrganizationEventForwarder(stackIn('us-east-1', 'OrganizationEvents'), 'Forwarder', { targetRegion: REGION });
    for (const { stackName, template, environment: { region } } of app.synth().stacks) {
      const deployed = this.sandbox.deploy({ stackName, account: MANAGEMENT, region, template: template as Template });
      const { status } = await this.clock.until(deployed);
      process.stdout.write(`  ${stackName.padEnd(22)} ${region.padEnd(12)} ${green(status)}\n`);
    }
    await this.clock.advance(1);
  }

  edit(account: string, type: ContactType): void {
    this.sandbox.contacts.put(account, {
      AlternateContactType: type, Name: 'By Hand', Title: 'None', EmailAddress: 'hand@example.com', PhoneNumber: '+1 555 0199',
    });
  }

  /** Lets time pass until the schedule starts a sweep. */
  async untilNextSweep(): Promise<void> {
    const { executions } = this.sandbox.stepFunctions;
    const before = executions.length;
    while (executions.length === before) {
      await this.clock.advance(5);
    }
  }

  /** Takes one step, waits for the sweeps that it causes and shows what they did. */
  async take({ title, says, act, shows }: Step): Promise<void> {
    heading(title, says);
    const { executions } = this.sandbox.stepFunctions;
    const [firstExecution, firstCall] = [executions.length, this.sandbox.calls.length];
    await act(this);
    await this.showProgress(firstCall);
    executions.slice(firstExecution).filter(({ input }) => !JSON.stringify(input).includes('afterSeconds')).forEach(showExecution);
    process.stdout.write('\n');
    if (shows) {
      table([['account', ...CONTACT_TYPES], ...shows.map(account => [account, ...this.mailboxesOf(account)])]);
    } else {
      this.showUnits();
    }
  }

  /** For each unit, how many of its accounts have which mailbox. */
  showUnits(): void {
    const { tree } = this.sandbox;
    table([['unit', 'accounts', ...CONTACT_TYPES], ...[{ name: 'Root', id: tree.root }, ...UNITS].map(({ name, id }) => {
      const accounts = tree.accounts().filter(account => tree.parentOf(account) === id);
      const all = accounts.map(account => this.mailboxesOf(account));
      return [name, String(accounts.length), ...CONTACT_TYPES.map((_, type) => tally(all.map(mailboxes => mailboxes[type])))];
    })]);
  }

  private mailboxesOf(account: string): string[] {
    return CONTACT_TYPES.map(type => this.sandbox.contacts.get(account, type)?.EmailAddress.replace('@example.com', '') ?? '-');
  }

  /** One line that moves while sweeps run; in a pipe, a line for each moment at which something has been done. */
  private async showProgress(firstCall: number): Promise<void> {
    const { stepFunctions, calls } = this.sandbox;
    const began = this.clock.now();
    const isTerminal = process.stdout.isTTY;
    let shown = '';
    while (stepFunctions.executions.some(({ status }) => status === 'RUNNING')) {
      await this.clock.advance(PROGRESS_SECONDS);
      const count = (api: string, outcomes: string[]) =>
        calls.slice(firstCall).filter(call => call.api === api && outcomes.includes(call.outcome)).length;
      const compared = count('GetAlternateContact', ['ok', 'ResourceNotFoundException']);
      const progress = `${compared} contacts compared, ${count('PutAlternateContact', ['ok'])} set`;
      if (isTerminal || progress !== shown) {
        process.stdout.write(`${isTerminal ? '\r' : ''}${dim(minutes(this.clock.now() - began).padStart(8))}  ${progress}${isTerminal ? '' : '\n'}`);
      }
      shown = progress;
    }
    if (isTerminal && shown !== '') { process.stdout.write('\n'); }
  }
}

/** What an execution was asked, how it ended and what it did. */
function showExecution({ input, status, startedAt, stoppedAt = startedAt, outcome }: Execution): void {
  const asked = (input as { accountIds?: string[] }).accountIds?.join(' ') ?? 'all accounts';
  const output = outcome.output as { accounts: number; contacts: number; contactsSet: number; leftAlone: number } | undefined;
  const did = output
    ? `${output.contactsSet} of ${output.contacts} contacts set in ${output.accounts} ${output.accounts === 1 ? 'account' : 'accounts'}, `
      + `${output.leftAlone} left alone`
    : outcome.error ?? '';
  const paint = status === 'SUCCEEDED' ? green : status === 'ABORTED' ? dim : red;
  process.stdout.write(`  ${bold(asked.padEnd(14))}${minutes(stoppedAt - startedAt).padStart(6)}  ${paint(status.padEnd(10))} ${did}\n`);
}

/** `14 security, 1 lab`: what is there, and how often; without the number if all are the same. */
function tally(mailboxes: string[]): string {
  const counts = new Map<string, number>();
  mailboxes.forEach(mailbox => counts.set(mailbox, (counts.get(mailbox) ?? 0) + 1));
  if (counts.size === 1) { return mailboxes[0]; }
  return [...counts].sort(([, one], [, other]) => other - one).map(([mailbox, count]) => `${count} ${mailbox}`).join(', ');
}

function minutes(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
