import type { Organization } from './organization';
import type { Clock } from '../core/clock';

type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

/** The retired status of an account. A closed account was SUSPENDED, and one that is not activated yet was ACTIVE. */
export type AccountStatus = 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE';
const STATUS: Record<AccountState, AccountStatus> = {
  PENDING_ACTIVATION: 'ACTIVE', ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED', PENDING_CLOSURE: 'PENDING_CLOSURE', CLOSED: 'SUSPENDED',
};

/** How DescribeAccount and ListAccounts describe an account. The e-mail address of its root user is personal data. */
export interface AccountDescription {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly Email: string;
  readonly Status?: AccountStatus;
  readonly State?: AccountState;
  readonly Paths?: string[];
  readonly JoinedMethod: 'CREATED' | 'INVITED';
  readonly JoinedTimestamp: string;
}

/** An event in the life of an account, as CloudTrail records it. */
export type Happening =
  | { readonly name: 'CreateAccountResult'; readonly succeeded: true; readonly account: string }
  | { readonly name: 'CreateAccountResult'; readonly succeeded: false }
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
  /**
   * Where AccountJoinedOrganization names the account. AWS does not document it. `accountId` and `account.accountId` are in its
   * `serviceEventDetails`, beside the method; `additionalEventData` has both. With `method only` it has no id, with `nowhere` neither. @default 'accountId'
   */
  readonly joinedAccountAt?: 'accountId' | 'account.accountId' | 'additionalEventData' | 'method only' | 'nowhere';
  /**
   * Members that descriptions of accounts leave out. Status was retired on 2026-09-09; State (2025-09-09) and Paths (2026-03-31, of
   * organizational units too) are so new that Step Functions may not return them. @default ['Status']
   */
  readonly omits?: readonly ('Status' | 'State' | 'Paths')[];
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

  /** Lets the creation of an account fail. Its event has no id of an account. */
  failToCreateAccount(): void {
    this.tell({ name: 'CreateAccountResult', succeeded: false });
  }

  /** Lets an existing account join by an invitation. */
  join(account: string): void {
    this.organization.standalone.delete(account);
    this.organization.createAccount(account);
    this.members.set(account, { parent: this.root, state: 'ACTIVE', joinedMethod: 'INVITED', joinedAt: this.clock.now() });
    this.tell({ name: 'AccountJoinedOrganization', account, joinedMethod: 'Invited', at: this.clock.now() });
  }

  /** Moves an account. AWS refuses a move to where the account is already, and CloudTrail records the refusal. */
  moveAccount(account: string, to: string): void {
    this.mustExist(to);
    const from = this.member(account).parent;
    this.member(account).parent = to;
    this.tell({ name: 'MoveAccount', account, from, to, ...from === to && { refused: true } });
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
    const { id } = this.organization;
    const { joinedMethod, joinedAt } = this.member(account);
    const state = this.stateOf(account);
    return {
      Id: account,
      Arn: this.arnOf(account, partition),
      Name: `Account ${account}`,
      Email: `root+${account}@example.org`,
      ...!this.omits('Status') && { Status: STATUS[state] },
      ...!this.omits('State') && { State: state },
      ...!this.omits('Paths') && { Paths: [[id, ...this.ancestors(account), ...this.options.pathsNameTheAccount ?? true ? [account] : [], ''].join('/')] },
      JoinedMethod: joinedMethod,
      JoinedTimestamp: new Date(joinedAt).toISOString(),
    };
  }

  /** The organizational units directly below the root or another unit. */
  isUnitIn(parent: string): (unit: string) => boolean {
    return unit => this.units.get(unit) === parent;
  }

  /** Every organizational unit. */
  allUnits(): string[] {
    return [...this.units.keys()];
  }

  /** Whether this is the root or an organizational unit. */
  isParent(id: string): boolean {
    return id === this.root || this.units.has(id);
  }

  /** Returns the parent of an account or an organizational unit, or undefined if there is no such child. */
  parentOfChild(id: string): string | undefined {
    return this.has(id) ? this.parentOf(id) : this.units.get(id);
  }

  /** The ARN of the root, of a unit or of an account. */
  arnOf(id: string, partition: string): string {
    const kind = id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account';
    return `arn:${partition}:organizations::${this.organization.managementAccount}:${kind}/${this.organization.id}/${id}`;
  }

  /** How ListOrganizationalUnitsForParent describes a unit. */
  describeUnit(unit: string, partition: string): object {
    const path = [this.organization.id];
    for (let id: string | undefined = unit; id !== undefined; id = this.units.get(id)) {
      path.splice(1, 0, id);
    }
    return { Id: unit, Arn: this.arnOf(unit, partition), Name: `Unit ${unit}`, ...!this.omits('Paths') && { Path: `${path.join('/')}/` } };
  }

  private omits(member: 'Status' | 'State' | 'Paths'): boolean {
    return (this.options.omits ?? ['Status']).includes(member);
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
