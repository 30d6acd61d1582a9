import { Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { type DeclaredAccount, logicalIdPartOf } from './account';
import { claim, claimantOf, registerContact, type RegisteredContact } from '../registry';
import { environmentOf, isDeployedByOthers, rootOf } from '../tree';
import { warn } from '../warnings';

/** A contact of the app: the construct that declares it, what identifies it, and its values. */
export interface DeclaredContact extends RegisteredContact {
  readonly construct: IConstruct;
  readonly account: DeclaredAccount;
}

/**
 * Records that a construct declares a contact.
 *
 * A stack and its nested stacks are one tree. A contact can move between them in one deployment, so there is no reason to declare it twice; with
 * two declarations, the stack that is deployed last would decide the values.
 *
 * @throws Error if another construct of the same tree declares the contact. If a construct of another tree declares it, a warning says so.
 */
export function declareContact(contact: DeclaredContact): void {
  const { construct, account, alternateContactType } = contact;
  const stack = Stack.of(construct);
  const nameInTree = account.kind === 'token' ? account.origin : logicalIdPartOf(account);
  const other = claim(construct, keyInTree(construct, `${nameInTree}/${alternateContactType}`));
  if (other) {
    throw new Error(`${construct.node.path}: the ${alternateContactType} contact of this account is already declared by ${other.node.path}. `
      + 'An account has one contact of each type, so a stack and its nested stacks can declare it only once: remove one of the two. If a condition is to '
      + 'choose between them, declare one contact, and choose its values by Fn.conditionIf().');
  }
  registerContact(construct, contact);
  warnIfDeclaredTwice(contact);
  const compared = comparedAccountOf(stack, account);
  if (!compared) { return; }
  const elsewhere = claim(construct, `${compared.key}/${alternateContactType}`);
  if (elsewhere) {
    warn(construct, 'declaredInTwoStacks',
      `The ${alternateContactType} contact of ${compared.name} is also declared in another stack, by ${elsewhere.node.path}. If both stacks are `
      + `deployed${compared.condition}, the last deployment sets the values, and the stack that stops declaring the contact deletes it. Declare it `
      + 'in one stack only. To keep it while you move it, first deploy it with RemovalPolicy.RETAIN in the stack that it leaves.');
  }
}

/** Warns of a contact that may be declared twice for the stack's account: by omission, and by a token that may have no value. */
function warnIfDeclaredTwice({ construct, account, alternateContactType }: DeclaredContact): void {
  const own = keyInTree(construct, `/${alternateContactType}`);
  const perhapsOwn = keyInTree(construct, `may be own/${alternateContactType}`);
  const mayBeOwn = account.kind === 'token' && account.mayBeOwn;
  if (mayBeOwn) { claim(construct, perhapsOwn); }
  if (!mayBeOwn && account.kind !== 'own') { return; }
  const other = claimantOf(construct, mayBeOwn ? own : perhapsOwn);
  if (other) {
    const [named, omitted] = mayBeOwn ? [construct, other] : [other, construct];
    warn(construct, 'mayBeDeclaredTwice',
      `The accountId of ${named.node.path} may have no value (AWS::NoValue), which means the stack's account. ${omitted.node.path} declares the `
      + `${alternateContactType} contact of that account too: the last one to be deployed sets the values. Declare it once, or make sure that the `
      + 'accountId has a value.');
  }
}

/** How an account is identified where stacks are compared. */
interface ComparedAccount {
  readonly key: string;
  readonly name: string;
  /** The condition under which both stacks mean the same account, for the warning. */
  readonly condition: string;
}

/** Returns undefined for an account that cannot be compared. */
function comparedAccountOf(stack: Stack, account: DeclaredAccount): ComparedAccount | undefined {
  // A token has a meaning only in its own tree of stacks.
  if (account.kind === 'token') { return undefined; }
  const accountId = account.kind === 'literal' ? account.accountId : environmentOf(stack).account;
  if (!Token.isUnresolved(accountId)) { return { key: accountId, name: accountId, condition: '' }; }
  if (isDeployedByOthers(stack)) { return undefined; }
  // All stacks of a stage whose account is unknown are assumed to share one. Different stages are for different environments.
  return { key: Stage.of(stack)?.node.addr ?? '', name: "the stack's account", condition: ' to the same account' };
}

/** Returns a key that no contact of another tree of stacks has. */
function keyInTree(construct: IConstruct, key: string): string {
  return `${rootOf(Stack.of(construct)).node.path}: ${key}`;
}

/** Tells whether `tryRemoveChild()` removed a construct, or one around it. */
export function wasRemoved(construct: IConstruct): boolean {
  return construct.node.scopes.some(one => one.node.scope && one.node.scope.node.tryFindChild(one.node.id) !== one);
}
