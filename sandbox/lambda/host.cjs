'use strict';
/**
 * Runs ONE Lambda function: process.ts starts this file as a child process and talks to it over IPC.
 *
 * - Each concurrent invocation has its own execution environment, for which the files of the function are evaluated again. An environment
 *   serves one invocation at a time, and then the next one. If it crashes or times out, it is gone. Unlike on AWS, the environments share
 *   globalThis, process.env and packages (the SDK keeps its state per client).
 * - Time runs as fast as in the sandbox: timers, Date and socket timeouts are scaled.
 * - Requests to AWS (https, default port) are rerouted to the sandbox. No other host exists.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const dns = require('node:dns');
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
const vm = require('node:vm');

let setup = { scale: 1, epoch: 0, routes: [], environments: '' };
/** The environment and the invocation of the running code: `{ environment, requestId }`, without a requestId during the init phase. */
const contexts = new AsyncLocalStorage();
const isGone = () => contexts.getStore()?.environment.gone ?? false;

// ---- Time --------------------------------------------------------------------------------------------------------------------

const realTimeout = setTimeout;
const realNow = () => performance.timeOrigin + performance.now();
const sandboxNow = () => Math.floor(setup.epoch + (realNow() - setup.epoch) * setup.scale);
/** The timers of an environment that is gone never fire. */
const whileAlive = callback => (...args) => isGone() || callback(...args);

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

/** The port of the sandbox's server that stands for a host. */
const portOf = host => setup.routes.filter(([pattern]) => new RegExp(pattern).test(host)).map(([, url]) => new URL(url).port)[0];

function mustBeAlive() {
  if (isGone()) {
    throw new Error('This execution environment no longer exists');
  }
}

for (const [client, protocol] of [[http, 'http:'], [https, 'https:']]) {
  const request = client.request;
  client.request = (...args) => {
    mustBeAlive();
    const url = typeof args[0] === 'string' ? new URL(args[0]) : args[0] instanceof URL ? args[0] : undefined;
    const options = { ...(url && { hostname: url.hostname, path: url.pathname + url.search }), ...args.find(arg => arg?.constructor === Object) };
    const host = options.hostname ?? options.host ?? '';
    const port = protocol === 'https:' ? portOf(host) : undefined;
    if (port !== undefined) {
      const { path: target, method, headers, timeout, signal } = options;
      return http.request({ host: '127.0.0.1', port, path: target, method, headers: { host, ...headers }, timeout, signal },
        args.find(arg => typeof arg === 'function'));
    }
    return request(...args);
  };
  client.get = (...args) => client.request(...args).end();
}

const realFetch = fetch;
globalThis.fetch = async (input, init) => {
  mustBeAlive();
  const url = new URL(input instanceof Request ? input.url : input);
  const port = url.protocol === 'https:' ? portOf(url.hostname) : undefined;
  if (port === undefined) {
    return realFetch(input, init);
  }
  const local = `http://127.0.0.1:${port}${url.pathname}${url.search}`;
  return input instanceof Request ? realFetch(new Request(local, input), init) : realFetch(local, init);
};

const realLookup = dns.lookup;
dns.lookup = (host, ...rest) => {
  if (host === 'localhost') {
    realLookup(host, ...rest);
    return;
  }
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: host });
  process.nextTick(rest.at(-1), error);
};

Module.syncBuiltinESMExports();

// ---- Output, over the same channel as the results, so that no line arrives after the end of its invocation -----------------------

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
  send({ kind: 'log', stream, requestId: contexts.getStore()?.requestId, text });
}

function send(message) {
  if (process.connected) {
    process.send(message);
  }
}

// ---- Execution environments ------------------------------------------------------------------------------------------------------

/** The environments without an invocation. */
let idle = [];
let environments = 0;

/** Lambda's init phase: copies the files of the function for an environment, and loads its module. */
async function initialize(environment) {
  const { codeDirectory, handler } = setup;
  const directory = path.join(setup.environments, String(environments += 1));
  copy(codeDirectory, directory);
  const dot = handler.lastIndexOf('.');
  const base = path.join(directory, handler.slice(0, dot));
  const file = ['.js', '.cjs', '.mjs'].map(extension => base + extension).find(candidate => fs.existsSync(candidate));
  if (!file) {
    throw Object.assign(new Error(`Cannot find module '${path.basename(base)}'`), { name: 'Runtime.ImportModuleError' });
  }
  const module = file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : require(file);
  const method = module[handler.slice(dot + 1)];
  if (typeof method !== 'function') {
    throw Object.assign(new Error(`${handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  environment.method = method;
}

/** Copies a directory, so that Node.js loads its files as other modules. Packages are linked, so they stay the same modules. */
function copy(from, to) {
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.name === 'node_modules') {
      fs.symlinkSync(source, target);
    } else if (entry.isDirectory()) {
      copy(source, target);
    } else {
      fs.copyFileSync(source, target);
    }
  }
}

/** The compiled files. Hundreds of environments start at once, so each text is compiled only once. Each environment evaluates it again. */
const scripts = new Map();
const realCompile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  const isPlain = !content.startsWith('#!') && !/\bimport\s*\(\s*['"`]\./.test(content); // a relative import() depends on the file's name
  if (!isPlain || !filename.startsWith(setup.environments + path.sep)) {
    return realCompile.call(this, content, filename, ...rest);
  }
  const script = scripts.get(content) ?? new vm.Script(Module.wrap(content), {
    filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  scripts.set(content, script);
  const require = Module.createRequire(filename);
  return script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename));
};

/** Ends an environment, and the invocation that it was running. */
function crash(environment, reason) {
  environment.gone = true;
  environment.finish?.({ error: { name: 'Runtime.ExitError', message: `Runtime exited ${reason}` } });
}

function logError(title, error) {
  // Lambda's runtime logs this, too, with the stack and the message.
  log('stderr', `ERROR\t${title}\t${JSON.stringify({
    errorType: error.name, errorMessage: error.message, stack: String(error.stack).split('\n'), ...error })}\n`);
}

process.on('uncaughtException', (reason, origin) => {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  const environment = contexts.getStore()?.environment;
  if (environment?.gone) {
    return;
  }
  const isRejection = origin === 'unhandledRejection';
  logError(isRejection ? 'Unhandled Promise Rejection' : 'Uncaught Exception', error);
  if (!environment) {
    realExit(1); // it belongs to no environment: like a crash of the machine
  }
  crash(environment, `with error: exit status ${isRejection ? 128 : 129}`);
});

const realExit = process.exit;
process.exit = code => {
  const environment = contexts.getStore()?.environment;
  if (!environment) {
    realExit(code);
  }
  crash(environment, code ? `with error: exit status ${code}` : 'without providing a reason');
  throw new Error('This execution environment no longer exists');
};

// ---- Invocations -----------------------------------------------------------------------------------------------------------------

/** Prepares the process for a function. It is called again if another function reuses the process. */
function start(message) {
  for (const file of Object.keys(require.cache).filter(name => setup.environments && name.startsWith(setup.environments + path.sep))) {
    delete require.cache[file];
  }
  scripts.clear();
  setup = message;
  idle = [];
  environments = 0;
  Object.keys(process.env).forEach(name => delete process.env[name]);
  Object.assign(process.env, setup.env);
  Module._initPaths(); // reads NODE_PATH
  process.chdir(setup.codeDirectory);
}

async function invoke({ id, requestId, event, context, timeoutSeconds }) {
  idle = idle.filter(({ gone }) => !gone);
  const environment = idle.pop() ?? { gone: false };
  const inContext = callback => contexts.run({ environment, requestId }, callback);
  let isDone = false;
  const finish = environment.finish = outcome => {
    if (!isDone) {
      isDone = true;
      environment.finish = undefined;
      if (!environment.gone) {
        idle.push(environment);
      }
      send({ kind: 'done', id, ...outcome });
    }
  };
  const fail = reason => {
    if (!isDone) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      inContext(() => logError('Invoke Error', error));
      finish({ error: { name: error.name, message: error.message } });
    }
  };
  if (!environment.method) {
    try {
      await contexts.run({ environment }, () => initialize(environment)); // it does not count as time of the invocation
    } catch (error) {
      environment.gone = true;
      fail(error);
    }
    if (isDone) {
      return;
    }
  }
  const deadline = sandboxNow() + timeoutSeconds * 1000;
  const timer = realTimeout(() => {
    const message = `${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
    inContext(() => log('stderr', `${message}\n`));
    environment.gone = true;
    finish({ error: { name: 'Sandbox.Timedout', message } });
  }, timeoutSeconds * 1000 / setup.scale);
  try {
    finish({ result: await inContext(() => new Promise((resolve, reject) => {
      const callback = (error, value) => error ? reject(error) : resolve(value);
      const full = { ...context, awsRequestId: requestId, callbackWaitsForEmptyEventLoop: true,
        getRemainingTimeInMillis: () => Math.max(0, deadline - sandboxNow()) };
      const { method } = environment;
      const returned = method(event, full, callback);
      if (typeof returned?.then === 'function') {
        returned.then(resolve, reject);
      } else if (method.length < 3) {
        resolve(returned);
      }
    })) });
  } catch (error) {
    fail(error);
  } finally {
    clearTimeout(timer);
  }
}

process.on('message', message => {
  if (message.kind === 'start') {
    start(message);
  } else {
    void invoke(message);
  }
});
process.on('disconnect', () => realExit());
