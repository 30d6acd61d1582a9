import type { Caller, CallerOf } from './caller';
import { partitionOf, scopeOf, type Service } from './endpoints';
import { type HttpReply, type HttpRequest, type HttpServer, serve } from './http';
import { Dropped, ServiceError } from './service-error';
import type { Traffic } from './traffic';

/** The names of a service's errors about the signature of a request. */
interface SignatureErrors {
  readonly unknownCredentials: string;
  readonly wrongScope: string;
}

/** Something that answers HTTP requests, and words its errors in its own way. */
export abstract class HttpEndpoint {
  private server?: HttpServer;

  constructor(protected readonly traffic: Traffic) {}

  /** Returns the URL. */
  async start(): Promise<string> {
    this.server = await serve(this.traffic.clock, request => this.reply(request));
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  protected get url(): string | undefined {
    return this.server?.url;
  }

  /** Throws ServiceError. */
  protected abstract answer(request: HttpRequest): Promise<HttpReply>;

  protected abstract error(error: ServiceError): HttpReply;

  private async reply(request: HttpRequest): Promise<HttpReply> {
    try {
      return await this.answer(request);
    } catch (reason) {
      if (!(reason instanceof ServiceError)) {
        throw reason;
      }
      return reason instanceof Dropped ? 'drop' : this.error(reason);
    }
  }
}

/** The API of a service over HTTP, which functions of the sandbox call with the credentials that they were given. */
export abstract class HttpApi extends HttpEndpoint {
  constructor(
    traffic: Traffic, private readonly service: Service, private readonly callerOf: CallerOf, private readonly signatureErrors: SignatureErrors,
  ) {
    super(traffic);
  }

  /** Finds who signed a request, and the region that it was sent to. Throws ServiceError unless it was signed for an endpoint of the caller's partition. */
  protected authenticate({ headers }: HttpRequest): { caller: Caller; region: string } {
    const scope = scopeOf(this.service, headers);
    const caller = scope && this.callerOf(headers);
    if (!caller || partitionOf(scope.region) !== caller.partition) {
      throw new ServiceError(this.signatureErrors.unknownCredentials, 'The security token included in the request is invalid.', 403);
    }
    if (scope.trouble !== undefined) {
      throw new ServiceError(this.signatureErrors.wrongScope, scope.trouble, 403);
    }
    return { caller, region: scope.region };
  }
}
