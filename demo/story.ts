/*
 * The life of one stack of contacts, told once, as data: the demo shows it, the functions of each Node.js go through it, and so does the CDK CLI on
 * engines that this project did not write.
 */
import { App, Aws, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { declareContacts } from '../examples/named-accounts/contacts';
import { AlternateContact, AlternateContactDetails, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../src';
import { CONTACT_TYPES, ContactType, StoredContact } from '../sandbox/account/contacts';
import type { Sandbox, StackResult, Template } from '../sandbox/index';

/** The account that the stack is deployed to, and the members of its organization: examples/named-accounts names them. */
export const MANAGEMENT = '111111111111';
const SHOP = '222222222222';
const DATA = '333333333333';
export const MEMBERS = [SHOP, DATA];
export const REGION = 'us-east-1';
export const STACK_NAME = 'Contacts';

const { OPERATIONS, SECURITY } = AlternateContactType;

const person = (name: string, mailbox: string, extension: number): AlternateContactDetails =>
  ({ name, title: 'On call', emailAddress: `${mailbox}@example.com`, phoneNumber: `+1 555 0${extension}` });

const FINANCE: AlternateContactDetails = { ...person('Accounts Payable', 'invoices', 101), title: 'Finance' };
const FINANCE_EDITED: AlternateContactDetails = { ...FINANCE, emailAddress: 'finance@example.com' };
const SHOP_TEAM = person('Shop', 'shop', 102);
const FIRST_SOC = person('Security Operations', 'security', 100);
const SOC: AlternateContactDetails = { ...FIRST_SOC, emailAddress: 'soc@example.com' };
const CFO = person('By Hand', 'cfo', 199);
const OWNER = person('By Hand', 'owner', 198);
/** The app cannot know that this is no phone number: only the deployment knows the value, and the function refuses it. */
const REFUSED: AlternateContactDetails = { ...SHOP_TEAM, phoneNumber: Aws.STACK_NAME };

/** The contacts that each account has. */
export interface ContactsByAccount {
  readonly [account: string]: {
    readonly billing?: AlternateContactDetails;
    readonly operations?: AlternateContactDetails;
    readonly security?: AlternateContactDetails;
  };
}

export interface Chapter {
  /** One word, for programs. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** What the app then declares; without it the stack is destroyed. */
  readonly declare?: (stack: Stack) => void;
  /** How the deployment ends. */
  readonly status: string;
  /** What each account has afterwards. */
  readonly contacts: ContactsByAccount;
}

/** What each account has before the first deployment, which nobody declares. */
export const BY_HAND: ContactsByAccount = { [SHOP]: { billing: OWNER }, [DATA]: { billing: CFO } };

/** Declares a contact that is refused when everything else of the stack is there. */
function declareRefused(stack: Stack): void {
  const before = [...stack.node.children];
  new AlternateContacts(stack, 'Refused', { accountId: SHOP, billing: REFUSED }).node.addDependency(...before);
}

function declareSwapped(stack: Stack): void {
  new AlternateContact(stack, 'ShopOperations', { accountId: SHOP, alternateContactType: SECURITY, ...SHOP_TEAM });
  new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: OPERATIONS, ...SOC });
}

const AS_EDITED: ContactsByAccount = {
  [MANAGEMENT]: { billing: FINANCE, security: SOC },
  [SHOP]: { billing: OWNER, operations: SHOP_TEAM, security: SOC },
  [DATA]: { billing: FINANCE, security: SOC },
};
const AS_SWAPPED: ContactsByAccount = { ...AS_EDITED, [SHOP]: { billing: OWNER, operations: SOC, security: SHOP_TEAM } };
const WITHOUT_SHOP_OPERATIONS: ContactsByAccount = {
  [MANAGEMENT]: { billing: FINANCE, security: SOC },
  [SHOP]: { billing: OWNER, security: SHOP_TEAM },
  [DATA]: { billing: FINANCE_EDITED, security: SOC },
};

export const STORY: readonly Chapter[] = [
  {
    id: 'refused',
    title: 'a first deployment that fails',
    text: "It takes over the data account's billing contact, and then the function refuses another one. What was created is deleted; "
      + 'what was taken over stays, with its new values.',
    declare: stack => {
      new AlternateContacts(stack, 'Management', { billing: FINANCE });
      new AlternateContacts(stack, 'Data', { accountId: DATA, billing: FINANCE });
      declareRefused(stack);
    },
    status: 'ROLLBACK_COMPLETE',
    contacts: { [SHOP]: { billing: OWNER }, [DATA]: { billing: FINANCE } },
  },
  {
    id: 'deploy',
    title: 'deploy',
    text: 'Five contacts of three accounts are created, as examples/named-accounts declares them.',
    declare: declareContacts,
    status: 'CREATE_COMPLETE',
    contacts: {
      [MANAGEMENT]: { billing: FINANCE, security: FIRST_SOC },
      [SHOP]: { billing: OWNER, operations: SHOP_TEAM, security: FIRST_SOC },
      [DATA]: { billing: FINANCE, security: FIRST_SOC },
    },
  },
  {
    id: 'edit',
    title: 'edit',
    text: 'The security mailbox is now soc@: three updates, one put each.',
    declare: stack => {
      new AlternateContacts(stack, 'Management', { billing: FINANCE, security: SOC });
      new AlternateContacts(stack, 'Shop', { accountId: SHOP, operations: SHOP_TEAM, security: SOC });
      new AlternateContact(stack, 'DataSecurity', { accountId: DATA, alternateContactType: SECURITY, ...SOC });
    },
    status: 'UPDATE_COMPLETE',
    contacts: AS_EDITED,
  },
  {
    id: 'rename',
    title: 'rename and move the constructs, name the own account',
    text: 'Other construct ids, other parents, and the own account by its id: the template is the same, CloudFormation has nothing to do.',
    declare: stack => {
      new AlternateContacts(stack, 'Head', { accountId: MANAGEMENT, billing: FINANCE, security: SOC });
      new AlternateContact(stack, 'ShopOperations', { accountId: SHOP, alternateContactType: OPERATIONS, ...SHOP_TEAM });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: SECURITY, ...SOC });
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC });
    },
    status: 'UPDATE_COMPLETE',
    contacts: AS_EDITED,
  },
  {
    id: 'swap',
    title: 'swap two types',
    text: "The shop's two constructs swap their types: two updates, and no delete that could erase what was just put.",
    declare: stack => {
      new AlternateContacts(stack, 'Head', { accountId: MANAGEMENT, billing: FINANCE, security: SOC });
      declareSwapped(stack);
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC });
    },
    status: 'UPDATE_COMPLETE',
    contacts: AS_SWAPPED,
  },
  {
    id: 'fail',
    title: 'a deployment that fails',
    text: 'It edits a contact, adds one and takes one over that no stack holds; then the function refuses another one. All of it is rolled back. '
      + 'What was taken over stays, with its new values.',
    declare: stack => {
      new AlternateContacts(stack, 'Head', { billing: FINANCE_EDITED, operations: SOC, security: SOC });
      declareSwapped(stack);
      new AlternateContacts(stack, 'Data', { accountId: DATA, billing: FINANCE_EDITED, security: SOC });
      declareRefused(stack);
    },
    status: 'UPDATE_ROLLBACK_COMPLETE',
    contacts: { ...AS_SWAPPED, [DATA]: { billing: FINANCE_EDITED, security: SOC } },
  },
  {
    id: 'remove',
    title: 'remove',
    text: "The shop's operations contact leaves the app: it is deleted, after the role has shrunk.",
    declare: stack => {
      new AlternateContacts(stack, 'Head', { billing: FINANCE, security: SOC });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: SECURITY, ...SHOP_TEAM });
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC });
    },
    status: 'UPDATE_COMPLETE',
    contacts: WITHOUT_SHOP_OPERATIONS,
  },
  {
    id: 'provider',
    title: 'give a contact another function',
    text: 'For a moment two resources hold the same contact: the new one is created before the old one is deleted, which leaves the contact alone.',
    declare: stack => {
      new AlternateContacts(stack, 'Head', { billing: FINANCE, security: SOC });
      new AlternateContact(stack, 'ShopSecurity', { accountId: SHOP, alternateContactType: SECURITY, ...SHOP_TEAM });
      new AlternateContacts(stack, 'Data', { accountId: DATA, security: SOC, provider: new AlternateContactProvider(stack, 'Provider') });
    },
    status: 'UPDATE_COMPLETE',
    contacts: WITHOUT_SHOP_OPERATIONS,
  },
  {
    id: 'destroy',
    title: 'destroy',
    text: 'What the stack declared is deleted; what was set by hand and never declared is not touched.',
    status: 'DELETE_COMPLETE',
    contacts: { [SHOP]: { billing: OWNER }, [DATA]: { billing: FINANCE_EDITED } },
  },
];

/** Synthesizes the stack of a chapter. */
export function synthesize(declare: (stack: Stack) => void): Template {
  const app = new App();
  const stack = new Stack(app, STACK_NAME, { env: { account: MANAGEMENT, region: REGION }, synthesizer: new BootstraplessSynthesizer() });
  declare(stack);
  return app.synth().getStackByName(STACK_NAME).template as Template;
}

/**
 * Takes the stack of a sandbox through a chapter, as the CDK CLI does: a stack whose first deployment has failed is deleted before the next.
 *
 * @param change changes the template
 */
export async function enact(sandbox: Sandbox, { declare }: Chapter, change = (template: Template) => template): Promise<StackResult> {
  const target = { stackName: STACK_NAME, account: MANAGEMENT, region: REGION };
  if (!declare) { return sandbox.destroy(target); }
  if (sandbox.stacks.find(STACK_NAME, MANAGEMENT, REGION)?.status === 'ROLLBACK_COMPLETE') { await sandbox.destroy(target); }
  return sandbox.deploy({ ...target, template: change(synthesize(declare)) });
}

/** The contacts as the service stores them, by account and type: `222222222222/BILLING`. */
export function stored(contacts: ContactsByAccount): { readonly [contact: string]: StoredContact } {
  return Object.fromEntries(Object.entries(contacts).flatMap(([account, held]) => CONTACT_TYPES.flatMap(type => {
    const details = held[type.toLowerCase() as keyof typeof held];
    return details ? [[`${account}/${type}`, asStored(type, details)]] : [];
  })));
}

/** The values under the service's names. */
export function asStored(type: ContactType, { name, title, emailAddress, phoneNumber }: AlternateContactDetails): StoredContact {
  return { AlternateContactType: type, Name: name, Title: title, EmailAddress: emailAddress, PhoneNumber: phoneNumber };
}
