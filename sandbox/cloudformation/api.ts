import { randomUUID } from 'node:crypto';
import type { StackReader } from './reader';
import type { Stack } from './stack';
import type { Caller, CallerOf } from '../core/caller';
import type { Clock } from '../core/clock';
import { type Call, type Faults, withFault } from '../core/faults';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpApi } from '../core/http-api';
import { ServiceError } from '../core/integration';

const PAGE = 100;

/**
 * The part of CloudFormation's API (awsQuery: form in, XML out) that a function may call while its stack is being changed:
 * DescribeStacks and ListStackResources, each as a role's policies allow it.
 */
export class CloudFormationApi extends HttpApi {
  constructor(
    clock: Clock,
    private readonly stacks: StackReader,
    private readonly faults: Faults,
    private readonly calls: Call[],
    callerOf: CallerOf,
  ) {
    super(clock, 'cloudformation', callerOf, error, { unknownCredentials: 'InvalidClientTokenId', wrongScope: 'SignatureDoesNotMatch' });
  }

  protected answer(request: HttpRequest): Promise<HttpReply> {
    return this.asCaller(request, (caller, region) => this.call(caller, region, new URLSearchParams(request.body)));
  }

  private call(caller: Caller, region: string, form: URLSearchParams): Promise<HttpReply> {
    const call: Call = {
      at: this.clock.now(), api: form.get('Action') ?? '', account: caller.account, functionName: caller.functionName, outcome: 'ok',
    };
    this.calls.push(call);
    return withFault(this.clock, call, this.faults.next(call), 'Throttling',
      (status, name, message) => error(status === 429 ? 400 : status, name, message), // awsQuery throttles with a 400
      () => this.perform(call, caller, region, form));
  }

  private perform(call: Call, caller: Caller, region: string, form: URLSearchParams): HttpReply {
    const fail = (status: number, name: string, message: string): HttpReply => {
      call.outcome = name;
      return error(status, name, message);
    };
    let stack: Stack | undefined;
    try {
      stack = this.stacks.find(call.api, form.get('StackName') ?? undefined, caller, region);
    } catch (reason) {
      if (reason instanceof ServiceError) {
        return fail(reason.status, reason.name, reason.message);
      }
      throw reason;
    }
    switch (call.api) {
      case 'DescribeStacks':
        return page(call.api, 'Stacks', this.stacks.describable(stack, caller, region).map(stackXml), form.get('NextToken'));
      case 'ListStackResources':
        if (!stack) {
          return fail(400, 'ValidationError', "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null");
        }
        return page(call.api, 'StackResourceSummaries', resourcesXml(stack), form.get('NextToken'));
      default:
        return fail(400, 'InvalidAction', `Could not find operation ${call.api} for version 2010-05-15`);
    }
  }
}

function stackXml(stack: Stack): string {
  return tags({
    StackName: stack.name,
    StackId: stack.id,
    CreationTime: new Date(stack.createdAt).toISOString(),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: 'false',
    ParentId: stack.parent?.id,
    RootId: stack.parent && stack.root.id,
  }) + `<Outputs>${Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => member(tags({ OutputKey, OutputValue }))).join('')}</Outputs>`;
}

/**
 * A resource that is being created has no physical id, unless it is a nested stack. A replaced resource has its new one. A resource that the
 * template no longer has is listed until the cleanup has deleted it.
 */
function resourcesXml(stack: Stack): string[] {
  return [...stack.resources.values(), ...stack.leaving].map(state => tags({
    LogicalResourceId: state.logicalId,
    PhysicalResourceId: state.physicalId,
    ResourceType: state.type,
    LastUpdatedTimestamp: new Date(state.updatedAt).toISOString(),
    ResourceStatus: state.status,
    ResourceStatusReason: state.statusReason,
  }));
}

function page(api: string, list: string, members: string[], token: string | null): HttpReply {
  const start = Number(token?.replace('page-', '') ?? 0);
  const next = start + PAGE < members.length ? tags({ NextToken: `page-${start + PAGE}` }) : '';
  const result = `<${list}>${members.slice(start, start + PAGE).map(member).join('')}</${list}>${next}`;
  return xml(200, `<${api}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${api}Result>${result}</${api}Result>`
    + `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${api}Response>`);
}

function error(status: number, name: string, message: string): HttpReply {
  return xml(status, '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
    + `${tags({ Type: status < 500 ? 'Sender' : 'Receiver', Code: name, Message: message })}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
}

function xml(status: number, body: string): HttpReply {
  return { status, headers: { 'Content-Type': 'text/xml' }, body };
}

function member(content: string): string {
  return `<member>${content}</member>`;
}

function tags(values: Record<string, string | undefined>): string {
  return Object.entries(values).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escape(String(value))}</${name}>`).join('');
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
