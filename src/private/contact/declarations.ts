import { createHash } from 'node:crypto';
import {
  DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, Stage, StringConcat, Token, Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { type ContactDetails, type ContactType, unmetRequirement } from '../contract';
import { environmentOf, isDeployedByOthers, rootOf } from '../tree';
import { isKnownLater } from '../validation';
import { warn } from '../warnings';

/** A contact of the app: the construct that declares it, what identifies it, and its values. */
export interface DeclaredContact {
  readonly construct: IConstruct;
  readonly account: DeclaredAccount;
  /** The id of the account: a literal or a token. */
  readonly accountId: string;
  readonly alternateContactType: ContactType;
  readonly details: ContactDetails;
}

/** Where a construct keeps what it declares. Unlike `instanceof`, it also tells the contacts of another copy of the library. */
const DECLARED = Symbol.for('cdk-alternate-contact.DeclaredContact');

/** Returns what a construct declares, or undefined if it is not a contact. */
export function declaredContactOf(construct: IConstruct): DeclaredContact | undefined {
  return (construct as { readonly [DECLARED]?: DeclaredContact })[DECLARED];
}

/** The account of a contact, as far as synthesis knows it. */
export type DeclaredAccount = OwnAccount | LiteralAccount | TokenAccount;

/** The account that the stack is deployed to. */
interface OwnAccount {
  readonly kind: 'own';
}

/** An account that synthesis knows by its id. */
interface LiteralAccount {
  readonly kind: 'literal';
  readonly accountId: string;
  /** Whether it may be the account that the stack is deployed to, because synthesis does not know that one. */
  readonly mayBeOwn: boolean;
}

/** An account that only the deployment knows: a token, a dynamic reference, or a lookup that is not done yet. */
interface TokenAccount {
  readonly kind: 'token';
  readonly accountId: string;
  /** Eight hexadecimal digits that tell the token from the others of its stack. */
  readonly hash: string;
  /** What the token resolves to, with the stacks that it comes from: the same for the same account, in all stacks of a tree. */
  readonly origin: string;
}

/**
 * Returns the account that is meant. The stack's account comes out the same whether it was omitted, named by its id or by `AWS::AccountId`,
 * so that going from one to the other changes nothing in the template.
 *
 * @throws Error if the account id is a token that has no value yet, or one whose value is no account id
 */
export function accountOf(construct: IConstruct, accountId: string | undefined): DeclaredAccount {
  const stack = Stack.of(construct);
  const stackAccount = environmentOf(stack).account;
  if (accountId === undefined) { return { kind: 'own' }; }
  if (!isKnownLater(accountId)) { return literalAccount(stackAccount, accountId); }

  const resolved: unknown = stack.resolve(accountId);
  if (resolved === undefined || resolved === null) {
    throw new Error(`${construct.node.path}: accountId must be known when the contact is constructed, because it identifies the contact; got a `
      + 'lazy value that is not set yet. Construct the contact after the value is set, or pass the value itself.');
  }
  if (typeof resolved === 'string' && !isKnownLater(resolved)) {
    const requirement = unmetRequirement('AccountId', resolved);
    if (requirement) { throw new Error(`${construct.node.path}: accountId must be ${requirement}; got a lazy value that is "${resolved}"`); }
    return literalAccount(stackAccount, resolved);
  }
  const token = JSON.stringify(resolved);
  if (token === '{"Ref":"AWS::AccountId"}') { return { kind: 'own' }; }
  // A text means the same account in all stacks of a tree. Anything else refers to a resource or a parameter of some stack.
  const producers = producersOf(stack, accountId);
  const isText = typeof resolved === 'string';
  return {
    kind: 'token',
    accountId,
    hash: shortHash([token, ...producers].join()),
    origin: [token, ...isText || producers.length > 0 ? producers : [stack.node.path]].join(),
  };
}

function literalAccount(stackAccount: string, accountId: string): OwnAccount | LiteralAccount {
  return accountId === stackAccount ? { kind: 'own' } : { kind: 'literal', accountId, mayBeOwn: Token.isUnresolved(stackAccount) };
}

/** Returns the part of a logical id that tells the account from the others of its stack. It must never change: a new logical id is a new resource. */
export function logicalIdPartOf(account: DeclaredAccount): string {
  switch (account.kind) {
    case 'own': return '';
    case 'literal': return account.accountId;
    case 'token': return `Token${account.hash}`;
  }
}

/** Returns the other stacks that a token refers to. Two stacks of one class produce tokens that look the same. */
function producersOf(consumer: Stack, value: string): string[] {
  return stacksReferredTo(consumer, value).filter(producer => producer !== consumer).map(producer => producer.node.path);
}

/** Returns the stack of each resource that a token refers to. */
export function stacksReferredTo(consumer: Stack, value: string): Stack[] {
  const resolver = new ReferenceCollector();
  Tokenization.resolve(value, { scope: consumer, resolver });
  return resolver.references.map(({ target }) => Stack.of(target));
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly references: Reference[] = [];

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) { this.references.push(token); }
    return super.resolveToken(token, context, postProcessor);
  }
}

/** Returns eight hexadecimal digits for what has no short name of its own in a logical id. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}

/** The constructs that declare a contact, by the tree of stacks or the app that they are in, then by the contact. It keeps no app in memory. */
const declared = new WeakMap<IConstruct, Map<string, IConstruct>>();

/**
 * Records that a construct declares a contact.
 *
 * A stack and its nested stacks are one tree. A contact can move between them in one deployment, so there is no reason to declare it twice; with
 * two declarations, the values of the last one to be deployed would count.
 *
 * @throws Error if another construct of the same tree declares it too; if one of another tree does, it warns
 */
export function declareContact(contact: DeclaredContact): void {
  const { construct, account, alternateContactType } = contact;
  const stack = Stack.of(construct);
  const nameInTree = account.kind === 'token' ? account.origin : logicalIdPartOf(account);
  const other = record(rootOf(stack), `${nameInTree}/${alternateContactType}`, construct);
  if (other) {
    throw new Error(`${construct.node.path}: the ${alternateContactType} contact of this account is already declared by ${other.node.path}. `
      + 'An account has one contact of each type, so a stack and its nested stacks can declare it only once: remove one of the two.');
  }
  Object.defineProperty(construct, DECLARED, { value: contact });
  const compared = comparedAccountOf(stack, account);
  if (!compared) { return; }
  const elsewhere = record(construct.node.root, `${compared.key}/${alternateContactType}`, construct);
  if (elsewhere) {
    warn(construct, 'declaredInTwoStacks',
      `The ${alternateContactType} contact of ${compared.name} is also declared in another stack, by ${elsewhere.node.path}. If both stacks are `
      + `deployed${compared.condition}, the last deployment sets the values, and the stack that stops declaring the contact deletes it. Declare it `
      + 'in one stack only. To keep it while you move it, first deploy it with RemovalPolicy.RETAIN in the stack that it leaves.');
  }
}

/** What an account is called where stacks are compared. */
interface ComparedAccount {
  readonly key: string;
  readonly name: string;
  /** What makes it the same account in both stacks. */
  readonly condition: string;
}

/** Returns undefined for an account that cannot be compared. */
function comparedAccountOf(stack: Stack, account: DeclaredAccount): ComparedAccount | undefined {
  // A token means something in its own tree of stacks only.
  if (account.kind === 'token') { return undefined; }
  const accountId = account.kind === 'literal' ? account.accountId : environmentOf(stack).account;
  if (!Token.isUnresolved(accountId)) { return { key: accountId, name: accountId, condition: '' }; }
  if (isDeployedByOthers(stack)) { return undefined; }
  // All stacks of a stage whose account is unknown are taken to have the same one. Different stages are for different environments.
  return { key: Stage.of(stack)?.node.addr ?? '', name: "the stack's account", condition: ' to the same account' };
}

/** Records a construct, unless another one is recorded and still there: then it returns that one. */
function record(scope: IConstruct, key: string, construct: IConstruct): IConstruct | undefined {
  const constructs = declared.get(scope) ?? new Map<string, IConstruct>();
  declared.set(scope, constructs);
  const other = constructs.get(key);
  if (other && !wasRemoved(other)) { return other; }
  constructs.set(key, construct);
  return undefined;
}

/** Tells whether a construct, or one around it, was removed by `tryRemoveChild()`. */
export function wasRemoved(construct: IConstruct): boolean {
  return construct.node.scopes.some(one => one.node.scope && one.node.scope.node.tryFindChild(one.node.id) !== one);
}
