import { ChildProcess, spawn, StdioOptions } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Environment = { readonly [name: string]: string | undefined };

export interface RunOptions {
  /** @default - the current directory */
  readonly cwd?: string;
  /** The whole environment. @default - `cleanEnvironment()` */
  readonly env?: Environment;
  /** After these minutes, the command and its children are ended. @default 5 */
  readonly minutes?: number;
}

/** How a command ended, and everything that it wrote. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

/** The processes that still run. Each leads a process group, so that its children can be ended with it. */
const running = new Set<ChildProcess>();

/** The environment without the variables that npm, jest and the CDK set for their child processes: a command runs as a user would run it. */
export function cleanEnvironment(): Environment {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_ENV$|JEST_|CDK_|GOFLAGS$|PYTHONPATH$)/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function start([file, ...options]: string[], { cwd, env = cleanEnvironment() }: RunOptions, stdio: StdioOptions): ChildProcess {
  const child = spawn(file, options, { cwd, env: { ...env }, detached: true, stdio });
  running.add(child);
  child.on('close', () => running.delete(child)).on('error', () => running.delete(child));
  return child;
}

function end(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {
    running.delete(child); // the group is empty
  }
}

/** Runs a command to its end. A string goes to the shell. */
export function run(command: string | string[], options: RunOptions = {}): Promise<Result> {
  const { minutes = 5 } = options;
  const child = start(typeof command === 'string' ? ['sh', '-c', command] : command, options, ['ignore', 'pipe', 'pipe']);
  let stdout = '';
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => { stdout += chunk.toString(); output += chunk.toString(); });
  child.stderr?.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const timer = setTimeout(() => {
    output += `\nIt did not end within ${minutes} minutes, and was ended.`;
    end(child);
  }, minutes * 60_000);
  return new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 1, stdout, output }));
  }).finally(() => clearTimeout(timer));
}

/** Runs a command that must succeed, and returns what it wrote to stdout. */
export async function mustRun(command: string | string[], options?: RunOptions): Promise<string> {
  const { code, stdout, output } = await run(command, options);
  const name = typeof command === 'string' ? command : command.slice(0, 3).join(' ');
  if (code !== 0) { throw new Error(`${name} ended with ${code}:\n${output.slice(-4_000)}`); }
  return stdout;
}

/** Starts a server, and waits until a GET of the URL is answered, whatever the status. It ends with this process at the latest. */
export async function startServer(name: string, command: string[], env: Environment, url: string, log: string): Promise<void> {
  const child = start([process.execPath, join(__dirname, 'leash.cjs'), ...command], { env }, 'pipe');
  const file = createWriteStream(log);
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) { throw new Error(`${name} ended with ${child.exitCode} before it served; see ${log}`); }
    const isUp = await fetch(url).then(response => response.arrayBuffer()).then(() => true, () => false);
    if (isUp) { return; }
    await sleep(200);
  }
  throw new Error(`${name} did not serve within a minute; see ${log}`);
}

/** Ends every process that was started here, with its children. */
export async function endAll(): Promise<void> {
  const ends = [...running].map(child => new Promise(resolve => { child.once('close', resolve); }));
  running.forEach(end);
  await Promise.race([Promise.all(ends), sleep(5_000, undefined, { ref: false })]);
}

/** A port of the loopback interface that is free now. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
