import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_ACCOUNT, REGION } from './shapes';
import { Environment, mustRun } from '../tools/processes';

/** What a run works with. */
export interface Tools {
  /** Where the programs of the virtual environment are. */
  readonly bin: string;
  /** The environment of every process. */
  readonly env: Environment;
  /** For logs and everything else that ends with the run. */
  readonly directory: string;
}

/** Makes the virtual environment with what requirements.txt pins, unless it is there already. */
export async function prepareTools(directory: string): Promise<Tools> {
  const environment = join(__dirname, '.venv');
  const bin = join(environment, 'bin');
  const requirements = join(__dirname, 'requirements.txt');
  const stamp = join(environment, 'requirements.txt');
  const pins = readFileSync(requirements, 'utf8');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== pins) {
    console.log('# creating the Python environment');
    await mustRun(['python3', '-m', 'venv', '--clear', environment]);
    await mustRun([join(bin, 'pip'), 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--requirement', requirements]);
    writeFileSync(stamp, pins);
  }
  return { bin, env: cleanEnvironment(directory), directory };
}

/** Nothing of the developer's own: no profile, no credentials, no proxy. What is started here can reach no AWS account. */
function cleanEnvironment(directory: string): Environment {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TMPDIR: directory,
    AWS_ACCESS_KEY_ID: OWN_ACCOUNT, // to ministack, a key of 12 digits is the root user of that account
    AWS_SECRET_ACCESS_KEY: 'integration',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: join(directory, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
