import type { InvocationOutcome } from './process';
import type { Lambda } from './service';
import type { Caller } from '../core/caller';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpApi } from '../core/http-api';
import { ServiceError } from '../core/service-error';
import { COMMON_ERRORS, type Traffic } from '../core/traffic';
import type { Iam } from '../iam/service';

/**
 * The part of Lambda's API that functions call: Invoke, and GetFunction, with which the SDK waits until a function is active.
 * A call names a function by its name or its ARN. Versions and aliases are not modelled.
 */
export class LambdaApi extends HttpApi {
  constructor(traffic: Traffic, private readonly lambda: Lambda, private readonly iam: Iam) {
    super(traffic, 'lambda', headers => lambda.callerOf(headers), {
      unknownCredentials: 'UnrecognizedClientException', wrongScope: 'InvalidSignatureException',
    });
  }

  protected async answer(request: HttpRequest): Promise<HttpReply> {
    const [, encoded, invocations] = /^\/2015-03-31\/functions\/([^/?]+)(\/invocations)?$/.exec(request.path) ?? [];
    if (encoded === undefined || request.method !== (invocations ? 'POST' : 'GET')) {
      throw new ServiceError('UnknownOperationException', '', 404);
    }
    const { caller, region } = this.authenticate(request);
    const { account, functionName } = caller;
    const name = decodeURIComponent(encoded);
    const arn = name.startsWith('arn:') ? name : this.lambda.arnOf(account, region, name);
    const api = invocations ? 'Invoke' : 'GetFunction';
    return this.traffic.call({ api, account, functionName }, COMMON_ERRORS, () => this.perform(api, caller, arn, request));
  }

  protected error({ status, name, message }: ServiceError): HttpReply {
    return json(status, { Type: status < 500 ? 'User' : 'Service', Message: message, message }, { 'x-amzn-errortype': name });
  }

  private async perform(api: 'Invoke' | 'GetFunction', caller: Caller, arn: string, request: HttpRequest): Promise<HttpReply> {
    const action = api === 'Invoke' ? 'lambda:InvokeFunction' : 'lambda:GetFunction';
    const refusal = this.iam.refusal(caller.account, caller.roleName, action, arn, {});
    if (refusal) {
      throw new ServiceError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action} ${refusal}`, 403);
    }
    // A function of another account would have to allow the caller in its own policy, which is not modelled.
    if (!this.lambda.has(arn) || arn.split(':')[4] !== caller.account) {
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    if (api === 'GetFunction') {
      return json(200, { Configuration: { FunctionArn: arn, FunctionName: arn.split(':').at(-1), State: 'Active', LastUpdateStatus: 'Successful' } });
    }
    const event = JSON.parse(request.body || '{}') as object;
    if (request.headers['x-amz-invocation-type'] === 'Event') {
      this.lambda.invokeLater(arn, event);
      return { status: 202 };
    }
    const outcome = await this.lambda.invoke(arn, event);
    if (outcome.error?.name === 'TooManyRequestsException') {
      throw new ServiceError(outcome.error.name, outcome.error.message, 429);
    }
    return invoked(outcome);
  }
}

/** The response to an invocation. If the function fails, the call succeeds all the same, with an additional header. */
function invoked({ result = null, error: failure }: InvocationOutcome): HttpReply {
  return failure
    ? json(200, { errorType: failure.name, errorMessage: failure.message }, { 'X-Amz-Function-Error': 'Unhandled' })
    : json(200, result);
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
