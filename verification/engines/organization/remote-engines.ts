import { join } from 'node:path';
import { RemoteEngine } from './engine';
import { MissingServices } from './missing-services';
import { OrganizationSetup, ORGANIZATION } from './organization-setup';
import { freePort, startServer } from '../../tools/processes';
import { BACKENDS } from '../account-backends';
import { startMinistack } from '../ministack';
import { Closers, OWN_ACCOUNT, runCdk, Workbench } from '../workbench';

/** A sweep waits half an hour for an account that refuses: at this scale, 9 seconds. */
const WAIT_SCALE = '0.005';

/** Starts moto: its Step Functions and its Account Management. */
export async function startMotoStates(workbench: Workbench, definition: string, closers: Closers): Promise<RemoteEngine> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const services = new MissingServices(url, ORGANIZATION);
  closers.push(() => services.close());
  const command = [join(workbench.bin, 'python'), join(__dirname, 'on_moto.py'), '--host', '127.0.0.1', '--port', String(port)];
  const env = { ...workbench.env, MOTO_ACCOUNT_ID: OWN_ACCOUNT, MOTO_PORT: String(port), SERVICES_URL: await services.start(), WAIT_SCALE };
  await startServer('moto', command, env, `${url}/moto-api/`, join(workbench.directory, 'moto-states.log'));
  const engine = new RemoteEngine(workbench, url, url, services, ORGANIZATION);
  await engine.create('sweep', definition);
  return engine;
}

/** An app and its organization. */
export interface Example {
  readonly app: string;
  readonly organization: OrganizationSetup;
}

/** Starts ministack, to which the CDK CLI deploys an app. moto is its Account Management. */
export async function startMinistackAndDeploy(workbench: Workbench, { app, organization }: Example, closers: Closers): Promise<RemoteEngine> {
  const account = await BACKENDS.moto(workbench);
  const services = new MissingServices(account.url, organization);
  closers.push(() => services.close());
  const program = join(__dirname, 'on_ministack.py');
  const url = await startMinistack(workbench, account, { program, env: { SERVICES_URL: await services.start(), SFN_WAIT_SCALE: WAIT_SCALE } });
  const command = ['deploy', '--all', '--require-approval', 'never'];
  const { code, output } = await runCdk(workbench, app, command, { ...workbench.env, AWS_ENDPOINT_URL: url });
  if (code !== 0) { throw new Error(`cdk deploy of ${app} ended with ${code}:\n${output}`); }
  const engine = new RemoteEngine(workbench, url, account.url, services, organization);
  await engine.find();
  return engine;
}
