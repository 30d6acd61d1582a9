import type { Caller, CallerOf } from './caller';
import type { Clock } from './clock';
import { partitionOf, scopeOf, type Service } from './endpoints';
import type { ErrorReply } from './faults';
import { type HttpReply, type HttpRequest, type HttpServer, serve } from './http';

/** How a service names what is wrong with the signature of a request. */
interface SignatureErrors {
  readonly unknownCredentials: string;
  readonly wrongScope: string;
}

/** The API of a service over HTTP, which functions of the sandbox call with the credentials that they were given. */
export abstract class HttpApi {
  private server?: HttpServer;

  constructor(
    protected readonly clock: Clock,
    private readonly service: Service,
    private readonly callerOf: CallerOf,
    private readonly error: ErrorReply,
    private readonly signatureErrors: SignatureErrors,
  ) {}

  /** Returns the URL. */
  async start(): Promise<string> {
    this.server = await serve(this.clock, request => this.answer(request));
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  protected abstract answer(request: HttpRequest): Promise<HttpReply>;

  /** Answers for the caller who signed the request for an endpoint of its partition, or refuses it. */
  protected async asCaller({ headers }: HttpRequest, perform: (caller: Caller, region: string) => Promise<HttpReply>): Promise<HttpReply> {
    const scope = scopeOf(this.service, headers);
    const caller = scope && this.callerOf(headers);
    if (!caller || partitionOf(scope.region) !== caller.partition) {
      return this.error(403, this.signatureErrors.unknownCredentials, 'The security token included in the request is invalid.');
    }
    return scope.trouble ? this.error(403, this.signatureErrors.wrongScope, scope.trouble) : perform(caller, scope.region);
  }
}
