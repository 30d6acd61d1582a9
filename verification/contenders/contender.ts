import type { Stack } from 'aws-cdk-lib';

/** A contact, in the words of the service: what every contender is given. */
export interface SampleContact {
  readonly AccountId: string;
  readonly AlternateContactType: string;
  readonly Name: string;
  readonly Title: string;
  readonly EmailAddress: string;
  readonly PhoneNumber: string;
}

/** A way to declare contacts, written as a strong user of it would. */
export interface Contender {
  /** Declares one contact in the stack. */
  declare(stack: Stack, index: number, contact: SampleContact): void;
  /** Adds the permissions that the contender's code leaves out, where it is to be deployed. */
  allow?(stack: Stack): void;
}

/** Synthesis and template are measured on all. */
type Measurement = 'function' | 'deployment';

interface Description {
  readonly label: string;
  /** Read on white and on black. */
  readonly colour: string;
  /** One sentence that begins with the label. */
  readonly about: string;
  readonly measuredOn: readonly Measurement[];
}

/** The contenders, by the names of their files: only the one that is measured is loaded. */
const DESCRIPTIONS = {
  'ours': {
    label: 'AlternateContact',
    colour: '#e8590c',
    about: 'is this library.',
    measuredOn: ['function', 'deployment'],
  },
  'aws-custom-resource': {
    label: 'AwsCustomResource, policy',
    colour: '#4c8fd6',
    about: 'is the form that its documentation shows first: a `policy` per contact, all on one role.',
    measuredOn: ['function', 'deployment'],
  },
  'aws-custom-resource-role': {
    label: 'AwsCustomResource, role',
    colour: '#1098ad',
    about: 'is given a `role` and no `policy`, which is documented too, and 50 attempts by `AWS_MAX_ATTEMPTS`. It pays in permissions: the role '
      + 'puts and deletes the contacts of every account (`*`), and whoever writes the role keeps it in step with the contacts.',
    measuredOn: ['deployment'], // the function is the same
  },
  'provider': {
    label: 'Provider + function',
    colour: '#9c6ade',
    about: 'is `custom-resources.Provider` with an inline function of 20 lines and `maxAttempts: 50`.',
    measuredOn: ['function'], // the sandbox does not let a function invoke a function
  },
  'core-provider': {
    label: 'CustomResourceProvider',
    colour: '#2f9e6e',
    about: "is the one of aws-cdk-lib's core, with the same 20 lines as an asset.",
    measuredOn: ['function', 'deployment'],
  },
  'hand-written': {
    label: 'hand-written class',
    colour: '#8a8a8a',
    about: 'is a class around `CustomResource` with an inline function and `maxAttempts: 50`: no validation, and no permissions but those that the '
      + 'deployments add (`*`).',
    measuredOn: ['function', 'deployment'],
  },
  'bare': {
    label: 'bare CfnResource',
    colour: '#b5892e',
    about: 'is the same function with a `CfnResource` and nothing around it: the least that a contact can cost.',
    measuredOn: [], // the function is that of the class
  },
} as const satisfies Record<string, Description>;

export type ContenderId = keyof typeof DESCRIPTIONS;
export const CONTENDERS: Record<ContenderId, Description> = DESCRIPTIONS;
export const ALL = Object.keys(CONTENDERS) as ContenderId[];

export function measuredOn(measurement: Measurement): ContenderId[] {
  return ALL.filter(id => CONTENDERS[id].measuredOn.includes(measurement));
}

export function labelOf(id: ContenderId): string {
  return CONTENDERS[id].label;
}

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
const TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'];

/** The account of the contact with that number, when each account has so many contacts. */
export function accountOf(index: number, contactsPerAccount = 1): string {
  return String(200_000_000_000 + Math.floor(index / contactsPerAccount));
}

/** Values as long as real ones, different for each contact, so that nothing can be shared. */
export function sampleContact(index: number, contactsPerAccount = 1): SampleContact {
  return {
    AccountId: accountOf(index, contactsPerAccount),
    AlternateContactType: TYPES[index % TYPES.length],
    Name: `Security Operations ${index}`,
    Title: `Team Lead ${index}`,
    EmailAddress: `security-operations-${index}@example.com`,
    PhoneNumber: `+1 555 ${String(index).padStart(4, '0')}`,
  };
}
