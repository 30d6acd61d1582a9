import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer, AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Environment = { readonly [name: string]: string | undefined };

/** How a command ended, and everything that it wrote. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** The process groups that still run. A server's own children (ministack's functions) end with its group. */
const running = new Set<ChildProcess>();

function start(command: string[], env: Environment): ChildProcess {
  const child = spawn(command[0], command.slice(1), { env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  return child;
}

/** Runs a command to its end. */
export async function run(command: string[], env: Environment = process.env): Promise<Result> {
  const child = start(command, env);
  let stdout = '';
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => { stdout += chunk.toString(); output += chunk.toString(); });
  child.stderr?.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve(status ?? 1));
  }).finally(() => running.delete(child));
  return { code, stdout, output };
}

/** Runs a command that must succeed, and returns what it wrote to stdout. */
export async function mustRun(command: string[], env?: Environment): Promise<string> {
  const { code, stdout, output } = await run(command, env);
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

/** Starts a server, and waits until a GET of the URL is answered, whatever the status. */
export async function serve(name: string, command: string[], env: Environment, url: string, log: string): Promise<void> {
  const child = start(command, env);
  const file = createWriteStream(log);
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  let failure: Error | undefined;
  child.on('error', error => { failure = error; });
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (failure ?? child.exitCode !== null) throw failure ?? new Error(`${name} ended with ${child.exitCode} before it served`);
    const isUp = await fetch(url).then(response => response.arrayBuffer()).then(() => true, () => false);
    if (isUp) return;
    await sleep(200);
  }
  throw new Error(`${name} did not serve within a minute`);
}

/** Ends every process that was started here, with its children. */
export async function endAll(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const child of running) {
      try {
        process.kill(-(child.pid as number), signal);
      } catch {
        running.delete(child); // nobody is left in the group
      }
    }
    if (running.size === 0) return;
    await sleep(1_500);
  }
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
