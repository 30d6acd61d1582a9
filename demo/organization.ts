import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { bold, dim, green, heading, print, red, table } from './output';
import { keepContacts } from '../examples/organization-wide/contacts';
import { CONTACT_TYPES, ContactType } from '../sandbox/account/contacts';
import { Execution, Sandbox, Template, VirtualClock } from '../sandbox/index';
import { OrganizationEventForwarder } from '../src';

const MANAGEMENT = '111111111111';
const REGION = 'eu-west-1';
/** The lab gets its own security contact. examples/organization-wide names it and the account that it excludes. */
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
const [SHOP, RESEARCH, DATA, PLAYGROUND] = UNITS;

interface Step {
  readonly title: string;
  readonly says: string;
  /** The contacts that somebody first changes by hand. @default [] */
  readonly edits?: (readonly [account: string, type: ContactType])[];
  /** Makes sweeps begin. */
  readonly act: (organization: DemoOrganization) => Promise<void>;
  /** The accounts to show one by one. @default - all units, with the numbers of accounts */
  readonly shows?: string[];
}

interface OrganizationSummary {
  readonly accounts: number;
  readonly sweeps: number;
  readonly contactsSet: number;
  readonly wrong: string[];
  readonly simulatedSeconds: number;
}

const STEPS: Step[] = [
  {
    title: 'deploy for the whole organization',
    says: 'The app in examples/organization-wide declares three contacts for every account, another operations contact for the shop, '
      + 'and another security contact for the lab. It excludes one account and the playground. '
      + 'The schedule starts a sweep at once, and the deployment one a minute later.',
    act: organization => organization.deploy(),
  },
  {
    title: 'vend an account',
    says: 'An account is created and then moved to the shop. Each of the two events starts a sweep of this account alone.',
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
    says: 'Somebody changes the security contact of an account. The daily sweep sets it back, and sets no other.',
    edits: [[RESEARCH.accounts[1], 'SECURITY']],
    act: organization => organization.untilNextSweep(),
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
    says: 'Somebody changes a contact of two accounts, and one of them refuses every call that would set it back for five minutes. '
      + 'The sweep goes on with the others, and retries this account until it succeeds.',
    edits: [[SHOP.accounts[0], 'BILLING'], [SHOP.accounts[1], 'BILLING']],
    act: async ({ clock, sandbox, machineArn }) => {
      const end = clock.now() + 5 * 60_000;
      sandbox.faults.add({
        api: 'PutAlternateContact',
        kind: 'error',
        status: 403,
        name: 'AccessDeniedException',
        times: Infinity,
        match: ({ accountId, at }) => accountId === SHOP.accounts[0] && at < end,
      });
      sandbox.stepFunctions.start(machineArn, {});
    },
    shows: SHOP.accounts.slice(0, 2),
  },
];

/** The second part of the demo: one declaration for an organization of sixty accounts. Its clock jumps. */
export async function demonstrateOrganization(): Promise<OrganizationSummary> {
  const organization = await DemoOrganization.start();
  const { sandbox, clock } = organization;
  try {
    const start = clock.now();
    heading('an organization', `${sandbox.tree.accounts().length} accounts in four organizational units. Two contacts were set by hand. `
      + 'Mailboxes are shown without "@example.com".');
    table(organization.units());
    for (const step of STEPS) { await organization.take(step); }
    heading('at the end', 'The contacts of the whole organization.');
    table(organization.units());
    const failed = organization.sweeps().filter(({ status }) => status !== 'SUCCEEDED').map(({ identity }) => `sweep ${identity.name} failed`);
    return {
      accounts: sandbox.tree.accounts().length,
      sweeps: organization.sweeps().length,
      contactsSet: sandbox.calls.filter(({ api, outcome }) => api === 'PutAlternateContact' && outcome === 'ok').length,
      wrong: [...organization.wrong, ...failed],
      simulatedSeconds: (clock.now() - start) / 1000,
    };
  } finally {
    await sandbox.close();
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

  /** The accounts whose contacts were not right after a step. */
  readonly wrong: string[] = [];

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
      print(`  ${stackName.padEnd(22)} ${region.padEnd(12)} ${green(status)}`);
    }
    print();
    await this.clock.advance(1);
  }

  /** Changes a contact by hand. */
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

  /** The executions that sweep, without those that only wait before they start one. */
  sweeps(): Execution[] {
    return this.sandbox.stepFunctions.executions.filter(({ input }) => !JSON.stringify(input).includes('afterSeconds'));
  }

  /** Takes one step, waits for the sweeps that it causes, and shows what they did. */
  async take({ title, says, edits = [], act, shows }: Step): Promise<void> {
    heading(title, says);
    const [firstSweep, firstCall] = [this.sweeps().length, this.sandbox.calls.length];
    edits.forEach(edit => this.edit(...edit));
    const rows = () => shows ? this.accounts(shows) : this.units();
    const before = rows();
    await act(this);
    await this.showProgress(firstCall);
    print(`\n${dim(`  ${'sweep of'.padEnd(14)}simulated time  result`)}`);
    this.sweeps().slice(firstSweep).forEach(showSweep);
    print();
    table(rows(), before);
    this.checkContacts(title);
  }

  /** For each unit, how many of its accounts have which mailbox. */
  units(): string[][] {
    const { tree } = this.sandbox;
    return [['unit', ...CONTACT_TYPES], ...[{ name: 'Root', id: tree.root }, ...UNITS].map(({ name, id }) => {
      const accounts = tree.accounts().filter(account => tree.parentOf(account) === id);
      const all = accounts.map(account => this.mailboxesOf(account));
      return [`${name} (${accounts.length})`, ...CONTACT_TYPES.map((_, type) => tally(all.map(mailboxes => mailboxes[type])))];
    })];
  }

  private accounts(accounts: string[]): string[][] {
    return [['account', ...CONTACT_TYPES], ...accounts.map(account => [account, ...this.mailboxesOf(account)])];
  }

  private mailboxesOf(account: string): string[] {
    return CONTACT_TYPES.map(type => this.sandbox.contacts.get(account, type)?.EmailAddress.replace('@example.com', '') ?? '-');
  }

  /** Notes the accounts whose contacts are not those that the example declares. */
  private checkContacts(title: string): void {
    const { tree } = this.sandbox;
    for (const account of tree.accounts()) {
      const unit = tree.parentOf(account);
      const expected = account === EXCLUDED ? ['hand', '-', '-']
        : unit === PLAYGROUND.id ? ['-', '-', '-']
          : ['invoices', unit === SHOP.id ? 'shop' : 'platform', account === LAB ? 'lab' : 'security'];
      const actual = this.mailboxesOf(account);
      if (String(actual) !== String(expected)) { this.wrong.push(`${title}: account ${account} has ${actual.join(', ')}`); }
    }
  }

  /** Shows one line that moves while sweeps run. In a pipe, it shows a line whenever something has been done. */
  private async showProgress(firstCall: number): Promise<void> {
    const { stepFunctions, calls } = this.sandbox;
    const began = this.clock.now();
    const isTerminal = process.stdout.isTTY;
    let shown = '';
    print(dim('  simulated time  progress'));
    while (stepFunctions.executions.some(({ status }) => status === 'RUNNING')) {
      await this.clock.advance(PROGRESS_SECONDS);
      const count = (api: string, outcomes: string[]) =>
        calls.slice(firstCall).filter(call => call.api === api && outcomes.includes(call.outcome)).length;
      const compared = count('GetAlternateContact', ['ok', 'ResourceNotFoundException']);
      const progress = `${compared} contacts compared, ${count('PutAlternateContact', ['ok'])} set`;
      if (isTerminal || progress !== shown) {
        process.stdout.write(`${isTerminal ? '\r' : ''}${dim(minutes(this.clock.now() - began).padStart(16))}  ${progress}${isTerminal ? '' : '\n'}`);
      }
      shown = progress;
    }
    if (isTerminal && shown !== '') { print(); }
  }
}

/** Shows which accounts a sweep was for, how long it took and what it did. */
function showSweep({ input, status, startedAt, stoppedAt = startedAt, outcome }: Execution): void {
  const asked = (input as { accountIds?: string[] }).accountIds?.join(' ') ?? 'all accounts';
  const output = outcome.output as { accounts: number; contacts: number; contactsSet: number; leftAlone: number } | undefined;
  const did = output
    ? `${output.contactsSet} of ${output.contacts} contacts set in ${output.accounts} ${output.accounts === 1 ? 'account' : 'accounts'}, `
      + `${output.leftAlone} left alone`
    : outcome.error ?? '';
  const paint = status === 'SUCCEEDED' ? green : status === 'ABORTED' ? dim : red;
  print(`  ${bold(asked.padEnd(14))}${minutes(stoppedAt - startedAt).padStart(14)}  ${paint(status.padEnd(10))} ${did}`);
}

/** Counts the mailboxes: `14 security, 1 lab`. If all are the same, returns the mailbox alone. */
function tally(mailboxes: string[]): string {
  const counts = new Map<string, number>();
  mailboxes.forEach(mailbox => counts.set(mailbox, (counts.get(mailbox) ?? 0) + 1));
  if (counts.size === 1) { return mailboxes[0]; }
  return [...counts].sort(([, one], [, other]) => other - one).map(([mailbox, count]) => `${count} ${mailbox.replace('-', 'none')}`).join(', ');
}

function minutes(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
