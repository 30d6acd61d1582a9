import { CONTACT_TYPES, type ContactStore, type ContactType, type StoredContact, VALUES } from './contacts';
import type { Caller, CallerOf } from '../core/caller';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpApi } from '../core/http-api';
import { accountBuckets, type QuotaOptions, type TokenBuckets } from '../core/quotas';
import { ServiceError } from '../core/service-error';
import { COMMON_ERRORS, type Traffic } from '../core/traffic';
import type { Iam } from '../iam/service';
import { MayNotName, type Organization } from '../organizations/organization';

/**
 * AWS Account Management's alternate contacts: restJson1 over HTTP, as botocore's `account/2021-02-01` describes it.
 *
 * AWS does not document in which order a call is checked. Here the order is: credentials, injected fault, quota, validation, IAM, organization,
 * existence.
 */
export class AccountApi extends HttpApi {
  private readonly buckets: TokenBuckets;

  constructor(
    traffic: Traffic,
    private readonly organization: Organization,
    private readonly contacts: ContactStore,
    private readonly iam: Iam,
    callerOf: CallerOf,
    quotas: QuotaOptions,
  ) {
    super(traffic, 'account', callerOf, { unknownCredentials: 'UnrecognizedClientException', wrongScope: 'InvalidSignatureException' });
    this.buckets = accountBuckets(traffic.clock, quotas);
  }

  /** Answers a call that came over HTTP, or from another service of the sandbox. Throws ServiceError. */
  call(caller: Caller, api: Api, input: Input | undefined): Promise<object | undefined> {
    const accountId = typeof input?.AccountId === 'string' ? input.AccountId : undefined;
    return this.traffic.call({
      api: `${api}AlternateContact`,
      account: caller.account,
      functionName: caller.functionName,
      accountId,
      targetAccount: accountId ?? caller.account,
      contactType: typeof input?.AlternateContactType === 'string' ? input.AlternateContactType : undefined,
    }, COMMON_ERRORS, () => this.perform(caller, api, input, accountId));
  }

  protected async answer(request: HttpRequest): Promise<HttpReply> {
    const api = { '/putAlternateContact': 'Put', '/getAlternateContact': 'Get', '/deleteAlternateContact': 'Delete' }[request.path];
    if (api === undefined || request.method !== 'POST') {
      throw new ServiceError('UnknownOperationException', '', 404);
    }
    const body = await this.call(this.authenticate(request).caller, api as Api, parse(request.body));
    return body ? json(200, body) : { status: 200 };
  }

  /** Names the error in a header, as restJson1 does, and in `__type` for older clients. */
  protected error({ name, message, status, members }: ServiceError): HttpReply {
    return json(status, { __type: name, message, ...members }, { 'x-amzn-errortype': name });
  }

  /** Does everything after the injected faults. It is synchronous, so no call sees another one half done. */
  private perform(caller: Caller, api: Api, input: Input | undefined, accountId: string | undefined): object | undefined {
    if (!this.buckets.take(caller.account, `${api}AlternateContact`)) {
      throw COMMON_ERRORS.throttled();
    }
    if (!input || Object.values(input).some(value => value !== undefined && value !== null && typeof value !== 'string')) {
      throw new ServiceError('SerializationException', 'STRING_VALUE cannot be converted', 400);
    }
    const problems = validate(api, input);
    if (problems.length > 0) {
      const message = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: `
        + problems.map(problem => problem.message).join('; ');
      throw new ServiceError('ValidationException', message, 400, { reason: 'fieldValidationFailed', fieldList: problems });
    }
    const type = input.AlternateContactType as ContactType;
    const account = this.authorize(caller, api, type, accountId);
    if (api === 'Put') {
      this.contacts.put(account, withoutAccount(input), 'api');
      return undefined;
    }
    const contact = api === 'Get' ? this.contacts.read(account, type) : undefined;
    if (!contact && !(api === 'Delete' && this.contacts.delete(account, type, 'api'))) {
      throw new ServiceError('ResourceNotFoundException', 'No contact of the inputted alternate contact type found.', 404);
    }
    return contact && { AlternateContact: { ...contact } };
  }

  /** Finds the account that a call is about. Throws ServiceError if the caller is not allowed to do this to it. */
  private authorize(caller: Caller, api: Api, type: ContactType, accountId: string | undefined): string {
    const action = `account:${api}AlternateContact`;
    const denied = (why: string) => new ServiceError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action}${why}`, 403);
    const refusal = this.iam.refusal(caller.account, caller.roleName, action,
      this.organization.resourceArn(caller.partition, caller.account, accountId), { 'account:AlternateContactTypes': [type] });
    if (refusal) {
      throw denied(` ${refusal}`);
    }
    try {
      return this.organization.target(caller.account, accountId, api === 'Get');
    } catch (reason) {
      throw reason instanceof MayNotName ? denied(reason.message) : reason;
    }
  }
}

export type Api = 'Put' | 'Get' | 'Delete';
type Input = Record<string, string | null | undefined>;

interface Member {
  readonly name: string;
  readonly length?: [number, number];
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}

/**
 * The model's patterns have no anchors, but the framework of the service (Java) matches the whole value, so they are anchored here.
 * `\s` is spelled out, because in Java it means ASCII only. Lengths count code points, as Smithy defines them.
 */
const ACCOUNT_ID: Member = { name: 'AccountId', pattern: /^\d{12}$/ };
const TYPE: Member = { name: 'AlternateContactType', values: CONTACT_TYPES };
const CONTACT: Member[] = [
  { name: 'EmailAddress', length: [1, 254], pattern: /^[ \t\n\v\f\r]*[\w+=.#|!&-]+@[\w.-]+\.[\w]+[ \t\n\v\f\r]*$/ },
  { name: 'Name', length: [1, 64] },
  { name: 'PhoneNumber', length: [1, 25], pattern: /^[ \t\n\v\f\r0-9()+-]+$/ },
  { name: 'Title', length: [1, 50] },
];

function validate(api: Api, input: Input): { name: string; message: string }[] {
  const problems: { name: string; message: string }[] = [];
  for (const member of [ACCOUNT_ID, TYPE, ...(api === 'Put' ? CONTACT : [])]) {
    const value = input[member.name];
    const name = member.name[0].toLowerCase() + member.name.slice(1);
    if (value === undefined || value === null) {
      if (member !== ACCOUNT_ID) {
        problems.push({ name, message: `Value null at '${name}' failed to satisfy constraint: Member must not be null` });
      }
      continue;
    }
    // The message repeats the refused value, which is personal data. The model marks it as sensitive.
    const problem = (constraint: string) => problems.push({ name, message: `Value '${value}' at '${name}' failed to satisfy constraint: ${constraint}` });
    const length = [...value].length;
    if (member.length && length < member.length[0]) {
      problem(`Member must have length greater than or equal to ${member.length[0]}`);
    } else if (member.length && length > member.length[1]) {
      problem(`Member must have length less than or equal to ${member.length[1]}`);
    } else if (member.pattern && !member.pattern.test(value)) {
      problem(`Member must satisfy regular expression pattern: ${member.pattern.source.slice(1, -1)}`);
    } else if (member.values && !member.values.includes(value)) {
      problem(`Member must satisfy enum value set: [${member.values.join(', ')}]`);
    }
  }
  return problems;
}

function withoutAccount(input: Input): StoredContact {
  return Object.fromEntries(['AlternateContactType', ...VALUES].map(name => [name, input[name]])) as unknown as StoredContact;
}

function parse(body: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(body || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Input : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, body: object, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
