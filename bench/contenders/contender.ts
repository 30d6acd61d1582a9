import type { Stack } from 'aws-cdk-lib';

/** A contact, in the words of the service: what every contender is given. */
export interface Contact {
  readonly AccountId: string;
  readonly AlternateContactType: string;
  readonly Name: string;
  readonly Title: string;
  readonly EmailAddress: string;
  readonly PhoneNumber: string;
}

/** A way to declare contacts, written as a user of it would. */
export interface Contender {
  readonly label: string;
  /** Declares one contact in the stack. */
  declare(stack: Stack, index: number, contact: Contact): void;
  /** Adds the permissions that the contender's code leaves out, where it is to be deployed. */
  allow?(stack: Stack): void;
}

/** The contenders, by the names of their files: only the one that is measured is loaded. */
export const CONTENDERS = ['ours', 'aws-custom-resource', 'provider', 'core-provider', 'floor', 'bare'] as const;
export type ContenderId = typeof CONTENDERS[number];

export const LABELS: Record<ContenderId, string> = {
  'ours': 'AlternateContact',
  'aws-custom-resource': 'AwsCustomResource',
  'provider': 'Provider + function',
  'core-provider': 'CustomResourceProvider',
  'floor': 'floor',
  'bare': 'bare CfnResource',
};

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
const TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'];

/** The account of the contact with that number, when each account has so many contacts. */
export function accountOf(index: number, contactsPerAccount = 1): string {
  return String(200_000_000_000 + Math.floor(index / contactsPerAccount));
}

/** Values as long as real ones, different for each contact, so that nothing can be shared. */
export function contactOf(index: number, contactsPerAccount = 1): Contact {
  return {
    AccountId: accountOf(index, contactsPerAccount),
    AlternateContactType: TYPES[index % TYPES.length],
    Name: `Security Operations ${index}`,
    Title: `Team Lead ${index}`,
    EmailAddress: `security-operations-${index}@example.com`,
    PhoneNumber: `+1 555 ${String(index).padStart(4, '0')}`,
  };
}
