import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { cert, key } from './self-signed';

/*
 * Real connections that fail. The bundled handler runs in a process of its own, because the SDK does not recognize the errors of Node.js as errors inside
 * jest. Without a route, as in a VPC that has no way out, the service does not answer at all.
 */
const OWN = '111111111111';
const FUNCTION = `arn:aws:lambda:us-east-1:${OWN}:function:f`;
/** The function's time in milliseconds, for one attempt of six seconds, of one second, and for many attempts. */
const ONE_ATTEMPT = 16_000;
const ONE_SHORT_ATTEMPT = 10_500;
const MANY_ATTEMPTS = 900_000;
const RUN = `require(${JSON.stringify(join(__dirname, '../../assets/handler.js'))})
  .handler(JSON.parse(process.env.EVENT), { invokedFunctionArn: '${FUNCTION}', getRemainingTimeInMillis: () => Number(process.env.REMAINING) })
  .then(() => process.exit())`;
const servers: Server[] = [];
const sockets: Socket[] = [];
let running = new AbortController();

afterEach(() => {
  // A function that goes on although its test has failed would keep jest running.
  running.abort();
  running = new AbortController();
  sockets.splice(0).forEach(socket => socket.destroy());
  servers.splice(0).forEach(server => server.close());
});

async function portOf(server: Server): Promise<number> {
  servers.push(server.on('connection', socket => sockets.push(socket)));
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const port = await portOf(createServer());
  await new Promise(resolve => { servers.pop()!.close(resolve); });
  return port;
}

/** Delivers an event that first calls one of the two services, at an endpoint, and returns the Reason of the response. */
async function reasonAt(endpoint: string, service: 'ACCOUNT' | 'CLOUDFORMATION', remaining: number): Promise<string> {
  let received = '';
  const responses = await portOf(createHttpServer((request, response) => {
    request.on('data', chunk => { received += String(chunk); }).on('end', () => response.end());
  }));
  const event = {
    RequestType: service === 'ACCOUNT' ? 'Create' : 'Delete',
    ResponseURL: `http://127.0.0.1:${responses}/`,
    StackId: `arn:aws:cloudformation:us-east-1:${OWN}:stack/Stack/1`,
    RequestId: 'request',
    LogicalResourceId: 'Contact',
    PhysicalResourceId: `${OWN}/SECURITY`,
    ResourceProperties: { ServiceToken: FUNCTION, AlternateContactType: 'SECURITY', Name: 'n', Title: 't', EmailAddress: 'e@example.com', PhoneNumber: '1' },
  };
  const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', [`AWS_ENDPOINT_URL_${service}`]: endpoint };
  await promisify(execFile)(process.execPath, ['-e', RUN], {
    env: { ...env, EVENT: JSON.stringify(event), REMAINING: String(remaining) }, signal: running.signal,
  });
  return (JSON.parse(received) as { Reason: string }).Reason;
}

const NOT_FOUND = "The host was not found: check the DNS of the function's VPC and of the VPC endpoint, and that the partition has this service";
const NOT_REACHED = "The host could not be reached: check the function's way out of its VPC (NAT gateway, VPC endpoint, security group) and the proxy, then deploy again";
const NOT_TRUSTED = 'The connection to the host is not trusted: check the proxy or firewall that breaks TLS, and its certificate';

describe.each([
  ['ACCOUNT', 'read the SECURITY contact of account 111111111111'],
  ['CLOUDFORMATION', 'ask CloudFormation whether the contact is still declared'],
] as const)('the Reason of a call to %s', (service, what) => {
  test('names the code and the host of a closed port, and says what to check', async () => {
    expect(await reasonAt(`https://127.0.0.1:${await closedPort()}`, service, ONE_ATTEMPT)).toBe(`Could not ${what}: ECONNREFUSED (127.0.0.1). ${NOT_REACHED}`);
  });

  test('names a host that does not exist', async () => {
    // Without any DNS, the resolver fails instead.
    expect((await reasonAt('https://account.nowhere.invalid', service, ONE_ATTEMPT)).replace('EAI_AGAIN', 'ENOTFOUND'))
      .toBe(`Could not ${what}: ENOTFOUND (account.nowhere.invalid). ${NOT_FOUND}`);
  });

  test('names a host that accepts the connection and says nothing', async () => {
    expect(await reasonAt(`http://127.0.0.1:${await portOf(createServer())}`, service, ONE_SHORT_ATTEMPT)).toBe(`Could not ${what}: AbortError (127.0.0.1). ${NOT_REACHED}`);
  });

  test('names a connection that is cut', async () => {
    const port = await portOf(createServer(socket => { socket.destroy(); }));
    expect(await reasonAt(`http://127.0.0.1:${port}`, service, ONE_ATTEMPT)).toBe(`Could not ${what}: ECONNRESET (127.0.0.1). ${NOT_REACHED}`);
  });

  test('names a certificate that is not trusted, which is not tried again', async () => {
    let connections = 0;
    const port = await portOf(createTlsServer({ key, cert }).on('connection', () => { connections += 1; }));
    expect(await reasonAt(`https://127.0.0.1:${port}`, service, MANY_ATTEMPTS)).toBe(`Could not ${what}: DEPTH_ZERO_SELF_SIGNED_CERT (127.0.0.1). ${NOT_TRUSTED}`);
    expect(connections).toBe(1);
  });

  test('names a host that does not speak TLS', async () => {
    const port = await portOf(createServer(socket => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); }));
    expect(await reasonAt(`https://127.0.0.1:${port}`, service, ONE_ATTEMPT)).toMatch(/: (EPROTO|ERR_SSL_\w+) \(127\.0\.0\.1\)\. The connection to the host is not trusted: /);
  });
});

test('the Reason of a call says that something else answered than AWS, such as the page of a proxy, which is not tried again', async () => {
  let requests = 0;
  const port = await portOf(createHttpServer((_, response) => {
    requests += 1;
    response.writeHead(403, { 'Content-Type': 'text/html' }).end('<html>blocked</html>');
  }));
  expect(await reasonAt(`http://127.0.0.1:${port}`, 'ACCOUNT', MANY_ATTEMPTS))
    .toBe('Could not read the SECURITY contact of account 111111111111: SyntaxError (127.0.0.1). What answered was not AWS: check the proxy');
  expect(requests).toBe(1);
});
