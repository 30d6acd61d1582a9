import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from './clock';

export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A response, or `'drop'`: the connection is cut instead. */
export type HttpReply = { status: number; headers?: Record<string, string>; body?: string } | 'drop';

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an HTTP server on a free port of the loopback interface. */
export async function serve(clock: Clock, answer: (request: HttpRequest) => Promise<HttpReply>): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('error', () => undefined); // the client went away: nobody waits for a response
    request.on('end', () => {
      void answer({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }).catch((error: Error): HttpReply => ({ status: 500, body: `The sandbox itself failed: ${error.stack}` })).then(reply => {
        if (reply === 'drop') {
          request.socket.destroy();
          return;
        }
        response.sendDate = false;
        response.writeHead(reply.status, {
          ...reply.headers,
          'Date': new Date(clock.now()).toUTCString(),
          'Content-Length': Buffer.byteLength(reply.body ?? ''),
        });
        response.end(reply.body);
      });
    });
  });
  // Keeps idle connections open: closing them would race with clients that are about to reuse them.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>(resolve => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
