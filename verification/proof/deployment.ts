/** One deployment: the declarations before and after it, the events of the function, and the contacts that the accounts may have afterwards. */
import { contactNameOf, ContactDeclaration, STACKS } from './model';

/** The declarations of a stack and its nested stacks, by contact. */
export type Declared = ReadonlyMap<string, ContactDeclaration>;
/** The names of the contacts on the accounts. A contact is put as a whole, so its name stands for all of its values. */
export type Snapshot = ReadonlyMap<string, string>;

/** One event of a custom resource. */
export interface ContactEvent {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  /** Whether the resource did not hold the contact before: a Create, or an Update to another contact. */
  readonly isNew: boolean;
  readonly logicalId: string;
  /** The contact, and the name that the event sets. */
  readonly key: string;
  readonly name?: string;
  /** Whether CloudFormation no longer waited for the response, because a sibling had failed. */
  readonly isCancelled: boolean;
  /** Whether Lambda delivered it more than once. */
  readonly isRepeated: boolean;
  /** Whether it failed because the function's role does not allow to ask another stack of the tree. */
  readonly isDenied: boolean;
  /** Whether it failed because it must not overwrite the existing contact. */
  readonly isRefused: boolean;
}

export interface Deployment {
  readonly succeeded: boolean;
  readonly before: Declared;
  readonly after: Declared;
  /** The contacts that other stacks declare. */
  readonly elsewhere: ReadonlySet<string>;
  readonly was: Snapshot;
  /** The contacts that were changed so shortly before that reads may not show it yet. */
  readonly unsettled: ReadonlySet<string>;
  readonly requests: readonly ContactEvent[];
}

/** The kinds of harm that must not come to anybody who declares contacts. */
export type Breach = typeof BREACHES[number];
export const BREACHES = [
  'lost', 'missing meanwhile', 'left behind', 'orphaned', 'wrong values', 'touched', 'failed without cause', 'stuck', 'unanswered', 'another id on Delete',
  'other protocol', 'personal data',
] as const;

const NOTHING = undefined;

/**
 * The contacts that an account may have after a deployment. The whole proof rests on this table: deployment.test.ts tests each row.
 *
 * | deployment | declared before                 | declared now  | allowed afterwards                                                                       |
 * |------------|---------------------------------|---------------|------------------------------------------------------------------------------------------|
 * | any        | no                              | no            | the previous contact, because the app does not declare it                                |
 * | succeeded  | any                             | yes           | the declared one                                                                         |
 * | succeeded  | the same                        | yes           | the declared one, or the previous one, because a template without a change is not deployed |
 * | succeeded  | yes                             | no            | none                                                                                     |
 * | succeeded  | yes, retained, or elsewhere too | no            | the previous one; if the resource now means another contact, its new policy counts       |
 * | failed     | yes                             | any           | the one that was declared before, or the previous one                                    |
 * | failed     | no                              | yes           | the previous one; if there was one, also the declared one, because it was taken over     |
 * | failed     | no                              | yes, retained | the declared one, or the previous one                                                    |
 */
export function expectedAfter({ succeeded, before, after, elsewhere, was }: Deployment, key: string): (string | undefined)[] {
  const old = before.get(key);
  const declared = after.get(key);
  const there = was.get(key);
  if (succeeded) {
    if (declared) { return old && isSameProperties(old, declared) ? [contactNameOf(declared), there] : [contactNameOf(declared)]; }
    const resource = old && [...after.values()].find(declaration => isSameResource(declaration, old));
    return !old || (resource ?? old).retain || elsewhere.has(key) ? [there] : [NOTHING];
  }
  if (old) { return [contactNameOf(old), there]; }
  if (!declared) { return [there]; }
  return there !== NOTHING || declared.retain ? [contactNameOf(declared), there] : [NOTHING];
}

/** Compares the contact with those that are allowed. */
export function breachAt(deployment: Deployment, key: string, is: string | undefined): Breach | undefined {
  const { succeeded, before, after } = deployment;
  const expected = expectedAfter(deployment, key);
  if (expected.includes(is)) { return undefined; }
  if (!before.has(key) && !after.has(key)) { return 'touched'; }
  if (is === NOTHING) { return 'lost'; }
  const isDeclared = (succeeded ? after : before).has(key);
  return isDeclared || !expected.includes(NOTHING) ? 'wrong values' : 'left behind';
}

/** Whether both have the same logical id in the same stack. The account may be a token whose value has changed. */
function isSameResource(one: ContactDeclaration, other: ContactDeclaration): boolean {
  return JSON.stringify(resourceOf(one)) === JSON.stringify(resourceOf(other));
}

/** Whether both become the same properties of the same resource. The stack's account may be named or left out. */
function isSameProperties(one: ContactDeclaration, other: ContactDeclaration): boolean {
  return JSON.stringify(propertiesOf(one)) === JSON.stringify(propertiesOf(other));
}

function resourceOf({ nest, account, type, provider, stack }: ContactDeclaration): unknown[] {
  return [nest, account.as === 'literal' && account.id === STACKS[stack] ? { as: 'omitted' } : account, type, provider];
}

function propertiesOf(declaration: ContactDeclaration): unknown[] {
  const { values, overwriteExisting } = declaration;
  return [resourceOf(declaration), values, overwriteExisting];
}
