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
  /** How many pages with accounts come before each empty page. On AWS, a page may be empty even if others follow. @default - no empty pages */
  readonly emptyPageEvery?: number;
  /** The request rates. AWS does not document that of ListAccounts, so it is a plausible one. @default 'none' */
  readonly rates?: 'plausible' | 'none';
}

const PAGE = 20;
const RATES = { listAccounts: { rate: 1, burst: 3 }, describeAccount: { rate: 20, burst: 30 } };

const ERRORS: CommonErrors = {
  internal: () => new ServiceError('ServiceException', "AWS Organizations can't complete your request because of an internal service error.", 500),
  throttled: () => new ServiceError(
    'TooManyRequestsException', "AWS Organizations can't complete your request because your account exceeded the request rate limit.", 400,
  ),
};

/** ListAccounts and DescribeAccount of AWS Organizations, as `aws-sdk:organizations` integrations of Step Functions call them. */
export class OrganizationsApi implements Integration {
  readonly service = 'organizations';
  readonly actions = { listAccounts: ['MaxResults', 'NextToken'], describeAccount: ['AccountId'] };
  private readonly buckets: TokenBuckets;

  constructor(
    private readonly traffic: Traffic, private readonly tree: OrganizationTree, private readonly iam: Iam,
    private readonly options: OrganizationsOptions = {},
  ) {
    this.buckets = new TokenBuckets(traffic.clock, options.rates === 'plausible' ? RATES : {}, false);
  }

  call(action: string, input: Record<string, unknown>, caller: Caller): Promise<unknown> {
    const api = `${action[0].toUpperCase()}${action.slice(1)}`;
    const { account, functionName } = caller;
    return this.traffic.call({ api, account, functionName }, ERRORS, () => this.perform(action, api, input, caller));
  }

  private perform(action: string, api: string, input: Record<string, unknown>, caller: Caller): unknown {
    if (!this.buckets.take(this.tree.organization.id, action)) {
      throw ERRORS.throttled();
    }
    const { id, managementAccount } = this.tree.organization;
    // ListAccounts takes no resource.
    const resource = action === 'describeAccount' ? `arn:${caller.partition}:organizations::${managementAccount}:account/${id}/${String(input.AccountId)}` : '*';
    const refusal = this.iam.refusal(caller.account, caller.roleName, `organizations:${api}`, resource, {});
    if (refusal !== undefined) {
      throw new ServiceError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: organizations:${api} ${refusal}`, 400);
    }
    const { organization } = this.tree;
    if (!this.tree.has(caller.account)) {
      throw new ServiceError('AwsOrganizationsNotInUseException', 'Your account is not a member of an organization.', 400);
    }
    const delegated = this.options.delegatedAdministrators ?? [...organization.delegatedAdministrators];
    if (caller.account !== organization.managementAccount && !delegated.includes(caller.account)) {
      throw new ServiceError('AccessDeniedException', 'You don\'t have permissions to access this resource.', 400);
    }
    return action === 'listAccounts' ? this.list(input, caller.partition) : this.describe(input, caller.partition);
  }

  private list({ MaxResults = PAGE, NextToken }: Record<string, unknown>, partition: string): unknown {
    if (!Number.isInteger(MaxResults) || Number(MaxResults) < 1 || Number(MaxResults) > PAGE) {
      throw new ServiceError('InvalidInputException', 'You provided a value that does not match the required pattern.', 400);
    }
    const all = this.tree.accounts();
    // A token holds the last account of the previous page, and the number of pages so far.
    const [after, pages] = typeof NextToken === 'string' ? Buffer.from(NextToken, 'base64').toString().split('/') : ['', '0'];
    if (after !== '' && !this.tree.has(after)) {
      throw new ServiceError('InvalidInputException', 'You provided an invalid token.', 400);
    }
    const start = after === '' ? 0 : all.indexOf(after) + 1;
    const empty = this.options.emptyPageEvery !== undefined && Number(pages) % (this.options.emptyPageEvery + 1) === this.options.emptyPageEvery;
    const page = empty ? [] : all.slice(start, start + Number(MaxResults));
    const last = page.at(-1) ?? after;
    const more = all.indexOf(last) + 1 < all.length;
    return {
      Accounts: page.map(account => this.tree.describe(account, partition)),
      ...more && { NextToken: Buffer.from(`${last}/${Number(pages) + 1}`).toString('base64') },
    };
  }

  private describe({ AccountId }: Record<string, unknown>, partition: string): unknown {
    if (typeof AccountId !== 'string' || !/^\d{12}$/.test(AccountId)) {
      throw new ServiceError('InvalidInputException', 'You provided a value that does not match the required pattern.', 400);
    }
    if (!this.tree.has(AccountId)) {
      throw new ServiceError('AccountNotFoundException', 'You specified an account that doesn\'t exist.', 400);
    }
    return { Account: this.tree.describe(AccountId, partition) };
  }
}
