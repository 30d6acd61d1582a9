import { join } from 'node:path';
import { BUILD } from './build';
import { Environment, mustRun } from '../tools/processes';

export interface ChildOptions {
  readonly nodeOptions?: string[];
  readonly env?: Environment;
}

export interface Ended<T> {
  readonly result: T;
  /** From the start of the process to its end. */
  readonly wallMs: number;
}

/** Nothing of the developer's settings, but for what Node.js needs. */
const ENVIRONMENT: Environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Runs one of the compiled files in a fresh Node.js process, and returns what its last line of output says. */
export async function runChild<T>(file: string, args: string[], { nodeOptions = [], env = {} }: ChildOptions = {}): Promise<Ended<T>> {
  const command = [process.execPath, ...nodeOptions, join(BUILD, 'verification', 'benchmarks', file), ...args];
  const begun = performance.now();
  const stdout = await mustRun(command, { env: { ...ENVIRONMENT, ...env } });
  const wallMs = performance.now() - begun;
  return { result: JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T, wallMs };
}
