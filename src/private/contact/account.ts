import { createHash } from 'node:crypto';
import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { unmetRequirement } from '../contract';
import { environmentOf } from '../tree';
import { describe, isKnownLater } from '../validation';

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
  /** What the token resolves to, and the stacks that it comes from. In all stacks of a tree, the same account has the same origin. */
  readonly origin: string;
  /** Whether it may resolve to `AWS::NoValue`, which means the stack's account. */
  readonly mayBeOwn: boolean;
}

const NO_VALUE = '{"Ref":"AWS::NoValue"}';

/**
 * Returns the account that a contact names. The stack's account is the same whether it is omitted, named by its id or named by `AWS::AccountId`, so
 * changing one into another changes nothing in the template.
 *
 * @throws Error if the account id is a token that has no value yet, or a token whose value is not an account id
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
    if (requirement) { throw new Error(`${construct.node.path}: accountId must be ${requirement}; got a lazy value that is ${describe(resolved)}`); }
    return literalAccount(stackAccount, resolved);
  }
  const token = JSON.stringify(resolved);
  if (token === '{"Ref":"AWS::AccountId"}' || token === NO_VALUE) { return { kind: 'own' }; }
  // A text means the same account in all stacks of a tree. Anything else refers to a resource or a parameter of some stack.
  const producers = producersOf(stack, accountId);
  const isText = typeof resolved === 'string';
  return {
    kind: 'token',
    accountId,
    hash: shortHash([token, ...producers].join()),
    origin: [token, ...isText || producers.length > 0 ? producers : [stack.node.path]].join(),
    mayBeOwn: token.includes(NO_VALUE),
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

/** Returns eight hexadecimal digits that stand for a text in a logical id. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}

/** Returns the other stacks that a token refers to. Two stacks of one class produce tokens that look the same. */
function producersOf(consumer: Stack, value: string): string[] {
  return stacksReferredTo(consumer, value).filter(producer => producer !== consumer).map(producer => producer.node.path);
}

/** Returns the stack of each resource that a token refers to. */
export function stacksReferredTo(consumer: Stack, value: string): Stack[] {
  return referencesIn(consumer, value).map(({ target }) => Stack.of(target));
}

/** Returns the references that a token resolves to. */
export function referencesIn(consumer: Stack, value: string): Reference[] {
  const resolver = new ReferenceCollector();
  Tokenization.resolve(value, { scope: consumer, resolver });
  return resolver.references;
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
