import { randomUUID } from 'node:crypto';
import type { StackReader } from './reader';
import type { Stack } from './stack';
import type { Caller, CallerOf } from '../core/caller';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpApi } from '../core/http-api';
import { ServiceError } from '../core/service-error';
import { COMMON_ERRORS, type CommonErrors, type Traffic } from '../core/traffic';

const PAGE = 100;

/** In the awsQuery protocol a throttled call gets HTTP 400, not 429. */
const ERRORS: CommonErrors = { ...COMMON_ERRORS, throttled: () => new ServiceError('Throttling', 'Rate exceeded', 400) };

/**
 * The part of CloudFormation's API (awsQuery: form in, XML out) that a function may call while its stack is changing:
 * DescribeStacks and ListStackResources.
 */
export class CloudFormationApi extends HttpApi {
  constructor(traffic: Traffic, private readonly stacks: StackReader, callerOf: CallerOf) {
    super(traffic, 'cloudformation', callerOf, { unknownCredentials: 'InvalidClientTokenId', wrongScope: 'SignatureDoesNotMatch' });
  }

  protected answer(request: HttpRequest): Promise<HttpReply> {
    const { caller, region } = this.authenticate(request);
    const form = new URLSearchParams(request.body);
    const api = form.get('Action') ?? '';
    const { account, functionName } = caller;
    return this.traffic.call({ api, account, functionName }, ERRORS, () =>
      this.perform(api, caller, region, this.stacks.find(api, form.get('StackName') ?? undefined, caller, region), form.get('NextToken')));
  }

  protected error({ status, name, message }: ServiceError): HttpReply {
    return xml(status, '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
      + `${tags({ Type: status < 500 ? 'Sender' : 'Receiver', Code: name, Message: message })}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
  }

  private perform(api: string, caller: Caller, region: string, stack: Stack | undefined, token: string | null): HttpReply {
    switch (api) {
      case 'DescribeStacks':
        return page(api, 'Stacks', this.stacks.describable(stack, caller, region).map(stackXml), token);
      case 'ListStackResources':
        if (!stack) {
          throw new ServiceError('ValidationError',
            "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null", 400);
        }
        return page(api, 'StackResourceSummaries', resourcesXml(stack), token);
      default:
        throw new ServiceError('InvalidAction', `Could not find operation ${api} for version 2010-05-15`, 400);
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
 * Describes the resources. One that is being created has no physical id, unless it is a nested stack. A replaced resource has its new id. A
 * resource that the template no longer has is listed until the cleanup has deleted it.
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
