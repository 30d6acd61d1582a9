import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Concurrency } from './concurrency';
import { Host, type InvocationOutcome } from './process';
import type { Caller } from '../core/caller';
import type { Clock } from '../core/clock';
import { hostsOf, partitionOf, RESPONSE_BUCKETS } from '../core/endpoints';
import type { HttpRequest } from '../core/http';

/** A function, as the template defines it. */
interface FunctionDefinition {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly roleName: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly reservedConcurrentExecutions?: number;
  readonly environment: Record<string, string>;
  /** The text of index.js, or an asset directory. */
  readonly code: { readonly zipFile: string } | { readonly directory: string };
}

export interface LogLine {
  readonly at: number;
  readonly functionName: string;
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export interface LambdaOptions {
  /** The Node.js that runs the functions. @default - the one that runs the sandbox */
  readonly nodeBinary?: string;
  /** Whether the processes are kept for the next sandbox of this Node.js process, which saves some 300 ms each. @default false */
  readonly reuseProcesses?: boolean;
  /** The limit of concurrent executions per account and region. New accounts may have 10. @default 1000 */
  readonly concurrentExecutions?: number;
}

/** The URLs at which functions reach the rest of the sandbox. */
interface Endpoints {
  readonly account: string;
  readonly cloudFormation: string;
  readonly lambda: string;
  readonly responses: string;
}

interface DeployedFunction {
  definition: FunctionDefinition;
  readonly arn: string;
  readonly accessKeyId: string;
  host?: Host;
}

const CONCURRENT_EXECUTIONS = 1_000;
/** When a failed asynchronous invocation is retried, in seconds after the last failure. */
const RETRY_DELAYS = [60, 120];
/** The longest time between two tries of a throttled invocation, in seconds. */
const LONGEST_BACK_OFF = 300;
/** How long a throttled invocation is retried, in seconds. */
const MAXIMUM_EVENT_AGE = 6 * 3600;

/** The deployed functions, each in its own Node.js process, which starts at the first invocation. */
export class Lambda {
  readonly logs: LogLine[] = [];
  /** The events that were delivered again because the function had failed. */
  readonly redelivered = new Set<object>();
  endpoints: Endpoints = { account: '', cloudFormation: '', lambda: '', responses: '' };
  readonly concurrency: Concurrency;
  private readonly functions = new Map<string, DeployedFunction>();
  private readonly directory = mkdtempSync(join(tmpdir(), 'sandbox-lambda-'));
  private readonly hosts = new Set<Host>();
  private readonly running = new Set<Promise<unknown>>();
  private closed = false;

  constructor(private readonly clock: Clock, private readonly options: LambdaOptions) {
    this.concurrency = new Concurrency(options.concurrentExecutions ?? CONCURRENT_EXECUTIONS);
    // Like Lambda's runtime, links the SDK and no other package: functions must not find the packages of the project.
    mkdirSync(join(this.directory, 'node_modules'));
    const client = require.resolve('@aws-sdk/client-account/package.json');
    symlinkSync(dirname(dirname(client)), join(this.directory, 'node_modules', '@aws-sdk'));
  }

  arnOf(account: string, region: string, name: string): string {
    return `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${name}`;
  }

  has(arn: string): boolean {
    return this.functions.has(arn);
  }

  /** Creates or updates a function. The next invocation uses the new code and configuration. */
  put(definition: FunctionDefinition): void {
    const arn = this.arnOf(definition.account, definition.region, definition.name);
    const known = this.functions.get(arn);
    this.concurrency.reserve(arn, definition.reservedConcurrentExecutions);
    if (!known) {
      const accessKeyId = `ASIA${createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase()}`;
      this.functions.set(arn, { definition, arn, accessKeyId });
    } else if (JSON.stringify(known.definition) !== JSON.stringify(definition)) {
      known.definition = definition;
      known.host?.retire(this.keep);
      known.host = undefined;
    }
  }

  remove(arn: string): void {
    this.functions.get(arn)?.host?.retire(this.keep);
    this.functions.delete(arn);
    this.concurrency.reserve(arn, undefined);
  }

  /** Invokes a function asynchronously, as CloudFormation does: nobody waits for the result, and failures are retried. */
  invokeLater(arn: string, event: object, afterSeconds = 0): void {
    const requestId = randomUUID(); // the same in every attempt
    void this.track((async () => {
      if (afterSeconds > 0) {
        await this.clock.sleep(afterSeconds);
      }
      const expires = this.clock.now() + MAXIMUM_EVENT_AGE * 1000;
      let [failures, refusals] = [0, 0];
      while (this.clock.now() < expires && this.functions.has(arn) && !this.closed) {
        const outcome = await this.attempt(arn, event, requestId);
        if (outcome === 'throttled') {
          await this.clock.sleep(backOff(refusals++));
        } else if (outcome.error && failures < RETRY_DELAYS.length) {
          this.redelivered.add(event);
          await this.clock.sleep(RETRY_DELAYS[failures++]);
        } else {
          return;
        }
      }
    })());
  }

  /** Invokes a function synchronously, without retries. */
  async invoke(arn: string, event: object): Promise<InvocationOutcome> {
    const outcome = await this.track(this.attempt(arn, event, randomUUID()));
    return outcome === 'throttled' ? { error: { name: 'TooManyRequestsException', message: 'Rate Exceeded.' } } : outcome;
  }

  /** Waits until no invocation runs or is about to be retried. */
  async idle(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.all(this.running);
    }
  }

  /** Finds the caller by the access key in the header of Signature Version 4, `AWS4-HMAC-SHA256 Credential=<key>/<date>/...`. */
  callerOf(headers: HttpRequest['headers']): Caller | undefined {
    const key = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
    const found = [...this.functions.values()].find(candidate => candidate.accessKeyId === key);
    if (!found) {
      return undefined;
    }
    const { account, region, roleName, name } = found.definition;
    const partition = partitionOf(region);
    return { account, partition, roleName, functionName: name, arn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/${name}` };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.hosts].map(host => host.close(this.keep)));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get keep(): boolean {
    return this.options.reuseProcesses ?? false;
  }

  private async attempt(arn: string, event: object, requestId: string): Promise<InvocationOutcome | 'throttled'> {
    const target = this.functions.get(arn);
    if (!target || this.closed) {
      return { error: { name: 'ResourceNotFoundException', message: `Function not found: ${arn}` } };
    }
    if (!this.concurrency.begin(arn)) {
      return 'throttled';
    }
    const { name, timeoutSeconds } = target.definition;
    target.host = target.host?.alive ? target.host : this.start(target);
    try {
      return await target.host.invoke({
        requestId,
        event,
        timeoutSeconds,
        context: {
          functionName: name,
          functionVersion: '$LATEST',
          invokedFunctionArn: arn,
          memoryLimitInMB: '128',
          logGroupName: `/aws/lambda/${name}`,
          logStreamName: 'sandbox',
        },
      });
    } finally {
      this.concurrency.end(arn);
    }
  }

  /** Returns the environment of a function, for a test that runs the handler in its own process, where requests are not rerouted. */
  environmentOf(arn: string): Record<string, string> {
    const target = this.functions.get(arn);
    if (!target) {
      throw new Error(`Function not found: ${arn}`);
    }
    return {
      ...this.environment(target),
      AWS_ENDPOINT_URL_ACCOUNT: this.endpoints.account,
      AWS_ENDPOINT_URL_CLOUDFORMATION: this.endpoints.cloudFormation,
      AWS_ENDPOINT_URL_LAMBDA: this.endpoints.lambda,
    };
  }

  private environment({ definition, accessKeyId }: DeployedFunction): Record<string, string> {
    const { region, name, environment } = definition;
    return {
      ...environment,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_SESSION_TOKEN: 'sandbox',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  private start(target: DeployedFunction): Host {
    const { definition, arn } = target;
    const { name, handler, code } = definition;
    let codeDirectory: string;
    if ('directory' in code) {
      codeDirectory = code.directory;
    } else {
      // Each version of the code has its directory, because the old one may still be running.
      codeDirectory = join(this.directory, createHash('sha256').update(arn + code.zipFile).digest('hex').slice(0, 16));
      mkdirSync(codeDirectory, { recursive: true });
      writeFileSync(join(codeDirectory, 'index.js'), code.zipFile);
    }
    const environments = mkdtempSync(join(this.directory, 'environments-'));
    const host = new Host(this.options.nodeBinary ?? process.execPath, {
      scale: this.clock.scale,
      epoch: this.clock.epoch,
      routes: [
        [hostsOf('account'), this.endpoints.account],
        [hostsOf('cloudformation'), this.endpoints.cloudFormation],
        [hostsOf('lambda'), this.endpoints.lambda],
        [RESPONSE_BUCKETS, this.endpoints.responses],
      ],
      environments,
      codeDirectory,
      handler,
      // Nothing from the developer's environment: no profile, no credentials, no proxy.
      env: {
        ...this.environment(target),
        LAMBDA_TASK_ROOT: codeDirectory,
        NODE_PATH: join(this.directory, 'node_modules'),
        HOME: this.directory,
        PATH: process.env.PATH ?? '',
        TZ: ':UTC',
      },
    }, (stream, text, requestId) => {
      for (const line of text.split('\n').filter(part => part !== '')) {
        this.logs.push({ at: this.clock.now(), functionName: name, requestId, stream, line });
      }
    });
    this.hosts.add(host);
    void host.ended.then(() => this.hosts.delete(host));
    return host;
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }
}

/** Returns the seconds until the next try. Documented: exponentially, from 1 second to 5 minutes. It doubles, with jitter. */
function backOff(refusals: number): number {
  return Math.min(LONGEST_BACK_OFF, 2 ** refusals * (1 + Math.random()));
}
