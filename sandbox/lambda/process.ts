import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The first message to host.cjs: the function to run, and the speed of time. */
interface HostSetup {
  readonly scale: number;
  readonly epoch: number;
  /** Regular expressions of host names, and the local URLs that stand for them. */
  readonly routes: [string, string][];
  /** The directory in which the execution environments have their copies of the code. */
  readonly environments: string;
  readonly codeDirectory: string;
  readonly handler: string;
  readonly env: Record<string, string>;
}

interface Invocation {
  readonly requestId: string;
  readonly event: object;
  readonly context: object;
  readonly timeoutSeconds: number;
}

export type InvocationOutcome = { readonly result?: unknown; readonly error?: { readonly name: string; readonly message: string } };

type HostMessage =
  | { kind: 'log'; stream: 'stdout' | 'stderr'; requestId?: string; text: string }
  | ({ kind: 'done'; id: number } & InvocationOutcome);

type LogSink = (stream: 'stdout' | 'stderr', text: string, requestId?: string) => void;

/** Processes that wait for another function. Only the SDK stays loaded: they keep no code and no state of a function. */
const spare: { binary: string; child: ChildProcess; expiry: NodeJS.Timeout }[] = [];
const SPARE_MILLISECONDS = 3_000;
const DRAIN_MILLISECONDS = 200;

/** The process of one function, as the sandbox sees it. */
export class Host {
  readonly ended: Promise<void>;
  alive = true;
  private readonly waiting = new Map<number, (outcome: InvocationOutcome) => void>();
  private last = 0;
  private retiring?: 'spare' | 'end';
  private readonly child: ChildProcess;
  private release?: () => void;

  constructor(private readonly binary: string, setup: HostSetup, log: LogSink) {
    const child = takeSpare(binary) ?? spawn(binary, [join(__dirname, 'host.cjs')], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH ?? '' },
    });
    this.child = child;
    this.ended = new Promise(resolve => { this.release = resolve; });
    child.ref();
    child.channel?.ref();
    ['message', 'error', 'exit'].forEach(name => child.removeAllListeners(name)); // those of the previous function
    child.on('message', (message: HostMessage) => {
      if (message.kind === 'log') {
        log(message.stream, message.text, message.requestId);
      } else {
        const { id, result, error } = message;
        this.settle(id, { result, error });
      }
    });
    child.on('error', () => undefined); // 'exit' follows, or the invocation fails
    child.on('exit', code => this.gone(`Runtime exited with error: exit status ${code}`));
    for (const stream of ['stdout', 'stderr'] as const) {
      // Nothing but what bypasses process.stdout, such as the last output of a crash.
      child[stream]?.removeAllListeners('data').on('data', (chunk: Buffer) => log(stream, chunk.toString('utf8')));
    }
    child.send({ kind: 'start', ...setup });
  }

  invoke(invocation: Invocation): Promise<InvocationOutcome> {
    return new Promise(resolve => {
      const id = ++this.last;
      this.waiting.set(id, resolve);
      this.child.send({ kind: 'invoke', id, ...invocation });
    });
  }

  /** Ends the process when its last invocation has ended, or keeps it for another function. */
  retire(keep: boolean): void {
    this.retiring = keep ? 'spare' : 'end';
    this.retireIfIdle();
  }

  /** Does the same, but waits only a moment for invocations: a stack may be complete before the function that responded to it has ended. */
  async close(keep: boolean): Promise<void> {
    this.retire(keep);
    await Promise.race([this.ended, new Promise(resolve => setTimeout(resolve, keep ? DRAIN_MILLISECONDS : 0))]);
    if (this.alive) {
      this.child.kill('SIGKILL');
      await this.ended;
    }
  }

  private retireIfIdle(): void {
    if (!this.alive || this.waiting.size > 0) {
      return;
    }
    if (this.retiring === 'spare') {
      this.spare();
    } else if (this.retiring === 'end') {
      this.child.kill('SIGKILL');
    }
  }

  private settle(id: number, outcome: InvocationOutcome): void {
    this.waiting.get(id)?.(outcome);
    this.waiting.delete(id);
    this.retireIfIdle();
  }

  private gone(message: string): void {
    this.alive = false;
    this.waiting.forEach(resolve => resolve({ error: { name: 'Runtime.ExitError', message } }));
    this.waiting.clear();
    this.release?.();
  }

  private spare(): void {
    const { child, binary } = this;
    this.alive = false;
    this.release?.();
    ['message', 'error', 'exit'].forEach(name => child.removeAllListeners(name)); // those of the previous function
    const expiry = setTimeout(() => child.kill('SIGKILL'), SPARE_MILLISECONDS);
    const entry = { binary, child, expiry };
    child.on('exit', () => {
      clearTimeout(expiry);
      const index = spare.indexOf(entry);
      if (index >= 0) {
        spare.splice(index, 1);
      }
    });
    // A spare process does not keep this one running. When this one ends, its channel closes, and the spare one ends, too.
    child.unref();
    child.channel?.unref();
    expiry.unref();
    for (const stream of [child.stdout, child.stderr]) {
      (stream as unknown as { unref?(): void } | null)?.unref?.();
    }
    spare.push(entry);
  }
}

function takeSpare(binary: string): ChildProcess | undefined {
  const index = spare.findIndex(candidate => candidate.binary === binary && candidate.child.connected);
  const [found] = index < 0 ? [] : spare.splice(index, 1);
  clearTimeout(found?.expiry);
  return found?.child;
}
