/*
 * Takes an example app through its life with the real CDK CLI, on engines that this project did not write: ministack is CloudFormation, IAM,
 * Lambda and its logs, and boto3 reads back what is stored.
 *
 *   tsx integration/ministack.ts [moto | sandbox]
 *
 * The argument says who answers the Account Management API: moto, or this project's sandbox, which has AWS's stricter rules.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AccountBackend, BACKENDS } from './account-backends';
import { check, conclude } from './checks';
import { live } from './life';
import { endAll, freePort, serve } from './processes';
import { ExampleStack } from './stack';
import { prepareTools, Tools } from './tools';

/** Starts ministack, whose functions send their Account Management calls to the backend. */
async function startMinistack({ bin, env, directory }: Tools, account: AccountBackend): Promise<string> {
  // What Lambda's runtime ships, and nothing else of the project's packages.
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  symlinkSync(dirname(dirname(require.resolve('@aws-sdk/client-account/package.json'))), join(modules, '@aws-sdk'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await serve('ministack', [join(bin, 'python'), '-m', 'ministack.app'], {
    ...env,
    AUTH: 'true', // functions may do what their roles allow, and no more
    BIND_HOST: '127.0.0.1', // its default is every interface
    IOT_MTLS_ENABLED: '0', // this one would listen on every interface all the same
    SFTP_ENABLED: '0',
    MINISTACK_HOST: '127.0.0.1', // stands in the ResponseURL
    GATEWAY_PORT: String(port),
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_ACCOUNT: account.url,
    NODE_PATH: modules,
  }, `${url}/_ministack/ready`, join(directory, 'ministack.log'));
  return url;
}

/** The addresses at which another machine would reach a server of this one. */
async function exposed(url: string): Promise<string[]> {
  const { port } = new URL(url);
  const addresses = Object.values(networkInterfaces()).flat().flatMap(info => (info && !info.internal ? [info.address] : []));
  const isOpen = (host: string) => new Promise<boolean>(done => {
    const socket = new Socket().setTimeout(2_000);
    const end = (result: boolean) => done(socket.destroy() && result);
    socket.on('connect', () => end(true)).on('error', () => end(false)).on('timeout', () => end(false));
    socket.connect(Number(port), host);
  });
  const open = await Promise.all(addresses.map(isOpen));
  return addresses.filter((_, index) => open[index]);
}

async function main(): Promise<number> {
  const started = Date.now();
  const backend = process.argv[2] ?? 'moto';
  if (!Object.hasOwn(BACKENDS, backend)) throw new Error(`The account backend must be one of ${Object.keys(BACKENDS).join(', ')}; got "${backend}"`);
  process.chdir(join(__dirname, '..'));
  const directory = mkdtempSync(join(tmpdir(), 'integration-'));
  let account: AccountBackend | undefined;
  const stop = async () => {
    await endAll();
    await account?.close();
    rmSync(directory, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().finally(() => process.exit(1)));
  try {
    const tools = await prepareTools(directory);
    account = await BACKENDS[backend](tools);
    const engine = await startMinistack(tools, account);
    check('the servers are reachable from this machine only', [...await exposed(engine), ...await exposed(account.url)], []);
    await live(new ExampleStack(tools, engine, account));
  } catch (error) {
    check('the run comes to its end', String(error), '');
  } finally {
    await stop();
  }
  console.log(`# ${backend}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return conclude();
}

void main().then(code => process.exit(code), error => {
  console.error(String(error));
  process.exit(1);
});
