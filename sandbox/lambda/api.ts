import type { InvocationOutcome } from './process';
import type { Lambda } from './service';
import type { Caller } from '../core/caller';
import type { Clock } from '../core/clock';
import { type Call, type Faults, withFault } from '../core/faults';
import type { HttpReply, HttpRequest } from '../core/http';
import { HttpApi } from '../core/http-api';
import type { Iam } from '../iam/service';

/**
 * The part of Lambda's own API that functions call: Invoke, and GetFunction, with which the SDK waits until a function is active.
 * A function is named by its name or its ARN; versions and aliases are not modelled.
 */
export class LambdaApi extends HttpApi {
  constructor(
    clock: Clock, private readonly lambda: Lambda, private readonly iam: Iam, private readonly faults: Faults,
    private readonly calls: Call[],
  ) {
    super(clock, 'lambda', headers => lambda.callerOf(headers), error, {
      unknownCredentials: 'UnrecognizedClientException', wrongScope: 'InvalidSignatureException',
    });
  }

  protected async answer(request: HttpRequest): Promise<HttpReply> {
    const [, encoded, invocations] = /^\/2015-03-31\/functions\/([^/?]+)(\/invocations)?$/.exec(request.path) ?? [];
    if (encoded === undefined || request.method !== (invocations ? 'POST' : 'GET')) {
      return error(404, 'UnknownOperationException', '');
    }
    return this.asCaller(request, (caller, region) => {
      const name = decodeURIComponent(encoded);
      const arn = name.startsWith('arn:') ? name : this.lambda.arnOf(caller.account, region, name);
      return this.call(caller, invocations ? 'Invoke' : 'GetFunction', arn, request);
    });
  }

  private call(caller: Caller, api: string, arn: string, request: HttpRequest): Promise<HttpReply> {
    const call: Call = {
      at: this.clock.now(), api, account: caller.account, functionName: caller.functionName, outcome: 'ok',
    };
    this.calls.push(call);
    return withFault(this.clock, call, this.faults.next(call), 'TooManyRequestsException', error, () => this.perform(call, caller, arn, request));
  }

  private async perform(call: Call, caller: Caller, arn: string, request: HttpRequest): Promise<HttpReply> {
    const fail = (status: number, name: string, message: string): HttpReply => {
      call.outcome = name;
      return error(status, name, message);
    };
    const action = call.api === 'Invoke' ? 'lambda:InvokeFunction' : 'lambda:GetFunction';
    const refusal = this.iam.refusal(caller.account, caller.roleName, action, arn, {});
    if (refusal) {
      return fail(403, 'AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action} ${refusal}`);
    }
    // Another account's function would have to allow the caller in a policy of its own, which is not modelled.
    if (!this.lambda.has(arn) || arn.split(':')[4] !== caller.account) {
      return fail(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
    }
    if (call.api === 'GetFunction') {
      return json(200, { Configuration: { FunctionArn: arn, FunctionName: arn.split(':').at(-1), State: 'Active', LastUpdateStatus: 'Successful' } });
    }
    const event = JSON.parse(request.body || '{}') as object;
    if (request.headers['x-amz-invocation-type'] === 'Event') {
      this.lambda.invokeLater(arn, event);
      return { status: 202 };
    }
    const outcome = await this.lambda.invoke(arn, event);
    return outcome.error?.name === 'TooManyRequestsException' ? fail(429, outcome.error.name, outcome.error.message) : invoked(outcome);
  }
}

/** An error of the function is a successful call of the API: only a header tells it from a result. */
function invoked({ result = null, error: failure }: InvocationOutcome): HttpReply {
  return failure
    ? json(200, { errorType: failure.name, errorMessage: failure.message }, { 'X-Amz-Function-Error': 'Unhandled' })
    : json(200, result);
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function error(status: number, name: string, message: string): HttpReply {
  return json(status, { Type: status < 500 ? 'User' : 'Service', Message: message, message }, { 'x-amzn-errortype': name });
}
