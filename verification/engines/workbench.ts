import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANAGEMENT } from '../../demo/story';
import { pythonPackages, ROOT } from '../tools/packages';
import { endAll, Environment, mustRun, Result, run } from '../tools/processes';

/** The account that the engines deploy to. It is the management account. */
export const OWN_ACCOUNT = MANAGEMENT;

/** The tools of the tests of one file. */
export interface Workbench {
  /** The directory of the virtual environment's programs. */
  readonly bin: string;
  /** The environment of every process. */
  readonly env: Environment;
  /** A directory for logs and the like, which is removed at the end. */
  readonly directory: string;
}

/** Closes what the tests have opened. */
export type Closers = (() => Promise<void>)[];

export async function openWorkbench(region: string): Promise<Workbench> {
  const directory = mkdtempSync(join(tmpdir(), 'engines-'));
  return { bin: await pythonPackages('engines'), env: isolatedEnvironment(directory, region), directory };
}

export async function closeWorkbench({ directory }: Workbench, closers: Closers): Promise<void> {
  await endAll();
  for (const close of closers) { await close(); }
  rmSync(directory, { recursive: true, force: true });
}

/** Without the developer's profile, credentials and proxy: a process that is started here can reach no AWS account. */
function isolatedEnvironment(directory: string, region: string): Environment {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TMPDIR: directory,
    AWS_ACCESS_KEY_ID: OWN_ACCOUNT, // to ministack, a key of 12 digits is the root user of that account
    AWS_SECRET_ACCESS_KEY: 'integration',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: join(directory, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** Runs one of the Python programs of this room. */
export function runPython({ bin }: Workbench, program: string, options: string[], env: Environment): Promise<string> {
  return mustRun([join(bin, 'python'), join(__dirname, program), ...options], { env });
}

/** Runs the CDK CLI on an app. The assembly goes to `cdk.out` in the workbench's directory. */
export function runCdk({ directory }: Workbench, app: string, command: string[], env: Environment): Promise<Result> {
  const bin = (program: string) => join(ROOT, 'node_modules', '.bin', program);
  const options = ['--app', `${bin('tsx')} ${app}`, '--output', join(directory, 'cdk.out'), '--no-color', '--no-notices', '--ci'];
  return run([bin('cdk'), ...command, ...options], {
    cwd: ROOT, env: { ...env, CDK_HOME: directory, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' }, minutes: 3,
  });
}
