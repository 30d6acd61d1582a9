import type { OrganizationTree } from './tree';
import type { Caller } from '../core/caller';
import type { Integration } from '../core/integration';
import { TokenBuckets } from '../core/quotas';
import { ServiceError } from '../core/service-error';
import type { CommonErrors, Traffic } from '../core/traffic';
import type { Iam } from '../iam/service';

export interface OrganizationsOptions {
  /** Members that are delegated administrators of some service. @default - those of Account Management */
  readonly delegatedAdministrators?: string[];
  /** How many pages with items come before each empty page. On AWS, a page may be empty even if others follow. @default - no empty pages */
  readonly emptyPageEvery?: number;
  /** The request rates. AWS does not document those of lists, so they are plausible ones. @default 'none' */
  readonly rates?: 'plausible' | 'none';
}

type Input = Record<string, unknown>;

/** An action of the API: the members of its input, the ARN that IAM checks, and its work. */
interface Action {
  readonly members: string[];
  readonly resource: (input: Input, partition: string) => string;
  readonly perform: (input: Input, partition: string) => unknown;
}

const PAGE = 20;
const PAGING = ['MaxResults', 'NextToken'];
const LIST_RATE = { rate: 1, burst: 3 };
const RATES = {
  listAccounts: LIST_RATE,
  listRoots: LIST_RATE,
  listParents: LIST_RATE,
  listOrganizationalUnitsForParent: LIST_RATE,
  listAccountsForParent: LIST_RATE,
  describeAccount: { rate: 20, burst: 30 },
};
const ERRORS: CommonErrors = {
  internal: () => new ServiceError('ServiceException', "AWS Organizations can't complete your request because of an internal service error.", 500),
  throttled: () => new ServiceError(
    'TooManyRequestsException', "AWS Organizations can't complete your request because your account exceeded the request rate limit.", 400,
  ),
};

/** The accounts and the units of AWS Organizations, as `aws-sdk:organizations` integrations of Step Functions read them. */
export class OrganizationsApi implements Integration {
  readonly service = 'organizations';
  readonly actions: Record<string, string[]>;
  private readonly buckets: TokenBuckets;
  private readonly operations: Record<string, Action> = {
    listAccounts: {
      members: PAGING,
      resource: () => '*',
      perform: (input, partition) => this.accounts(input, partition),
    },
    listAccountsForParent: {
      members: ['ParentId', ...PAGING],
      resource: ({ ParentId }, partition) => this.tree.arnOf(String(ParentId), partition),
      perform: (input, partition) => {
        const parent = this.parent(input);
        return this.accounts(input, partition, account => this.tree.parentOf(account) === parent);
      },
    },
    listOrganizationalUnitsForParent: {
      members: ['ParentId', ...PAGING],
      resource: ({ ParentId }, partition) => this.tree.arnOf(String(ParentId), partition),
      perform: (input, partition) => {
        const [units, next] = this.page(input, this.tree.allUnits(), this.tree.isUnitIn(this.parent(input)));
        return { OrganizationalUnits: units.map(unit => this.tree.describeUnit(unit, partition)), ...next };
      },
    },
    listRoots: {
      members: PAGING,
      resource: () => '*',
      perform: (input, partition) => {
        const [roots, next] = this.page(input, [this.tree.root]);
        return { Roots: roots.map(Id => ({ Id, Arn: this.tree.arnOf(Id, partition), Name: 'Root', PolicyTypes: [] })), ...next };
      },
    },
    listParents: {
      members: ['ChildId', ...PAGING],
      resource: ({ ChildId }, partition) => this.tree.arnOf(String(ChildId), partition),
      perform: input => {
        const parent = this.tree.parentOfChild(String(input.ChildId));
        if (parent === undefined) {
          throw new ServiceError('ChildNotFoundException', 'You specified a child that doesn\'t exist.', 400);
        }
        const [parents, next] = this.page(input, [parent]);
        return { Parents: parents.map(Id => ({ Id, Type: Id === this.tree.root ? 'ROOT' : 'ORGANIZATIONAL_UNIT' })), ...next };
      },
    },
    describeAccount: {
      members: ['AccountId'],
      resource: ({ AccountId }, partition) => this.tree.arnOf(String(AccountId), partition),
      perform: (input, partition) => this.describe(input, partition),
    },
  };

  constructor(
    private readonly traffic: Traffic, private readonly tree: OrganizationTree, private readonly iam: Iam,
    private readonly options: OrganizationsOptions = {},
  ) {
    this.actions = Object.fromEntries(Object.entries(this.operations).map(([name, { members }]) => [name, members]));
    this.buckets = new TokenBuckets(traffic.clock, options.rates === 'plausible' ? RATES : {}, false);
  }

  call(action: string, input: Input, caller: Caller): Promise<unknown> {
    const api = `${action[0].toUpperCase()}${action.slice(1)}`;
    const { account, functionName } = caller;
    return this.traffic.call({ api, account, functionName }, ERRORS, () => this.perform(action, api, input, caller));
  }

  private perform(action: string, api: string, input: Input, caller: Caller): unknown {
    const { organization } = this.tree;
    const { resource, perform } = this.operations[action];
    if (!this.buckets.take(organization.id, action)) {
      throw ERRORS.throttled();
    }
    const refusal = this.iam.refusal(caller.account, caller.roleName, `organizations:${api}`, resource(input, caller.partition), {});
    if (refusal !== undefined) {
      throw new ServiceError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: organizations:${api} ${refusal}`, 400);
    }
    if (!this.tree.has(caller.account)) {
      throw new ServiceError('AwsOrganizationsNotInUseException', 'Your account is not a member of an organization.', 400);
    }
    const delegated = this.options.delegatedAdministrators ?? [...organization.delegatedAdministrators];
    if (caller.account !== organization.managementAccount && !delegated.includes(caller.account)) {
      throw new ServiceError('AccessDeniedException', 'You don\'t have permissions to access this resource.', 400);
    }
    return perform(input, caller.partition);
  }

  private accounts(input: Input, partition: string, belongs?: (account: string) => boolean): unknown {
    const [accounts, next] = this.page(input, this.tree.accounts(), belongs);
    return { Accounts: accounts.map(account => this.tree.describe(account, partition)), ...next };
  }

  /** A page of those ids that belong to a list, and the token for the next one. */
  private page(
    { MaxResults = PAGE, NextToken }: Input, all: string[], belongs: (id: string) => boolean = () => true,
  ): [ids: string[], next: { NextToken?: string }] {
    if (!Number.isInteger(MaxResults) || Number(MaxResults) < 1 || Number(MaxResults) > PAGE) {
      throw new ServiceError('InvalidInputException', 'You provided a value that does not match the required pattern.', 400);
    }
    // A token holds the last id of the previous page, and the number of pages so far.
    const [after, pages] = typeof NextToken === 'string' ? Buffer.from(NextToken, 'base64').toString().split('/') : ['', '0'];
    if (after !== '' && !all.includes(after)) {
      throw new ServiceError('InvalidInputException', 'You provided an invalid token.', 400);
    }
    const rest = all.slice(after === '' ? 0 : all.indexOf(after) + 1).filter(belongs);
    const empty = this.options.emptyPageEvery !== undefined && Number(pages) % (this.options.emptyPageEvery + 1) === this.options.emptyPageEvery;
    const page = empty ? [] : rest.slice(0, Number(MaxResults));
    const last = page.at(-1) ?? after;
    const more = rest.length > page.length;
    return [page, more ? { NextToken: Buffer.from(`${last}/${Number(pages) + 1}`).toString('base64') } : {}];
  }

  private parent({ ParentId }: Input): string {
    if (!this.tree.isParent(String(ParentId))) {
      throw new ServiceError('ParentNotFoundException', 'You specified a root or organizational unit that doesn\'t exist.', 400);
    }
    return String(ParentId);
  }

  private describe({ AccountId }: Input, partition: string): unknown {
    if (typeof AccountId !== 'string' || !/^\d{12}$/.test(AccountId)) {
      throw new ServiceError('InvalidInputException', 'You provided a value that does not match the required pattern.', 400);
    }
    if (!this.tree.has(AccountId)) {
      throw new ServiceError('AccountNotFoundException', 'You specified an account that doesn\'t exist.', 400);
    }
    return { Account: this.tree.describe(AccountId, partition) };
  }
}
