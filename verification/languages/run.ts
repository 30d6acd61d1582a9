import { spawn } from 'node:child_process';
import { report } from '../tools/checks';

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Result {
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
}

/** No command takes longer; one that hangs must not take CI's whole time. */
const TIMEOUT = 10 * 60_000;

/** The environment without what npm and the CDK tell their child processes: each app is to run as its own user would run it. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|CDK_|GOFLAGS$|PYTHONPATH$)/i.test(name));
  return { ...Object.fromEntries(inherited), JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
}

/** Runs a command to its end. A string goes to the shell, as the CDK's CLI does with `app` of cdk.json. */
export function run(command: string | string[], { cwd, env }: RunOptions): Promise<Result> {
  const [file, ...args] = typeof command === 'string' ? ['sh', '-c', command] : command;
  const child = spawn(file, args, {
    cwd, env: { ...cleanEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  return new Promise(resolve => {
    child.on('error', error => resolve({ code: 127, output: `${file}: ${error.message}` }));
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

/** Runs a command that must succeed, and returns what it wrote. */
export async function mustRun(command: string | string[], options: RunOptions): Promise<string> {
  const { code, output } = await run(command, options);
  const name = typeof command === 'string' ? command : command.slice(0, 3).join(' ');
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output.slice(-4_000)}`);
  return output;
}

/** Prints what is checked as it comes, and counts it. */
export class Checks {
  private passed = 0;
  private failed = 0;

  /** Takes as passed what does not throw. Returns whether it did. */
  public async check(name: string, action: () => void | Promise<void>): Promise<boolean> {
    const start = Date.now();
    try {
      await action();
    } catch (error) {
      this.fail(name, error instanceof Error ? error.message : String(error));
      return false;
    }
    this.passed += 1;
    const seconds = Math.round((Date.now() - start) / 1000);
    console.log(`ok - ${name}${seconds > 0 ? ` (${seconds} s)` : ''}`);
    return true;
  }

  /** Checks one after the other. What builds on something that failed has failed too. */
  public async checkInTurn(steps: [name: string, action: () => void | Promise<void>][]): Promise<void> {
    let failed: string | undefined;
    for (const [name, action] of steps) {
      if (failed !== undefined) {
        this.fail(name, `not run, because it needs: ${failed}`);
      } else if (!await this.check(name, action)) {
        failed = name;
      }
    }
  }

  /** Reports the counts. Returns the exit code. */
  public finish(): number {
    return report(this.passed, this.failed);
  }

  private fail(name: string, reason: string): void {
    this.failed += 1;
    console.log(`not ok - ${name}\n${reason.replace(/^/gm, '  # ')}`);
  }
}

/** Runs the lanes, at most so many at once. */
export async function runLanes(lanes: (() => Promise<void>)[], atOnce: number): Promise<void> {
  const waiting = [...lanes];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let lane = waiting.shift(); lane; lane = waiting.shift()) await lane();
  }));
}
