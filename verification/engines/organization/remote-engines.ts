import { join } from 'node:path';
import { RemoteEngine } from './engine';
import { Services } from './services';
import { World, WORLD } from './world';
import { freePort, serve } from '../../tools/processes';
import { BACKENDS } from '../account-backends';
import { startMinistack } from '../ministack';
import { Closers, OWN_ACCOUNT, runCdk, Tools } from '../tools';

/** Half an hour of waits for an account that refuses takes 9 seconds. */
const WAIT_SCALE = '0.005';

/** moto's Step Functions, and its Account Management. */
export async function startMoto(tools: Tools, definition: string, closers: Closers): Promise<RemoteEngine> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const services = new Services(url, WORLD);
  closers.push(() => services.close());
  const command = [join(tools.bin, 'python'), join(__dirname, 'on_moto.py'), '--host', '127.0.0.1', '--port', String(port)];
  const env = { ...tools.env, MOTO_ACCOUNT_ID: OWN_ACCOUNT, MOTO_PORT: String(port), SERVICES_URL: await services.start(), WAIT_SCALE };
  await serve('moto', command, env, `${url}/moto-api/`, join(tools.directory, 'moto-states.log'));
  const engine = new RemoteEngine(tools, url, url, services, WORLD);
  await engine.create('sweep', definition);
  return engine;
}

/** An app, and the organization that it is for. */
export interface Example {
  readonly app: string;
  readonly world: World;
}

/** ministack, to which the CDK CLI deploys an app. moto is its Account Management. */
export async function startMinistackAndDeploy(tools: Tools, { app, world }: Example, closers: Closers): Promise<RemoteEngine> {
  const account = await BACKENDS.moto(tools);
  const services = new Services(account.url, world);
  closers.push(() => services.close());
  const program = join(__dirname, 'on_ministack.py');
  const url = await startMinistack(tools, account, { program, env: { SERVICES_URL: await services.start(), SFN_WAIT_SCALE: WAIT_SCALE } });
  const { code, output } = await runCdk(tools, app, ['deploy', '--all', '--require-approval', 'never'], { ...tools.env, AWS_ENDPOINT_URL: url });
  if (code !== 0) { throw new Error(`cdk deploy of ${app} ended with ${code}:\n${output}`); }
  const engine = new RemoteEngine(tools, url, account.url, services, world);
  await engine.find();
  return engine;
}
