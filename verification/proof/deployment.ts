/** What is known of one deployment: what was declared, what was asked of the function, and what may be on the accounts afterwards. */
import { contactNameOf, ContactDeclaration, STACKS } from './model';

/** What a stack and its nested stacks declare, by the contact that each declaration means. */
export type Declared = ReadonlyMap<string, ContactDeclaration>;
/** What is on the accounts: the names of the contacts. The whole contact is put at once, so its name tells all of its values. */
export type Snapshot = ReadonlyMap<string, string>;

/** One event of a custom resource. */
export interface ContactEvent {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  /** The resource did not hold the contact before: a Create, or an Update to another contact. */
  readonly isNew: boolean;
  readonly logicalId: string;
  /** The contact that it is about, and the name that it sets. */
  readonly key: string;
  readonly name?: string;
  /** A sibling failed, and CloudFormation no longer waited for the response. */
  readonly isCancelled: boolean;
  /** Lambda delivered it more than once. */
  readonly isRepeated: boolean;
  /** It failed because the function's role may not ask another stack of the tree. */
  readonly isDenied: boolean;
  /** It failed because it must not overwrite what is there. */
  readonly isRefused: boolean;
}

export interface Deployment {
  readonly succeeded: boolean;
  readonly before: Declared;
  readonly after: Declared;
  /** The contacts that other stacks declare. */
  readonly elsewhere: ReadonlySet<string>;
  readonly was: Snapshot;
  /** The contacts that were changed so shortly before that reads may not have shown it. */
  readonly unsettled: ReadonlySet<string>;
  readonly requests: readonly ContactEvent[];
}

/** What somebody who declares contacts must not meet. */
export type Breach = typeof BREACHES[number];
export const BREACHES = [
  'lost', 'missing meanwhile', 'left behind', 'orphaned', 'wrong values', 'touched', 'failed without cause', 'stuck', 'unanswered', 'another id on Delete',
  'other protocol', 'personal data',
] as const;

const NOTHING = undefined;

/**
 * What may be on an account after a deployment. The whole proof rests on this table: deployment.test.ts takes it row by row.
 *
 * | the deployment | declared before | declares     | may be there                                                                |
 * |----------------|-----------------|--------------|-----------------------------------------------------------------------------|
 * | any            | no              | no           | what was there: it is nobody's                                              |
 * | succeeded      | any             | yes          | what is declared                                                            |
 * | succeeded      | the same        | yes          | what is declared; or what was there, since a template without a change is not deployed |
 * | succeeded      | yes             | no           | nothing                                                                     |
 * | succeeded      | yes, retained, or elsewhere too | no | what was there; where the resource means another contact now, its new policy counts |
 * | failed         | yes             | any          | what was declared, or was there                                             |
 * | failed         | no              | yes          | what was there; if something was, also what is declared, because it was taken over |
 * | failed         | no              | yes, retained | what is declared, or was there                                             |
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

/** Compares what is there with what may be there. */
export function breachAt(deployment: Deployment, key: string, is: string | undefined): Breach | undefined {
  const { succeeded, before, after } = deployment;
  const expected = expectedAfter(deployment, key);
  if (expected.includes(is)) { return undefined; }
  if (!before.has(key) && !after.has(key)) { return 'touched'; }
  if (is === NOTHING) { return 'lost'; }
  const isDeclared = (succeeded ? after : before).has(key);
  return isDeclared || !expected.includes(NOTHING) ? 'wrong values' : 'left behind';
}

/** Whether both have the same logical id, in the same stack: the account of one may be a token whose value has changed. */
function isSameResource(one: ContactDeclaration, other: ContactDeclaration): boolean {
  return JSON.stringify(resourceOf(one)) === JSON.stringify(resourceOf(other));
}

/** Whether both reach the template as the same properties of the same resource: the own account named by its id is the own account. */
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
