import { CONTACT_TYPES, type ContactStore, type ContactType, type StoredContact } from './contacts';
import type { Caller, CallerOf } from '../core/caller';
import type { Clock } from '../core/clock';
import { type Call, type ErrorReply, type Faults, withFault } from '../core/faults';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpApi } from '../core/http-api';
import { accountBuckets, type QuotaOptions, type TokenBuckets } from '../core/quotas';
import type { Iam } from '../iam/service';
import { MayNotName, type Organization } from '../organizations/organization';

/**
 * AWS Account Management's alternate contacts: restJson1 over HTTP, as botocore's `account/2021-02-01` describes it.
 *
 * AWS does not document the order in which a call can fail. Here it is: credentials, injected fault, quota, validation, IAM,
 * organization, existence.
 */
export class AccountApi extends HttpApi {
  private readonly buckets: TokenBuckets;

  constructor(
    clock: Clock,
    private readonly organization: Organization,
    private readonly contacts: ContactStore,
    private readonly iam: Iam,
    private readonly faults: Faults,
    private readonly calls: Call[],
    callerOf: CallerOf,
    quotas: QuotaOptions,
  ) {
    super(clock, 'account', callerOf, error, { unknownCredentials: 'UnrecognizedClientException', wrongScope: 'InvalidSignatureException' });
    this.buckets = accountBuckets(clock, quotas);
  }

  protected async answer(request: HttpRequest): Promise<HttpReply> {
    const api = { '/putAlternateContact': 'Put', '/getAlternateContact': 'Get', '/deleteAlternateContact': 'Delete' }[request.path];
    if (api === undefined || request.method !== 'POST') {
      return error(404, 'UnknownOperationException', '');
    }
    return this.asCaller(request, caller => this.call(caller, api as Api, parse(request.body)));
  }

  /** A call that has reached the service: over HTTP, or from another service of the sandbox. */
  async call(caller: Caller, api: Api, input: Input | undefined): Promise<HttpReply> {
    const call: Call = {
      at: this.clock.now(),
      api: `${api}AlternateContact`,
      account: caller.account,
      functionName: caller.functionName,
      accountId: typeof input?.AccountId === 'string' ? input.AccountId : undefined,
      targetAccount: typeof input?.AccountId === 'string' ? input.AccountId : caller.account,
      contactType: typeof input?.AlternateContactType === 'string' ? input.AlternateContactType : undefined,
      outcome: 'ok',
    };
    this.calls.push(call);
    return withFault(this.clock, call, this.faults.next(call), 'TooManyRequestsException', error,
      () => this.perform(call, caller, api, input));
  }

  /** Everything after the injected faults: synchronous, so that two calls never see each other half done. */
  private perform(call: Call, caller: Caller, api: Api, input: Input | undefined): HttpReply {
    const fail = (status: number, name: string, message: string, more?: object): HttpReply => {
      call.outcome = name;
      return error(status, name, message, more);
    };
    if (!this.buckets.take(this.organization.quotaHolder(caller.account), call.api)) {
      return fail(429, 'TooManyRequestsException', 'Rate exceeded');
    }
    if (!input || Object.values(input).some(value => value !== undefined && value !== null && typeof value !== 'string')) {
      return fail(400, 'SerializationException', 'STRING_VALUE cannot be converted');
    }
    const problems = validate(api, input);
    if (problems.length > 0) {
      const message = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: `
        + problems.map(problem => problem.message).join('; ');
      return fail(400, 'ValidationException', message, { reason: 'fieldValidationFailed', fieldList: problems });
    }

    const action = `account:${call.api}`;
    const denied = (why: string) => fail(403, 'AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action}${why}`);
    const type = input.AlternateContactType as ContactType;
    const refusal = this.iam.refusal(caller.account, caller.roleName, action,
      this.organization.resourceArn(caller.partition, caller.account, call.accountId), { 'account:AlternateContactTypes': [type] });
    if (refusal) {
      return denied(` ${refusal}`);
    }
    let account: string;
    try {
      account = this.organization.target(caller.account, call.accountId, api === 'Get');
    } catch (reason) {
      if (reason instanceof MayNotName) {
        return denied(reason.message);
      }
      throw reason;
    }

    switch (api) {
      case 'Put':
        this.contacts.put(account, withoutAccount(input), 'api');
        return { status: 200 };
      case 'Delete':
        return this.contacts.delete(account, type, 'api')
          ? { status: 200 }
          : fail(404, 'ResourceNotFoundException', 'No contact of the inputted alternate contact type found.');
      case 'Get': {
        const contact = this.contacts.read(account, type);
        return contact
          ? { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ AlternateContact: contact }) }
          : fail(404, 'ResourceNotFoundException', 'No contact of the inputted alternate contact type found.');
      }
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
 * The model's patterns carry no anchors, but the service's framework (Java) matches the whole value, so they are anchored here.
 * `\s` is spelt out because Java's knows ASCII only. Lengths count code points, as Smithy defines them.
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
    // The message repeats the refused value: it is personal data, and the model marks it as sensitive.
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
  const { EmailAddress, Name, PhoneNumber, Title, AlternateContactType } = input as unknown as StoredContact;
  return { AlternateContactType, EmailAddress, Name, PhoneNumber, Title };
}

function parse(body: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(body || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Input : undefined;
  } catch {
    return undefined;
  }
}

/** restJson1 names the error in a header; older clients read `__type`. */
const error = (status: number, name: string, message: string, more?: object): HttpReply => ({
  status,
  headers: { 'Content-Type': 'application/json', 'x-amzn-errortype': name },
  body: JSON.stringify({ __type: name, message, ...more }),
});
error satisfies ErrorReply;
