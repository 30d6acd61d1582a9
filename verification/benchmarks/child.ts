import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { BUILD } from './build';

export interface ChildOptions {
  readonly nodeOptions?: string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface Ended<T> {
  readonly result: T;
  /** From the start of the process to its end. */
  readonly wallMs: number;
}

/** Nothing of the developer's settings, but for what Node.js needs. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  CDK_VALIDATION: 'false',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Runs one of the compiled files in a fresh Node.js process, and returns what its last line of output says. */
export function runChild<T>(file: string, args: string[], { nodeOptions = [], env = {} }: ChildOptions = {}): Promise<Ended<T>> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, [...nodeOptions, join(BUILD, 'verification', 'benchmarks', file), ...args], {
      env: { ...ENVIRONMENT, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => { output.stdout += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { output.stderr += chunk.toString(); });
    child.on('error', reject);
    child.on('close', code => {
      const wallMs = performance.now() - begun;
      const line = output.stdout.trimEnd().split('\n').at(-1) ?? '';
      try {
        resolve({ result: JSON.parse(line) as T, wallMs });
      } catch {
        reject(new Error(`${file} ${args.join(' ')} ended with ${code}: ${output.stderr.slice(-2000)}`));
      }
    });
  });
}
