/*
 * The life of one stack in one account, as data: what `npx projen try:aws` deploys, and what must be there afterwards. demo/story.ts tells more, but
 * needs three accounts.
 */
import { Aws, Stack } from 'aws-cdk-lib';
import type { CheckId } from './checks';
import { testContact } from './test-values';
import { AlternateContact, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../../src';

export const STACK_NAME = 'cdk-alternate-contact-try';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;
const [FINANCE, SOC, NEW_SOC, BY_HAND, ON_CALL] = ['finance', 'soc', 'new-soc', 'by-hand', 'on-call'].map(testContact);

type Details = typeof FINANCE;
/** The contacts of the account: those that are missing must be missing. */
export type Expected = { readonly [type in AlternateContactType]?: Details };

export interface Chapter {
  readonly check: CheckId;
  /** Contacts that are set by hand before. */
  readonly byHand?: Expected;
  /** Declares the contacts of the stack, which is named `account`. @default - the stack is destroyed */
  readonly declare?: (stack: Stack, account: string) => void;
  /** The status of the stack afterwards. @default - it is gone */
  readonly status?: string;
  /** The contacts of the account afterwards. */
  readonly contacts: Expected;
  /** What the function logs, in any order: the event, the resource and the action. @default - the log is gone, too */
  readonly events?: readonly string[];
}

function declareTwo(stack: Stack): void {
  new AlternateContacts(stack, 'Contacts', { billing: SOC, security: FINANCE });
}

/** CloudFormation creates and updates it after all others. */
function declareLast(stack: Stack, declare: () => AlternateContact): void {
  const others = [...stack.node.children];
  declare().node.addDependency(...others.filter(child => child instanceof AlternateContact || child instanceof AlternateContacts));
}

/** With a function of its own, the security contact is another resource. */
function declareWithProvider(stack: Stack): void {
  const provider = new AlternateContactProvider(stack, 'Provider');
  new AlternateContact(stack, 'Finance', { alternateContactType: SECURITY, ...FINANCE, provider });
}

const SWAPPED: Expected = { [BILLING]: NEW_SOC, [SECURITY]: FINANCE };

export const CHAPTERS: readonly Chapter[] = [
  {
    check: 'create',
    declare: stack => { new AlternateContacts(stack, 'Contacts', { billing: FINANCE, security: SOC }); },
    status: 'CREATE_COMPLETE',
    contacts: { [BILLING]: FINANCE, [SECURITY]: SOC },
    events: ['Create AlternateContactBilling: put', 'Create AlternateContactSecurity: put'],
  },
  {
    check: 'edit',
    declare: stack => { new AlternateContacts(stack, 'Contacts', { billing: FINANCE, security: NEW_SOC }); },
    status: 'UPDATE_COMPLETE',
    contacts: { [BILLING]: FINANCE, [SECURITY]: NEW_SOC },
    events: ['Update AlternateContactSecurity: put'],
  },
  {
    check: 'rename',
    declare: (stack, accountId) => {
      new AlternateContact(stack, 'Finance', { accountId, alternateContactType: BILLING, ...FINANCE });
      new AlternateContact(stack, 'Soc', { alternateContactType: SECURITY, ...NEW_SOC });
    },
    status: 'UPDATE_COMPLETE',
    contacts: { [BILLING]: FINANCE, [SECURITY]: NEW_SOC },
    events: [],
  },
  {
    check: 'swap',
    declare: stack => {
      new AlternateContact(stack, 'Finance', { alternateContactType: SECURITY, ...FINANCE });
      new AlternateContact(stack, 'Soc', { alternateContactType: BILLING, ...NEW_SOC });
    },
    status: 'UPDATE_COMPLETE',
    contacts: SWAPPED,
    events: ['Update AlternateContactBilling: put', 'Update AlternateContactSecurity: put'],
  },
  {
    check: 'refuse',
    byHand: { [OPERATIONS]: BY_HAND },
    declare: stack => {
      declareTwo(stack);
      declareLast(stack, () => new AlternateContact(stack, 'OnCall', { alternateContactType: OPERATIONS, ...ON_CALL, overwriteExisting: false }));
    },
    status: 'UPDATE_ROLLBACK_COMPLETE',
    contacts: { ...SWAPPED, [OPERATIONS]: BY_HAND },
    events: [
      'Update AlternateContactBilling: put', 'Create AlternateContactOperations: failed',
      'Update AlternateContactBilling: put', 'Delete AlternateContactOperations: nothing',
    ],
  },
  {
    check: 'take-over',
    declare: stack => {
      new AlternateContacts(stack, 'Contacts', { billing: NEW_SOC, operations: ON_CALL, security: FINANCE });
    },
    status: 'UPDATE_COMPLETE',
    contacts: { ...SWAPPED, [OPERATIONS]: ON_CALL },
    events: ['Create AlternateContactOperations: put'],
  },
  {
    check: 'roll-back',
    declare: stack => {
      declareTwo(stack);
      // Only the deployment knows this phone number, so the app cannot refuse it.
      declareLast(stack, () =>
        new AlternateContact(stack, 'OnCall', { alternateContactType: OPERATIONS, ...ON_CALL, phoneNumber: Aws.STACK_NAME }));
    },
    status: 'UPDATE_ROLLBACK_COMPLETE',
    contacts: { ...SWAPPED, [OPERATIONS]: ON_CALL },
    events: [
      'Update AlternateContactBilling: put', 'Update AlternateContactOperations: failed',
      'Update AlternateContactBilling: put', 'Update AlternateContactOperations: put',
    ],
  },
  {
    check: 'replace',
    declare: stack => {
      new AlternateContacts(stack, 'Contacts', { billing: NEW_SOC, operations: ON_CALL });
      declareWithProvider(stack);
    },
    status: 'UPDATE_COMPLETE',
    contacts: { ...SWAPPED, [OPERATIONS]: ON_CALL },
    events: ['Create AlternateContactSecurityProvider16035D86: put', 'Delete AlternateContactSecurity: kept'],
  },
  {
    check: 'remove',
    declare: stack => {
      new AlternateContacts(stack, 'Contacts', { billing: NEW_SOC });
      declareWithProvider(stack);
    },
    status: 'UPDATE_COMPLETE',
    contacts: SWAPPED,
    events: ['Delete AlternateContactOperations: deleted'],
  },
  { check: 'destroy', contacts: {} },
];
