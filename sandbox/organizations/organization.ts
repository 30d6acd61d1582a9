import type { PolicyDocument } from '../iam/policy';

export interface OrganizationOptions {
  readonly managementAccount: string;
  readonly memberAccounts?: string[];
  /** Accounts that are in no organization. @default [] */
  readonly standaloneAccounts?: string[];
  /** Whether Account Management has trusted access in the organization. @default true */
  readonly trustedAccess?: boolean;
  /** Whether the 403 for missing trusted access says so. Users have seen both messages. @default true */
  readonly explainTrustedAccess?: boolean;
  /** Member accounts that administer Account Management. @default [] */
  readonly delegatedAdministrators?: string[];
  /**
   * For how many seconds nobody can access an account after its creation. The documentation of CreateAccount says: "you might need to wait a few minutes
   * before you can successfully access the account". @default 0
   */
  readonly accessDelaySeconds?: number;
  /** Replaces FullAWSAccess for every member account. It never applies to the management account. @default - everything is allowed */
  readonly serviceControlPolicy?: PolicyDocument;
}

/** The caller may not name the account. The message is the end of the 403, after "... account:<Api>". */
export class MayNotName extends Error {}

/** The accounts: the management account, members, delegated administrators, standalone and suspended accounts. */
export class Organization {
  readonly id = 'o-sandbox0123';
  readonly managementAccount: string;
  readonly members: Set<string>;
  readonly standalone: Set<string>;
  readonly delegatedAdministrators: Set<string>;
  /** May be switched while the sandbox runs. */
  trustedAccess: boolean;
  /** May be changed while the sandbox runs. */
  serviceControlPolicy?: PolicyDocument;
  /** The suspended accounts, closed ones among them. */
  readonly suspended = new Set<string>();

  /** From when on each account that was created can be accessed, in milliseconds. */
  private readonly accessibleFrom = new Map<string, number>();

  constructor(readonly options: OrganizationOptions, private readonly now: () => number = Date.now) {
    this.managementAccount = options.managementAccount;
    this.members = new Set(options.memberAccounts);
    this.standalone = new Set(options.standaloneAccounts);
    this.delegatedAdministrators = new Set(options.delegatedAdministrators);
    this.trustedAccess = options.trustedAccess ?? true;
    this.serviceControlPolicy = options.serviceControlPolicy;
    [this.managementAccount, ...this.members, ...this.standalone].forEach(mustBeAccountId);
  }

  /** Creates a member account, with the given id or an invented one. */
  createAccount(wanted?: string): string {
    const account = wanted ?? String(900000000000 + this.members.size);
    mustBeAccountId(account);
    this.members.add(account);
    this.accessibleFrom.set(account, this.now() + 1000 * (this.options.accessDelaySeconds ?? 0));
    return account;
  }

  /** Closes a member account. It stays a suspended member for 90 days. */
  close(account: string): void {
    this.suspended.add(account);
  }

  /** Lets a member account leave the organization. It is a standalone account afterwards. */
  leave(account: string): void {
    this.members.delete(account);
    this.delegatedAdministrators.delete(account);
    this.standalone.add(account);
  }

  /** Returns the service control policy of an account, if there is one. */
  policyOver(account: string): { arn: string; document: PolicyDocument } | undefined {
    return this.serviceControlPolicy && this.members.has(account)
      ? { arn: `arn:aws:organizations::${this.managementAccount}:policy/${this.id}/service_control_policy/p-sandbox1`, document: this.serviceControlPolicy }
      : undefined;
  }

  /** Returns the resource of a call, as IAM sees it. The ARN depends on whether the call has an AccountId, not on which account it names. */
  resourceArn(partition: string, caller: string, accountId: string | undefined): string {
    return accountId === undefined
      ? `arn:${partition}:account::${caller}:account`
      : `arn:${partition}:account::${this.managementAccount}:account/${this.id}/${accountId}`;
  }

  /**
   * Returns the account that a call is about. Throws MayNotName.
   * Inferred: trusted access is checked first. A standalone account that names any id is refused like an ordinary member. A suspended
   * account can be read, as users have seen, but not changed.
   */
  target(caller: string, accountId: string | undefined, isRead: boolean): string {
    if (accountId === undefined) {
      return caller; // the standalone context, which every account may use
    }
    if (!this.trustedAccess && !this.standalone.has(caller)) {
      throw new MayNotName(this.options.explainTrustedAccess ?? true
        ? ' (Your organization must first enable trusted access with AWS Account Management.)' : '');
    }
    const isManagement = caller === this.managementAccount;
    if (isManagement && accountId === caller) {
      throw new MayNotName(' (The management account can only be managed using the standalone context from the management account.)');
    }
    if ((isManagement || this.delegatedAdministrators.has(caller)) && this.members.has(accountId)
      && (isRead || !this.suspended.has(accountId)) && this.now() >= (this.accessibleFrom.get(accountId) ?? 0)) {
      return accountId;
    }
    // A member that is not an administrator, even for its own id; or any caller, for an account outside the organization, or too soon after its creation.
    throw new MayNotName('');
  }
}

function mustBeAccountId(account: string): void {
  if (!/^\d{12}$/.test(account)) {
    throw new Error(`An account id has 12 digits, got '${account}'`);
  }
}
