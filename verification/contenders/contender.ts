import type { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** What a contact says, in the words of the service. */
export interface Values {
  readonly Name: string;
  readonly Title: string;
  readonly EmailAddress: string;
  readonly PhoneNumber: string;
}

/** A contact that an app declares: what every contender is given. */
export interface ContactToDeclare {
  /** The path of the construct in its stack. */
  readonly path: string;
  /** As the user writes it: digits, a token, or left out for the stack's account. */
  readonly accountId?: string;
  readonly type: string;
  readonly values: Values;
  /** It stays on the account when it leaves the app. */
  readonly retain?: boolean;
  /** What this library alone can do: refuse to overwrite, and use another function of the stack, by the id of its construct. */
  readonly overwriteExisting?: boolean;
  readonly provider?: string;
}

/** What the properties of a custom resource say about its contact. */
export interface ContactInTemplate {
  readonly AccountId?: string;
  readonly AlternateContactType?: string;
  readonly Name?: string;
}

/** A way to declare contacts, written as a strong user of it would. */
export interface Contender {
  /** The function is an asset, so the stack needs a bootstrap. */
  readonly usesAssets?: boolean;
  /** Declares one contact in the stack. */
  declare(stack: Stack, contact: ContactToDeclare): void;
  /** Finds the contact in the properties of its resource. Left out: they are the contact. */
  contactIn?(properties: { readonly [property: string]: unknown }, requestType: 'Create' | 'Update' | 'Delete'): ContactInTemplate;
}

export type Measurement = 'synthesis' | 'template' | 'function' | 'deployment' | 'proof';

interface Description {
  readonly label: string;
  /** Readable on white and on black. */
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
    measuredOn: ['synthesis', 'template', 'function', 'deployment', 'proof'],
  },
  'aws-custom-resource': {
    label: 'AwsCustomResource, policy',
    colour: '#4c8fd6',
    about: 'is the form that its documentation shows first: a `policy` per contact, all on one role.',
    measuredOn: ['synthesis', 'template', 'function', 'deployment'],
  },
  'aws-custom-resource-role': {
    label: 'AwsCustomResource, role',
    colour: '#1098ad',
    about: 'is given a `role` and no `policy`, which is documented too, 100 attempts by `AWS_MAX_ATTEMPTS`, and logs without data. It pays in permissions: '
      + 'the role puts and deletes the contacts of every account (`*`), and whoever writes the role keeps it in step with the contacts.',
    measuredOn: ['synthesis', 'template', 'deployment', 'proof'], // the function is that of the policy
  },
  'provider': {
    label: 'Provider + function',
    colour: '#9c6ade',
    about: 'is `custom-resources.Provider` with the hand-written function (verification/contenders/handler/).',
    measuredOn: ['synthesis', 'template', 'function'], // two functions, so its deployments are not measured
  },
  'core-provider': {
    label: 'CustomResourceProvider',
    colour: '#2f9e6e',
    about: "is the one of aws-cdk-lib's core, with the hand-written function as an asset.",
    measuredOn: ['synthesis', 'template', 'function', 'deployment'],
  },
  'hand-written': {
    label: 'hand-written class',
    colour: '#8a8a8a',
    about: 'is a class around `CustomResource` with the hand-written function inline, which makes up to 100 attempts, takes a missing contact for deleted '
      + 'and names its own account to nobody. It validates nothing, and its role puts and deletes the contacts of every account (`*`).',
    measuredOn: ['synthesis', 'template', 'function', 'deployment', 'proof'],
  },
  'bare': {
    label: 'bare CfnResource',
    colour: '#b5892e',
    about: 'is the same function and role with a `CfnResource` and nothing around it: the least that a contact can cost.',
    measuredOn: ['synthesis', 'template'], // the function is that of the class
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

/** Loads a contender, and none of the others. */
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

/** The account of the contact with that number, when each account has so many contacts. */
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
