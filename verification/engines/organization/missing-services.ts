import jsonata from 'jsonata';
import { idsOf, OrganizationSetup, REFUSING } from './organization-setup';
import type { Caller } from '../../../sandbox/core/caller';
import { Clock } from '../../../sandbox/core/clock';
import { HttpReply, HttpRequest, HttpServer, serve } from '../../../sandbox/core/http';
import { ServiceError } from '../../../sandbox/core/service-error';
import { Traffic } from '../../../sandbox/core/traffic';
import { Iam } from '../../../sandbox/iam/service';
import { OrganizationsApi } from '../../../sandbox/organizations/api';
import { Organization } from '../../../sandbox/organizations/organization';
import { OrganizationTree } from '../../../sandbox/organizations/tree';

/** The caller of Organizations. */
const callerIn = (account: string): Caller =>
  ({ account, partition: 'aws', roleName: 'machine', functionName: 'machine', arn: `arn:aws:sts::${account}:assumed-role/machine/sweep` });

/** Step Functions writes the request id into causes. */
const REQUEST_ID = { 'x-amzn-RequestId': '00000000-0000-0000-0000-000000000000' };

/** Moves the accounts of an organization to where the app expects them. */
export function plant(tree: OrganizationTree, { accounts, units }: OrganizationSetup): void {
  for (const [unit, parent] of units) { tree.createOrganizationalUnit(parent, unit); }
  for (const { id, unit, isSuspended } of accounts) {
    if (unit) { tree.moveAccount(id, unit); }
    if (isSuspended) { tree.setState(id, 'SUSPENDED'); }
  }
}

/**
 * Serves on one address what the engines lack: the sandbox's Organizations, because no other returns the Paths of an account; a gate before the
 * account backend, because no other refuses a call; and JSONata, because moto has none.
 */
export class MissingServices {
  readonly tree: OrganizationTree;
  /** Whether the account REFUSING refuses calls. */
  refuses = true;
  private readonly clock = new Clock(1);
  private readonly organizations: OrganizationsApi;
  private readonly caller: Caller;
  private server?: HttpServer;

  /** @param account the address of the account backend */
  constructor(private readonly account: string, organization: OrganizationSetup) {
    const [managementAccount, ...memberAccounts] = idsOf(organization.accounts);
    this.tree = new OrganizationTree(this.clock, new Organization({ managementAccount, memberAccounts }));
    plant(this.tree, organization);
    this.caller = callerIn(this.tree.organization.managementAccount);
    const iam = new Iam(this.clock, 0);
    const managedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    iam.putRole(this.caller.account, this.caller.roleName, { trust: { Statement: [] }, inline: new Map(), managedPolicyArns });
    this.organizations = new OrganizationsApi(new Traffic(this.clock), this.tree, iam, { emptyPageEvery: 1 });
  }

  /** Returns the address. */
  async start(): Promise<string> {
    this.server = await serve(this.clock, request => this.answer(request));
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.server?.close();
    this.clock.close();
  }

  private async answer(request: HttpRequest): Promise<HttpReply> {
    if (request.path === '/jsonata') { return evaluate(request.body); }
    const target = request.headers['x-amz-target'];
    return typeof target === 'string' ? this.askOrganizations(target, request.body) : this.askAccount(request);
  }

  private async askOrganizations(target: string, body: string): Promise<HttpReply> {
    const [, action] = target.split('.');
    try {
      const input = JSON.parse(body) as Record<string, unknown>;
      const answer = await this.organizations.call(action[0].toLowerCase() + action.slice(1), input, this.caller);
      return { status: 200, headers: { ...REQUEST_ID, 'Content-Type': 'application/x-amz-json-1.1' }, body: JSON.stringify(answer) };
    } catch (reason) {
      if (reason instanceof ServiceError) { return failure(reason.name, reason.message, reason.status); }
      throw reason;
    }
  }

  private async askAccount({ path, headers, body }: HttpRequest): Promise<HttpReply> {
    const { AccountId } = JSON.parse(body) as { readonly AccountId?: string };
    if (this.refuses && AccountId === REFUSING) {
      return failure('AccessDeniedException', 'You do not have permission to perform this operation.', 403);
    }
    const { authorization = '', 'content-type': type = 'application/json' } = headers;
    const response = await fetch(`${this.account}${path}`, { method: 'POST', headers: { authorization, 'content-type': type }, body });
    const error = response.headers.get('x-amzn-errortype');
    return { status: response.status, headers: { ...REQUEST_ID, ...error && { 'x-amzn-errortype': error } }, body: await response.text() };
  }
}

function failure(name: string, message: string, status: number): HttpReply {
  return { status, headers: { ...REQUEST_ID, 'x-amzn-errortype': name }, body: JSON.stringify({ __type: name, message }) };
}

/** Answers with the value, or without one if it is undefined. */
async function evaluate(expression: string): Promise<HttpReply> {
  try {
    const value: unknown = await jsonata(expression).evaluate(undefined);
    return { status: 200, body: JSON.stringify({ value }) };
  } catch (reason) {
    return { status: 400, body: (reason as Error).message };
  }
}
