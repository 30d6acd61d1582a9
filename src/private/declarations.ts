import { createHash } from 'crypto';
import {
  Annotations, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, Stage, StringConcat, Token, Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { unmetRequirement } from './contract';
import { environmentOf, isDeployedByOthers } from './tree';

/** The account of a contact, as far as synthesis knows it. */
export interface DeclaredAccount {
  /** `own`: the account that the stack is deployed to. `undecided`: only the deployment knows whether it is. */
  readonly relation: 'own' | 'other' | 'undecided';
  /** What tells this account from the others in the stack: empty for the own one, the digits, or a hash of the token. */
  readonly key: string;
}

/**
 * Tells which account is meant. The own account comes out the same whether it was omitted, named by its digits or by `AWS::AccountId`,
 * so that going from one to the other changes nothing in the template.
 *
 * @throws Error if the account id is a token that has no value yet, or one that is no account id
 */
export function accountOf(construct: IConstruct, accountId: string | undefined): DeclaredAccount {
  const stack = Stack.of(construct);
  const stackAccount = environmentOf(stack).account;
  const own: DeclaredAccount = { relation: 'own', key: '' };
  if (accountId === undefined || accountId === stackAccount) return own;
  if (!Token.isUnresolved(accountId)) return digitsOf(stackAccount, accountId);

  const resolved: unknown = stack.resolve(accountId);
  if (resolved === undefined || resolved === null) {
    throw new Error(`${construct.node.path}: accountId must be known when the contact is constructed, because it identifies the contact; got a `
      + 'lazy value that is not set yet. Construct the contact after the value is set, or pass the value itself.');
  }
  if (typeof resolved === 'string') {
    const rule = unmetRequirement('AccountId', resolved);
    if (rule) throw new Error(`${construct.node.path}: accountId must be ${rule}; got a lazy value that is "${resolved}"`);
    return resolved === stackAccount ? own : digitsOf(stackAccount, resolved);
  }
  const token = JSON.stringify(resolved);
  if (token === '{"Ref":"AWS::AccountId"}') return own;
  return { relation: 'undecided', key: `Token${shortHash([token, ...producersOf(stack, accountId)].join())}` };
}

function digitsOf(stackAccount: string, digits: string): DeclaredAccount {
  return { relation: Token.isUnresolved(stackAccount) ? 'undecided' : 'other', key: digits };
}

/** Returns the other stacks that a token refers to. Two stacks of one class produce tokens that look the same. */
function producersOf(consumer: Stack, value: string): string[] {
  const resolver = new ReferenceCollector();
  Tokenization.resolve(value, { scope: consumer, resolver });
  const producers = resolver.references.map(({ target }) => Stack.of(target)).filter(producer => producer !== consumer);
  return producers.map(producer => producer.node.path);
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly references: Reference[] = [];

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) this.references.push(token);
    return super.resolveToken(token, context, postProcessor);
  }
}

/** Eight hexadecimal digits for what has no short name of its own in a logical id. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}

/** The contacts declared so far, by app and by what they mean. It holds no app in memory. */
const declared = new WeakMap<IConstruct, Map<string, IConstruct>>();

/**
 * Notes that a construct declares a contact.
 *
 * @throws Error if another construct of the same stack declares it too; if one of another stack does, it warns
 */
export function declareContact(construct: IConstruct, account: DeclaredAccount, alternateContactType: string): void {
  const stack = Stack.of(construct);
  const { root } = construct.node;
  const contacts = declared.get(root) ?? new Map<string, IConstruct>();
  declared.set(root, contacts);

  const other = remember(contacts, `${stack.node.addr}/${account.key}/${alternateContactType}`, construct);
  if (other) {
    throw new Error(`${construct.node.path}: the ${alternateContactType} contact of this account is declared already, by `
      + `${other.node.path}. An account has one contact of each type: remove one of the two.`);
  }
  const accountName = accountNameOf(stack, account);
  if (accountName === undefined) return;
  const elsewhere = remember(contacts, `${accountName.key}/${alternateContactType}`, construct);
  if (elsewhere) {
    Annotations.of(construct).addWarningV2('cdk-alternate-contact:declaredInTwoStacks',
      `The ${alternateContactType} contact of ${accountName.text} is declared in another stack too, by ${elsewhere.node.path}. If both are deployed `
      + 'to one account, the last deployment wins, and removing either declaration deletes the contact: keep one, or give the one that goes '
      + 'RemovalPolicy.RETAIN first.');
  }
}

/** What an account is called where stacks are compared; undefined if it can't be compared. */
function accountNameOf(stack: Stack, account: DeclaredAccount): { readonly key: string; readonly text: string } | undefined {
  // A token means something in its own stack only.
  if (account.key.startsWith('Token')) return undefined;
  const digits = account.key || environmentOf(stack).account;
  if (!Token.isUnresolved(digits)) return { key: digits, text: digits };
  if (isDeployedByOthers(stack)) return undefined;
  // An account that is not known is taken for the same in all stacks of a stage. Stages are for different environments.
  return { key: Stage.of(stack)?.node.addr ?? '', text: 'the account it is deployed to' };
}

/** Returns who was there before and still is, or remembers the construct. */
function remember(contacts: Map<string, IConstruct>, key: string, construct: IConstruct): IConstruct | undefined {
  const other = contacts.get(key);
  if (other && isInTree(other)) return other;
  contacts.set(key, construct);
  return undefined;
}

/** A construct is out of the tree when it, or a construct around it, was removed by `tryRemoveChild()`. */
function isInTree(construct: IConstruct): boolean {
  return construct.node.scopes.every(one => !one.node.scope || one.node.scope.node.tryFindChild(one.node.id) === one);
}
