'use strict';
/**
 * Runs ONE Lambda function: lambda.ts starts this file as a child process and speaks with it over IPC.
 *
 * - Several invocations run at once in the process. Lambda would use an execution environment each, so a handler that shares
 *   mutable state between invocations works differently there and may not do so here either.
 * - Time runs as fast as the sandbox's: timers, Date and socket timeouts are scaled.
 * - What the function sends to CloudFormation's response bucket (https, default port) is rerouted to the sandbox.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const Module = require('node:module');
const net = require('node:net');
const path = require('node:path');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { pathToFileURL } = require('node:url');
const util = require('node:util');

let setup = { scale: 1, epoch: 0, responsePort: 0 };
/** The invocation that the running code belongs to: `{ requestId, ended }`. */
const invocations = new AsyncLocalStorage();

// ---- Time --------------------------------------------------------------------------------------------------------------------

const realTimeout = setTimeout;
const realNow = () => performance.timeOrigin + performance.now();
const sandboxNow = () => Math.floor(setup.epoch + (realNow() - setup.epoch) * setup.scale);
/** A timed-out invocation's environment is gone: its timers never fire. */
const whileAlive = callback => (...args) => invocations.getStore()?.ended || callback(...args);

for (const name of ['setTimeout', 'setInterval']) {
  const real = globalThis[name];
  const scaled = (callback, milliseconds, ...args) => real(whileAlive(callback), (milliseconds || 0) / setup.scale, ...args);
  const realPromise = timersPromises[name];
  timersPromises[name] = (milliseconds, ...rest) => realPromise((milliseconds || 0) / setup.scale, ...rest);
  scaled[util.promisify.custom] = timersPromises[name];
  globalThis[name] = timers[name] = scaled;
}
const realWait = timersPromises.scheduler.wait.bind(timersPromises.scheduler);
timersPromises.scheduler.wait = (milliseconds, ...rest) => realWait(milliseconds / setup.scale, ...rest);

const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length ? args : [sandboxNow()], newTarget === globalThis.Date ? target : newTarget),
  apply: () => new RealDate(sandboxNow()).toString(),
  get: (target, property) => property === 'now' ? sandboxNow : Reflect.get(target, property),
});

AbortSignal.timeout = milliseconds => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), milliseconds).unref();
  return controller.signal;
};
const realSocketTimeout = net.Socket.prototype.setTimeout;
net.Socket.prototype.setTimeout = function (milliseconds, callback) {
  return realSocketTimeout.call(this, milliseconds / setup.scale, callback);
};

// ---- Network -----------------------------------------------------------------------------------------------------------------

const RESPONSE_BUCKET = /^cloudformation-custom-resource-response-[a-z0-9-]+\.s3[.a-z0-9-]*\.amazonaws\.com(\.cn)?$/;

function mustBeAlive() {
  if (invocations.getStore()?.ended) {
    throw new Error('This invocation has ended: its execution environment no longer exists');
  }
}

for (const [client, protocol] of [[http, 'http:'], [https, 'https:']]) {
  const request = client.request;
  client.request = (...args) => {
    mustBeAlive();
    const url = typeof args[0] === 'string' ? new URL(args[0]) : args[0] instanceof URL ? args[0] : undefined;
    const options = { ...(url && { hostname: url.hostname, path: url.pathname + url.search }), ...args.find(arg => arg?.constructor === Object) };
    if (protocol === 'https:' && RESPONSE_BUCKET.test(options.hostname ?? options.host ?? '')) {
      const { path: target, method, headers, timeout, signal } = options;
      return http.request({ host: '127.0.0.1', port: setup.responsePort, path: target, method, headers, timeout, signal },
        args.find(arg => typeof arg === 'function'));
    }
    return request(...args);
  };
  client.get = (...args) => client.request(...args).end();
}

// The SDK allows 50 connections and warns beyond: plenty for one invocation, which is all that Lambda runs in a process.
for (const client of [http, https]) {
  client.Agent = class extends client.Agent {
    constructor(options) {
      super({ ...options, maxSockets: Infinity });
    }
  };
}

const realFetch = fetch;
globalThis.fetch = async (input, init) => {
  mustBeAlive();
  const url = new URL(input instanceof Request ? input.url : input);
  if (!RESPONSE_BUCKET.test(url.hostname)) {
    return realFetch(input, init);
  }
  const local = `http://127.0.0.1:${setup.responsePort}${url.pathname}${url.search}`;
  return input instanceof Request ? realFetch(new Request(local, input), init) : realFetch(local, init);
};

Module.syncBuiltinESMExports();

// ---- Output: over the same channel as the results, so that no line comes after the end of its invocation --------------------------

for (const stream of ['stdout', 'stderr']) {
  process[stream].write = (chunk, encoding, callback) => {
    log(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) {
      process.nextTick(done);
    }
    return true;
  };
}

function log(stream, text) {
  send({ kind: 'log', stream, requestId: invocations.getStore()?.requestId, text });
}

function send(message) {
  if (process.connected) {
    process.send(message);
  }
}

// ---- Invocations -----------------------------------------------------------------------------------------------------------------

let loading;

/** Loads the function's module. Called again for another function when the process is reused. */
async function load({ env, codeDirectory, handler }) {
  Object.keys(process.env).forEach(name => delete process.env[name]);
  Object.assign(process.env, env);
  Module._initPaths(); // reads NODE_PATH
  process.chdir(codeDirectory);
  for (const file of Object.keys(require.cache).filter(name => name.startsWith(codeDirectory + path.sep))) {
    delete require.cache[file];
  }
  const dot = handler.lastIndexOf('.');
  const base = path.join(codeDirectory, handler.slice(0, dot));
  const file = ['.js', '.cjs', '.mjs'].map(extension => base + extension).find(candidate => fs.existsSync(candidate));
  if (!file) {
    throw Object.assign(new Error(`Cannot find module '${path.basename(base)}'`), { name: 'Runtime.ImportModuleError' });
  }
  const module = file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : require(file);
  const method = module[handler.slice(dot + 1)];
  if (typeof method !== 'function') {
    throw Object.assign(new Error(`${handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return method;
}

async function invoke({ id, requestId, event, context, timeoutSeconds }) {
  const state = { requestId, ended: false };
  const finish = outcome => {
    if (!state.ended) {
      state.ended = outcome.timedOut ?? false;
      send({ kind: 'done', id, ...outcome });
    }
  };
  const fail = error => {
    const named = error instanceof Error ? error : new Error(String(error));
    // Lambda's runtime writes this to the log, stack and message included.
    invocations.run(state, () => log('stderr', `ERROR\tInvoke Error\t${JSON.stringify({
      errorType: named.name, errorMessage: named.message, stack: String(named.stack).split('\n'), ...named })}\n`));
    finish({ error: { name: named.name, message: named.message } });
  };
  let method;
  try {
    method = await loading; // Lambda's init phase: not part of the invocation's time
  } catch (error) {
    return fail(error);
  }
  const deadline = sandboxNow() + timeoutSeconds * 1000;
  const timer = realTimeout(() => {
    const message = `${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
    invocations.run(state, () => log('stderr', `${message}\n`));
    finish({ error: { name: 'Sandbox.Timedout', message }, timedOut: true });
  }, timeoutSeconds * 1000 / setup.scale);
  try {
    const result = await invocations.run(state, () => new Promise((resolve, reject) => {
      const callback = (error, value) => error ? reject(error) : resolve(value);
      const full = { ...context, awsRequestId: requestId, callbackWaitsForEmptyEventLoop: true,
        getRemainingTimeInMillis: () => Math.max(0, deadline - sandboxNow()) };
      const returned = method(event, full, callback);
      if (typeof returned?.then === 'function') {
        returned.then(resolve, reject);
      } else if (method.length < 3) {
        resolve(returned);
      }
    }));
    finish({ result });
  } catch (error) {
    if (!state.ended) {
      fail(error);
    }
  } finally {
    clearTimeout(timer);
  }
}

process.on('message', message => {
  if (message.kind === 'start') {
    setup = message;
    loading = load(message);
    loading.catch(() => undefined); // every invocation reports it
  } else {
    void invoke(message);
  }
});
process.on('disconnect', () => process.exit());
