import type { Organization } from './organization';
import type { Clock } from '../core/clock';

type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

/** How DescribeAccount and ListAccounts describe an account. The e-mail address of its root user is personal data. */
export interface AccountDescription {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly Email: string;
  readonly State: AccountState;
  readonly Paths: string[];
  readonly JoinedMethod: 'CREATED' | 'INVITED';
  readonly JoinedTimestamp: string;
}

/** An event in the life of an account, as CloudTrail records it. */
export type Happening =
  | { readonly name: 'CreateAccountResult'; readonly account: string; readonly succeeded: boolean }
  | { readonly name: 'AccountJoinedOrganization'; readonly account: string; readonly joinedMethod: 'Created' | 'Invited'; readonly at: number }
  | { readonly name: 'MoveAccount'; readonly account: string; readonly from: string; readonly to: string; readonly refused?: boolean };

interface Member {
  parent: string;
  state: AccountState;
  readonly joinedMethod: 'CREATED' | 'INVITED';
  readonly joinedAt: number;
}

export interface TreeOptions {
  /** Whether a path ends with the account itself. The pattern in the model allows both. @default true */
  readonly pathsNameTheAccount?: boolean;
  /** Where AccountJoinedOrganization names the account in its `serviceEventDetails`. AWS does not document it. @default 'accountId' */
  readonly joinedAccountAt?: 'accountId' | 'account.accountId' | 'nowhere';
}

/** The root and the organizational units of an organization, and the accounts in them. An account is in the root until it is moved. */
export class OrganizationTree {
  readonly root = 'r-sb01';
  private readonly units = new Map<string, string>();
  private readonly members = new Map<string, Member>();
  private readonly listeners: ((happening: Happening) => void)[] = [];

  constructor(private readonly clock: Clock, readonly organization: Organization, readonly options: TreeOptions = {}) {}

  /** Creates an organizational unit, below the root unless another parent is given. */
  createOrganizationalUnit(parent = this.root, wanted?: string): string {
    const id = wanted ?? `ou-sb01-${String(this.units.size + 1).padStart(8, '0')}`;
    this.mustExist(parent);
    this.units.set(id, parent);
    return id;
  }

  /** Creates an account in the root, as CreateAccount does. It sends two events. */
  createAccount(wanted?: string, state: AccountState = 'ACTIVE'): string {
    const account = this.organization.createAccount(wanted);
    this.members.set(account, { parent: this.root, state, joinedMethod: 'CREATED', joinedAt: this.clock.now() });
    this.tell({ name: 'AccountJoinedOrganization', account, joinedMethod: 'Created', at: this.clock.now() });
    this.tell({ name: 'CreateAccountResult', account, succeeded: true });
    return account;
  }

  /** Lets an existing account join by an invitation. */
  join(account: string): void {
    this.organization.standalone.delete(account);
    this.organization.createAccount(account);
    this.members.set(account, { parent: this.root, state: 'ACTIVE', joinedMethod: 'INVITED', joinedAt: this.clock.now() });
    this.tell({ name: 'AccountJoinedOrganization', account, joinedMethod: 'Invited', at: this.clock.now() });
  }

  moveAccount(account: string, to: string): void {
    this.mustExist(to);
    const from = this.member(account).parent;
    this.member(account).parent = to;
    this.tell({ name: 'MoveAccount', account, from, to });
  }

  /** Moves a unit with everything below it, without an event. AWS has no such API: people create a new unit and move the accounts. */
  moveOrganizationalUnit(unit: string, to: string): void {
    this.mustExist(to);
    this.units.set(unit, to);
  }

  setState(account: string, state: AccountState): void {
    this.member(account).state = state;
    this.organization.suspended[state === 'SUSPENDED' ? 'add' : 'delete'](account);
  }

  /** Returns the root or the unit that the account is in. */
  parentOf(account: string): string {
    return this.member(account).parent;
  }

  /** Returns the root, then the units down to the account's. */
  ancestors(account: string): string[] {
    const path: string[] = [];
    for (let id: string | undefined = this.parentOf(account); id !== undefined; id = this.units.get(id)) {
      path.unshift(id);
    }
    return path;
  }

  stateOf(account: string): AccountState {
    return this.organization.suspended.has(account) ? 'SUSPENDED' : this.member(account).state;
  }

  has(account: string): boolean {
    return account === this.organization.managementAccount || this.organization.members.has(account);
  }

  /** Returns all accounts, the management account first. */
  accounts(): string[] {
    return [this.organization.managementAccount, ...this.organization.members];
  }

  describe(account: string, partition: string): AccountDescription {
    const { id, managementAccount } = this.organization;
    const { joinedMethod, joinedAt } = this.member(account);
    return {
      Id: account,
      Arn: `arn:${partition}:organizations::${managementAccount}:account/${id}/${account}`,
      Name: `Account ${account}`,
      Email: `root+${account}@example.org`,
      State: this.stateOf(account),
      Paths: [[id, ...this.ancestors(account), ...this.options.pathsNameTheAccount ?? true ? [account] : [], ''].join('/')],
      JoinedMethod: joinedMethod,
      JoinedTimestamp: new Date(joinedAt).toISOString(),
    };
  }

  /** Calls back at each event. */
  onHappening(listener: (happening: Happening) => void): void {
    this.listeners.push(listener);
  }

  private tell(happening: Happening): void {
    this.listeners.forEach(listener => listener(happening));
  }

  private member(account: string): Member {
    const known = this.members.get(account);
    if (known) {
      return known;
    }
    if (!this.has(account)) {
      throw new Error(`${account} is not in the organization`);
    }
    const member: Member = { parent: this.root, state: 'ACTIVE', joinedMethod: 'CREATED', joinedAt: this.clock.now() };
    this.members.set(account, member);
    return member;
  }

  private mustExist(parent: string): void {
    if (parent !== this.root && !this.units.has(parent)) {
      throw new Error(`There is no organizational unit ${parent}`);
    }
  }
}
