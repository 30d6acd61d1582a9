/* eslint-disable @typescript-eslint/no-require-imports -- only what is measured may be loaded, when it is measured */
/**
 * One event in a fresh process, as Lambda's first invocation: loads the function, hands it the event, and prints what it took.
 * `node function-child.js <directory> <module.export> <event as JSON>`. The addresses of the local services are in the environment.
 */
import * as http from 'node:http';
import { join } from 'node:path';

type Handler = (event: object, context: object) => Promise<unknown>;

export interface FunctionRun {
  readonly loadMs: number;
  readonly eventMs: number;
  readonly maxRssBytes: number;
  readonly cpuMs: number;
  readonly returned?: unknown;
}

// The answer's URL is https, as CloudFormation's are, for some contenders can't do anything else. It comes here without TLS, for all alike.
const secure = require('node:https') as { request: unknown };
secure.request = (...args: unknown[]) => {
  const url = typeof args[0] === 'string' ? new URL(args[0]) : undefined;
  const options = { ...(url && { path: url.pathname + url.search }), ...args.find(arg => arg?.constructor === Object) as http.RequestOptions };
  const callback = args.find(arg => typeof arg === 'function') as ((response: http.IncomingMessage) => void) | undefined;
  const { path, method, headers } = options;
  return http.request({ path, method, headers, host: '127.0.0.1', port: process.env.RESPONSE_PORT }, callback);
};
const [directory, name, event] = process.argv.slice(2);
const [file, method] = name.split('.');
// What a function writes is not for the one who measures.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const context = {
  functionName: 'contacts',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111111111111:function:contacts',
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  getRemainingTimeInMillis: () => 900_000,
};

async function main(): Promise<void> {
  const begun = performance.now();
  const handler = (require(join(directory, file)) as Record<string, Handler>)[method];
  const loaded = performance.now();
  const returned = await handler(JSON.parse(event) as object, context);
  const { user, system } = process.cpuUsage();
  const run: FunctionRun = {
    loadMs: loaded - begun,
    eventMs: performance.now() - loaded,
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
    cpuMs: (user + system) / 1000,
    returned,
  };
  write(JSON.stringify(run));
}
// Lambda freezes a function that has returned: what it left open does not count.
void main().then(() => process.exit(), (error: Error) => {
  process.stderr.write(String(error.stack));
  process.exit(1);
});
