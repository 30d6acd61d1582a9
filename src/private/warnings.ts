import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { CONTACT_TYPES } from './contract';

/** Every warning of the library. `Annotations.of(construct).acknowledgeWarning('cdk-alternate-contact:<name>')` silences it. */
export const WARNINGS = [
  /** Two stacks of the app declare the same contact: whichever stops declaring it deletes it. */
  'declaredInTwoStacks',
  /** The account of a contact may be the stack's, whose contact of this type is declared too. */
  'mayBeDeclaredTwice',
  /** Another copy of the library, of an unknown version, declares contacts in the app too. */
  'otherVersion',
  /** The role of a function or state machine is immutable, so its owner must grant the permissions that the warning prints. */
  'roleMustBeGranted',
  /** The key is imported, so its owner must allow CloudWatch Logs to use it. */
  'keyMustAllowLogs',
  /** A sweep of the organization may set a contact that an `AlternateContact` declares. */
  'mayBeSwept',
  /** Two sweeps may set the contacts of this type for the same account. */
  ...CONTACT_TYPES.map(type => `mayBeSwept${type}` as const),
] as const;

/** Warns at synthesis. */
export function warn(construct: IConstruct, warning: typeof WARNINGS[number], message: string): void {
  Annotations.of(construct).addWarningV2(`cdk-alternate-contact:${warning}`, message);
}
