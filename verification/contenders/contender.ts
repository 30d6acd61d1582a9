import type { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** The values of a contact, under the service's names. */
export interface Values {
  readonly Name: string;
  readonly Title: string;
  readonly EmailAddress: string;
  readonly PhoneNumber: string;
}

/** A contact as every contender gets it. */
export interface ContactToDeclare {
  /** The path of the construct in its stack. */
  readonly path: string;
  /** As the user writes it: digits, a token, or left out for the stack's account. */
  readonly accountId?: string;
  readonly type: string;
  readonly values: Values;
  /** Whether it stays on the account when it leaves the app. */
  readonly retain?: boolean;
  /** Only this library can refuse to overwrite. */
  readonly overwriteExisting?: boolean;
  /** The id of the construct of another function of the stack. Only this library can use one. */
  readonly provider?: string;
}

/** The contact in the properties of its custom resource. */
export interface ContactInTemplate {
  readonly AccountId?: string;
  readonly AlternateContactType?: string;
  readonly Name?: string;
}

/** A way to declare contacts, written as a strong user of it would write it. */
export interface Contender {
  /** Whether the function is an asset, so that the stack needs a bootstrap. */
  readonly usesAssets?: boolean;
  /** Declares one contact in the stack. */
  declare(stack: Stack, contact: ContactToDeclare): void;
  /** Finds the contact in the properties of its resource. Left out: they are the contact. */
  contactIn?(properties: { readonly [property: string]: unknown }, requestType: 'Create' | 'Update' | 'Delete'): ContactInTemplate;
}

export type Measurement = 'calls' | 'deployment' | 'proof';

interface Description {
  readonly label: string;
  /** One sentence that begins with the label. */
  readonly about: string;
  /** Beside synthesis and template, which are measured for all. */
  readonly measuredOn: readonly Measurement[];
}

/** The contenders, by the names of their files: only the one that is measured is loaded. */
const DESCRIPTIONS = {
  'ours': {
    label: 'AlternateContact',
    about: 'is this library.',
    measuredOn: ['calls', 'deployment', 'proof'],
  },
  'aws-custom-resource': {
    label: 'AwsCustomResource, policy',
    about: 'is the form that its documentation shows first: a `policy` per contact, all on one role.',
    measuredOn: ['calls', 'deployment'],
  },
  'aws-custom-resource-role': {
    label: 'AwsCustomResource, role',
    about: 'gets a `role` and no `policy`, which is documented too, 100 attempts by `AWS_MAX_ATTEMPTS`, and logs without data. It pays in permissions: '
      + 'the role may put and delete the contacts of every account (`*`), and its author keeps it in step with the contacts.',
    measuredOn: ['deployment', 'proof'], // the function is that of the policy
  },
  'provider': {
    label: 'Provider + function',
    about: 'is `custom-resources.Provider` with the hand-written function (verification/contenders/handler/).',
    measuredOn: ['calls'], // it takes two functions for one event, so its deployments would not compare
  },
  'core-provider': {
    label: 'CustomResourceProvider',
    about: "is the one of aws-cdk-lib's core, with the hand-written function as an asset.",
    measuredOn: ['calls', 'deployment'],
  },
  'hand-written': {
    label: 'hand-written class',
    about: 'is a class around `CustomResource` with the hand-written function inline. The function makes up to 100 attempts, accepts that a contact to delete '
      + "is missing, and leaves out the id of the stack's account. It validates nothing, and its role may put and delete the contacts of every account (`*`).",
    measuredOn: ['calls', 'deployment', 'proof'],
  },
  'bare': {
    label: 'bare CfnResource',
    about: 'is the same function and role with a `CfnResource` and nothing around it: the least that a contact can cost.',
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

/** Loads one contender and none of the others. */
export function load(id: ContenderId): Contender {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load all, or be asynchronous
  return (require(`./${id}`) as { contender: Contender }).contender;
}

/** Finds or makes the parent of a path's last part. */
export function placeOf(stack: Stack, path: string): [scope: Construct, id: string] {
  const ids = path.split('/');
  const id = ids.pop() as string;
  return [ids.reduce<Construct>((scope, name) => scope.node.tryFindChild(name) as Construct ?? new Construct(scope, name), stack), id];
}

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
// Not the sandbox's list: this file is loaded while synthesis is measured.
const TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'];

/** The account of the contact with that index. */
export function accountOf(index: number, contactsPerAccount = 1): string {
  return String(200_000_000_000 + Math.floor(index / contactsPerAccount));
}

/** Values as long as real ones, different for each contact and edition, so that nothing can be shared. */
export function sampleContact(index: number, contactsPerAccount = 1, edition = 0): ContactToDeclare {
  return {
    path: `Contact${index}`,
    accountId: accountOf(index, contactsPerAccount),
    type: TYPES[index % TYPES.length],
    values: {
      Name: `Security Operations ${index}`,
      Title: edition === 0 ? `Team Lead ${index}` : `Team Lead ${index}, ${edition}`,
      EmailAddress: `security-operations-${index}@example.com`,
      PhoneNumber: `+1 555 ${String(index).padStart(4, '0')}`,
    },
  };
}
