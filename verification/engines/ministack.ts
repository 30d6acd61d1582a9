import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { AddressInfo, createServer, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import type { AccountBackend } from './account-backends';
import type { Workbench } from './workbench';
import { Environment, freePort, startServer } from '../tools/processes';

export interface MinistackOptions {
  /** A Python program that changes ministack before it starts. @default - ministack as it is */
  readonly program?: string;
  readonly env?: Environment;
}

/** Starts ministack. Its functions send their Account Management calls to the backend. */
export async function startMinistack({ bin, env, directory }: Workbench, account: AccountBackend, options: MinistackOptions = {}): Promise<string> {
  // The SDK, which Lambda's runtime has, and none of the project's other packages.
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  symlinkSync(dirname(dirname(require.resolve('@aws-sdk/client-account/package.json'))), join(modules, '@aws-sdk'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await startServer('ministack', [join(bin, 'python'), ...options.program ? [options.program] : ['-m', 'ministack.app']], {
    ...env,
    AUTH: 'true', // functions may do what their roles allow, and no more
    BIND_HOST: '127.0.0.1', // its default is every interface
    IOT_MTLS_ENABLED: '0', // it would ignore BIND_HOST and listen on every interface
    SFTP_ENABLED: '0',
    MINISTACK_HOST: '127.0.0.1', // the host of the ResponseURL
    GATEWAY_PORT: String(port),
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_ACCOUNT: account.url,
    NODE_PATH: modules,
    ...options.env,
  }, `${url}/_ministack/ready`, join(directory, 'ministack.log'));
  return url;
}

/** The addresses at which another machine reaches this one. */
export function externalAddresses(): string[] {
  return Object.values(networkInterfaces()).flat().flatMap(info => (info && !info.internal ? [info.address] : []));
}

/** Those of the addresses at which it reaches a server of this machine. */
export async function exposed(url: string): Promise<string[]> {
  const { port } = new URL(url);
  const addresses = externalAddresses();
  const isOpen = (host: string) => new Promise<boolean>(done => {
    const socket = new Socket().setTimeout(2_000);
    const end = (result: boolean) => done(socket.destroy() && result);
    socket.on('connect', () => end(true)).on('error', () => end(false)).on('timeout', () => end(false));
    socket.connect(Number(port), host);
  });
  const open = await Promise.all(addresses.map(isOpen));
  return addresses.filter((_, index) => open[index]);
}

/** Opens a server on every interface, which `exposed` must find. */
export async function openServer(): Promise<{ url: string; close(): void }> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
