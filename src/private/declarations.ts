import { createHash } from 'crypto';
import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

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
 */
export function accountOf(stack: Stack, accountId: string | undefined): DeclaredAccount {
  const own: DeclaredAccount = { relation: 'own', key: '' };
  if (accountId === undefined || accountId === stack.account) return own;
  const resolved: unknown = Token.isUnresolved(accountId) ? stack.resolve(accountId) : accountId;
  if (resolved === stack.account) return own;
  if (typeof resolved === 'string') {
    return { relation: Token.isUnresolved(stack.account) ? 'undecided' : 'other', key: resolved };
  }
  const token = JSON.stringify(resolved);
  return token === '{"Ref":"AWS::AccountId"}' ? own : { relation: 'undecided', key: `Token${shortHash(token)}` };
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
  // A token means something in its own stack only. An account that is not known is taken for the same in all stacks.
  if (account.key.startsWith('Token')) return;
  const accountId = account.key || (Token.isUnresolved(stack.account) ? 'the account it is deployed to' : stack.account);
  const elsewhere = remember(contacts, `${accountId}/${alternateContactType}`, construct);
  if (elsewhere) {
    Annotations.of(construct).addWarningV2('cdk-alternate-contact:declaredInTwoStacks',
      `The ${alternateContactType} contact of ${accountId} is declared in another stack too, by ${elsewhere.node.path}. If both are deployed to `
      + 'one account, the last deployment wins, and removing either declaration deletes the contact: keep one, or give the one that goes '
      + 'RemovalPolicy.RETAIN first.');
  }
}

/** Returns who was there before, or remembers the construct. */
function remember(contacts: Map<string, IConstruct>, key: string, construct: IConstruct): IConstruct | undefined {
  const other = contacts.get(key);
  if (!other) contacts.set(key, construct);
  return other;
}
