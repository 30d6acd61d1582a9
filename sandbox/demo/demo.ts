/**
 * The demo: takes the contacts of three accounts through their whole life, deployed to the sandbox by CloudFormation's rules.
 * After each step it shows the events of the stack and the contacts that the accounts then have.
 * Then it goes on with those of a whole organization.
 */
import { App, BootstraplessSynthesizer, CfnResource, Stack } from 'aws-cdk-lib';
import { demonstrateOrganization } from './organization';
import { dim, green, heading, red, table } from './output';
import { declareContacts } from '../../examples/organization/contacts';
import { AlternateContact, AlternateContacts, AlternateContactType } from '../../src';
import { CONTACT_TYPES } from '../account/contacts';
import { Sandbox, StackResult, Template } from '../index';

const MANAGEMENT = '111111111111';
const SHOP = '222222222222';
const DATA = '333333333333';

const FINANCE = { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' };
const SHOP_TEAM = { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' };
const SOC = { name: 'Security Operations', title: 'On call', emailAddress: 'soc@example.com', phoneNumber: '+1 555 0100' };

interface Step {
  readonly title: string;
  readonly says: string;
  /** Declares what the app then declares; without it the stack is destroyed. */
  readonly declare?: (stack: Stack) => void;
  /** Something other than a contact that fails to be created. */
  readonly fail?: boolean;
}

const STEPS: Step[] = [
  {
    title: 'deploy',
    says: 'Five contacts of three accounts are created, as examples/organization declares them.',
    declare: declareContacts,
  },
  {
    title: 'edit',
    says: 'The security mailbox is now soc@: three updates, one put each.',
    declare: stack => {
      new AlternateContacts(stack, 'Management', { billing: FINANCE, security: SOC });
      new AlternateContacts(stack, 'Shop', { accountId: SHOP, operations: SHOP_TEAM, security: SOC });
      new AlternateContact(stack, 'DataSecurity', { accountId: DATA, alternateContactType: AlternateContactType.SECURITY, ...SOC });
    },
  },
  {
    title: 'rename and move the constructs, name the own account',
    says: 'Other construct ids, other parents, and the own account by its id: the template is the same, CloudFormation has nothing to do.',
    declare: stack => {
      new AlternateContacts(stack, 'Head', { accountId: MANAGEMENT, billing: FINANCE, security: SOC });
      new AlternateContact(stack, 'ShopOperations', { accountId: SHOP, alternateContactType: AlternateContactType.OPERATIONS, ...SHOP_TEAM });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: AlternateContactType.SECURITY, ...SOC });
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC });
    },
  },
  {
    title: 'swap two types',
    says: "The shop's two constructs swap their types: two updates, and no delete that could erase what was just put.",
    declare: stack => {
      new AlternateContacts(stack, 'Head', { accountId: MANAGEMENT, billing: FINANCE, security: SOC });
      new AlternateContact(stack, 'ShopOperations', { accountId: SHOP, alternateContactType: AlternateContactType.SECURITY, ...SHOP_TEAM });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: AlternateContactType.OPERATIONS, ...SOC });
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC });
    },
  },
  {
    title: 'a deployment that fails',
    says: 'It edits a contact, adds one and takes over one that was set by hand; then something else fails. All of it is rolled back: what was there is there.',
    fail: true,
    declare: stack => {
      new AlternateContacts(stack, 'Head', { billing: { ...FINANCE, emailAddress: 'finance@example.com' }, operations: SOC, security: SOC });
      new AlternateContact(stack, 'ShopOperations', { accountId: SHOP, alternateContactType: AlternateContactType.SECURITY, ...SHOP_TEAM });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: AlternateContactType.OPERATIONS, ...SOC });
      new AlternateContacts(stack, 'Data', { accountId: DATA, billing: FINANCE, security: SOC });
    },
  },
  {
    title: 'remove',
    says: "The shop's operations contact leaves the app: it is deleted, after the role has shrunk.",
    declare: stack => {
      new AlternateContacts(stack, 'Head', { billing: FINANCE, security: SOC });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: AlternateContactType.SECURITY, ...SHOP_TEAM });
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC });
    },
  },
  { title: 'destroy', says: 'What the stack declared is deleted; what was set by hand and never declared is not touched.' },
];

async function main(): Promise<void> {
  const sandbox = await Sandbox.start({
    managementAccount: MANAGEMENT, memberAccounts: [SHOP, DATA], timeScale: 20, quotas: 'documented', policyDelaySeconds: 5,
  });
  try {
    sandbox.contacts.put(DATA, { AlternateContactType: 'BILLING', Name: 'By Hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '+1 555 0199' });
    heading('before', 'A management account and two members. One contact was set by hand.');
    showContacts(sandbox);
    for (const step of STEPS) await run(sandbox, step);
    process.stdout.write(`\n${sandbox.violations.length} breaches of the custom-resource protocol, ${sandbox.calls.length} calls\n`);
  } finally {
    await sandbox.close();
  }
}

/** Synthesizes the stack of a step. */
function synthesize({ declare, fail }: Step): Template | undefined {
  if (!declare) return undefined;
  const app = new App();
  const stack = new Stack(app, 'Contacts', { env: { account: MANAGEMENT, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
  declare(stack);
  if (fail) {
    const contacts = [...stack.node.children];
    new CfnResource(stack, 'Unlucky', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: 'x' } }).node.addDependency(...contacts);
  }
  return app.synth().getStackByName(stack.stackName).template as Template;
}

/** Takes one step, and shows what it did. */
async function run(sandbox: Sandbox, step: Step): Promise<void> {
  heading(step.title, step.says);
  const template = synthesize(step);
  const target = { stackName: 'Contacts', account: MANAGEMENT };
  showEvents(await (template
    ? sandbox.deploy({ ...target, template, fail: step.fail ? { Unlucky: 'Create' } : undefined })
    : sandbox.destroy(target)));
  showContacts(sandbox);
}

function showEvents({ events, reason }: StackResult): void {
  if (events.length === 0) process.stdout.write(`  ${dim(reason ?? '')}\n`);
  for (const { at, type, logicalId, status, reason: why = '' } of events) {
    const paint = /FAILED|ROLLBACK/.test(status) ? red : status.endsWith('COMPLETE') ? green : dim;
    // The contacts and the stack are what the demo is about; the rest shows only when it fails.
    if (!/Custom::|CloudFormation::Stack/.test(type) && !/FAILED/.test(status)) continue;
    const time = `${((at - events[0].at) / 1000).toFixed(1)} s`.padStart(8);
    process.stdout.write(`${dim(time)}  ${logicalId.padEnd(38)} ${paint(status.padEnd(44))} ${dim(why)}`.trimEnd() + '\n');
  }
  process.stdout.write('\n');
}

function showContacts(sandbox: Sandbox): void {
  const mailboxes = (account: string) => CONTACT_TYPES.map(type => sandbox.contacts.get(account, type)?.EmailAddress ?? '-');
  table([['account', ...CONTACT_TYPES], ...[MANAGEMENT, SHOP, DATA].map(account => [account, ...mailboxes(account)])]);
}

void main().then(demonstrateOrganization);
