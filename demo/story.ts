/*
 * The life of one stack of contacts, as data. The demo shows it. verification/ takes the function through it on each version of Node.js, and has the
 * CDK CLI deploy it to engines that this project did not write.
 */
import { App, Aws, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { declareContacts } from '../examples/named-accounts/contacts';
import { CONTACT_TYPES, ContactType, StoredContact } from '../sandbox/account/contacts';
import type { Sandbox, StackResult, Template } from '../sandbox/index';
import { AlternateContact, AlternateContactDetails, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../src';
import { valuesOf } from '../src/private/contract';

/** The account that the stack is deployed to. examples/named-accounts names it and the members of its organization. */
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
/** This phone number is not valid, but only the deployment knows its value. The app cannot refuse it, so the function does. */
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
  /** Declares the contacts of the app. @default - the stack is destroyed */
  readonly declare?: (stack: Stack) => void;
  /** The status of the stack afterwards. */
  readonly status: string;
  /** The contacts that each account has afterwards. */
  readonly contacts: ContactsByAccount;
}

/** The contacts that each account has before the first deployment. */
export const BY_HAND: ContactsByAccount = { [SHOP]: { billing: OWNER }, [DATA]: { billing: CFO } };

function declareBilling(stack: Stack): void {
  new AlternateContacts(stack, 'Management', { billing: FINANCE });
  new AlternateContacts(stack, 'Data', { accountId: DATA, billing: FINANCE });
}

/** Declares a contact that the function refuses, after everything else of the stack has been created. */
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
  [DATA]: { billing: CFO, security: SOC },
};
const AS_SWAPPED: ContactsByAccount = { ...AS_EDITED, [SHOP]: { billing: OWNER, operations: SOC, security: SHOP_TEAM } };
const WITHOUT_SHOP_OPERATIONS: ContactsByAccount = {
  [MANAGEMENT]: { billing: FINANCE, security: SOC },
  [SHOP]: { billing: OWNER, security: SHOP_TEAM },
  [DATA]: { billing: FINANCE_EDITED, security: SOC },
};

export const STORY: readonly Chapter[] = [
  {
    id: 'deploy',
    title: 'deploy',
    text: 'The app in examples/named-accounts declares five contacts in three accounts.',
    declare: declareContacts,
    status: 'CREATE_COMPLETE',
    contacts: {
      [MANAGEMENT]: { billing: FINANCE, security: FIRST_SOC },
      [SHOP]: { billing: OWNER, operations: SHOP_TEAM, security: FIRST_SOC },
      [DATA]: { billing: CFO, security: FIRST_SOC },
    },
  },
  {
    id: 'edit',
    title: 'edit',
    text: 'The security mailbox becomes soc@example.com in all three accounts.',
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
    title: "rename and move the constructs, name the stack's account",
    text: 'The constructs get other ids and parents. The template stays the same, and so do the contacts.',
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
    text: "The shop's two constructs swap their types. Each contact is updated, and none is deleted.",
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
    text: 'It edits a contact, adds one, and takes over one that was set by hand. Then a phone number is refused, '
      + 'and CloudFormation rolls back. What was taken over stays, with its new values.',
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
    text: "The shop's operations contact leaves the app, so it is deleted.",
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
    text: 'CloudFormation replaces the resource: it creates the new one, then deletes the old one. The contact stays.',
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
    text: 'The declared contacts are deleted. The others stay.',
    status: 'DELETE_COMPLETE',
    contacts: { [SHOP]: { billing: OWNER }, [DATA]: { billing: FINANCE_EDITED } },
  },
  {
    id: 'refused',
    title: 'a first deployment that fails',
    text: "A new stack creates one contact and takes over the data account's billing contact. Then a phone number is refused. "
      + 'What was created is deleted. What was taken over stays, with its new values.',
    declare: stack => {
      declareBilling(stack);
      declareRefused(stack);
    },
    status: 'ROLLBACK_COMPLETE',
    contacts: { [SHOP]: { billing: OWNER }, [DATA]: { billing: FINANCE } },
  },
  {
    id: 'correct',
    title: 'correct it and deploy again',
    text: 'Without the phone number that was refused, the same deployment succeeds.',
    declare: declareBilling,
    status: 'CREATE_COMPLETE',
    contacts: { [MANAGEMENT]: { billing: FINANCE }, [SHOP]: { billing: OWNER }, [DATA]: { billing: FINANCE } },
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
 * Takes the stack in a sandbox through a chapter. As the CDK CLI does, it deletes a stack whose first deployment failed before it deploys it again.
 *
 * @param change changes the template
 */
export async function enact(sandbox: Sandbox, { declare }: Chapter, change = (template: Template) => template): Promise<StackResult> {
  const target = { stackName: STACK_NAME, account: MANAGEMENT, region: REGION };
  if (!declare) { return sandbox.destroy(target); }
  if (sandbox.stacks.find(STACK_NAME, MANAGEMENT, REGION)?.status === 'ROLLBACK_COMPLETE') { await sandbox.destroy(target); }
  return sandbox.deploy({ ...target, template: change(synthesize(declare)) });
}

/** The contacts as the service stores them, by keys like `222222222222/BILLING`. */
export function stored(contacts: ContactsByAccount): { readonly [contact: string]: StoredContact } {
  return Object.fromEntries(Object.entries(contacts).flatMap(([account, held]) => CONTACT_TYPES.flatMap(type => {
    const details = held[type.toLowerCase() as keyof typeof held];
    return details ? [[`${account}/${type}`, asStored(type, details)]] : [];
  })));
}

/** The contact as the service stores it. */
export function asStored(type: ContactType, details: AlternateContactDetails): StoredContact {
  return { AlternateContactType: type, ...valuesOf(details) };
}
