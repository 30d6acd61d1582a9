import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox, SandboxOptions, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';
import { deployFunction, functionOf, MANAGEMENT } from '../functions';

let sandbox: Sandbox;
const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await openSandbox({ managementAccount: MANAGEMENT, timeScale: 20, reuseProcesses: true, ...options });
};
afterEach(() => sandbox.close());

const times = <T>(count: number, act: (index: number) => T) => Array.from({ length: count }, (_, index) => act(index));
const PAUSE = 'const pause = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));\n';
/** Waits until so many invocations run at once, however long the machine takes to begin them. The environments of a function share globalThis. */
const MEET = `const meeting = globalThis.meeting ??= [];
const meet = count => new Promise(resolve => { if (meeting.push(resolve) >= count) meeting.splice(0).forEach(go => go()); });\n`;
/** Says how often its environment has been invoked. */
const COUNTER = `${PAUSE}${MEET}let invocations = 0;
exports.handler = async ({ seconds = 0, together = 1 }) => { invocations += 1; await meet(together); await pause(seconds); return invocations; };`;
const results = async (invocations: ReturnType<Sandbox['lambda']['invoke']>[]) => (await Promise.all(invocations)).map(({ result }) => result);

describe('execution environments', () => {
  test('each concurrent invocation has its own, which a later invocation reuses', async () => {
    await start();
    const arn = await functionOf(sandbox, COUNTER);
    expect(await results(times(3, () => sandbox.lambda.invoke(arn, { together: 3 })))).toEqual([1, 1, 1]);
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ result: 2 });
    expect(await results(times(4, () => sandbox.lambda.invoke(arn, { together: 4 })))).toEqual(expect.arrayContaining([1, 2, 2, 3]));
  });

  test('each has its own SDK client', async () => {
    await start();
    const arn = await functionOf(sandbox, `${MEET}
      const { AccountClient } = require('@aws-sdk/client-account');
      const client = new AccountClient({ maxAttempts: 2 });
      exports.handler = async () => {
        const strategy = await client.config.retryStrategy();
        if (strategy.seen) return 'shared';
        strategy.seen = true;
        await meet(2);
        return 'its own';
      };`);
    expect(await results(times(2, () => sandbox.lambda.invoke(arn, {})))).toEqual(['its own', 'its own']);
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ result: 'shared' });
  });

  test('one that timed out is gone, and so are its timers', async () => {
    await start();
    const arn = await functionOf(sandbox, `${PAUSE}let invocations = 0;
      exports.handler = async ({ seconds }) => {
        invocations += 1;
        if (seconds > 0) setTimeout(() => console.log('a late line'), 31_000);
        await pause(seconds);
        return invocations;
      };`, { properties: { Timeout: 30 } });
    expect(await sandbox.lambda.invoke(arn, { seconds: 600 })).toMatchObject({ error: { name: 'Sandbox.Timedout', message: expect.stringContaining('30.00 seconds') } });
    expect(await sandbox.lambda.invoke(arn, { seconds: 0 })).toEqual({ result: 1 });
    await sandbox.clock.sleep(10); // until well after the timer
    expect(sandbox.logs.filter(({ line }) => line.includes('a late line'))).toEqual([]);
  });

  test.each([
    ['throws outside its handler', 'setTimeout(() => { throw new Error(event); })', 'exit status 129'],
    ['leaves a rejection unhandled', 'Promise.reject(new Error(event))', 'exit status 128'],
    ['exits', 'process.exit(3)', 'exit status 3'],
  ])('one whose code %s is gone, but the others stay', async (_, crash, status) => {
    await start();
    const arn = await functionOf(sandbox, `${PAUSE}${MEET}let invocations = 0;
      exports.handler = async event => {
        invocations += 1;
        await meet(2);
        if (event.crash) { ${crash}; await pause(60); }
        await pause(5);
        return invocations;
      };`);
    const [crashed, other] = await Promise.all([sandbox.lambda.invoke(arn, { crash: true }), sandbox.lambda.invoke(arn, {})]);
    expect(crashed).toEqual({ error: { name: 'Runtime.ExitError', message: `Runtime exited with error: ${status}` } });
    expect(other).toEqual({ result: 1 });
    expect((await results(times(2, () => sandbox.lambda.invoke(arn, {})))).sort()).toEqual([1, 2]);
  });

  test('one whose handler throws is reused', async () => {
    await start();
    const arn = await functionOf(sandbox, `let invocations = 0;
      exports.handler = async ({ fails }) => { invocations += 1; if (fails) throw new TypeError('no'); return invocations; };`);
    expect(await sandbox.lambda.invoke(arn, { fails: true })).toEqual({ error: { name: 'TypeError', message: 'no' } });
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ result: 2 });
  });

  test('one that cannot be initialized makes the invocation fail, and the next invocation tries again', async () => {
    await start();
    const arn = await functionOf(sandbox, 'console.log("set up"); throw new RangeError("not today");');
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ error: { name: 'RangeError', message: 'not today' } });
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ error: { name: 'RangeError', message: 'not today' } });
    expect(sandbox.logs.filter(({ line }) => line === 'set up')).toHaveLength(2);
  });

  test('the initialization does not count as time of the invocation', async () => {
    await start({ timeScale: 100 });
    const arn = await functionOf(sandbox, `const until = Date.now() + 100_000;
      while (Date.now() < until);
      exports.handler = async (event, context) => context.getRemainingTimeInMillis();`, { properties: { Timeout: 60 } });
    const { result } = await sandbox.lambda.invoke(arn, {});
    expect(result).toBeGreaterThan(30_000);
  });

  describe('of code in several files', () => {
    let directory: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'assets-'));
      mkdirSync(join(directory, 'asset.code/lib'), { recursive: true });
      mkdirSync(join(directory, 'asset.code/node_modules/package'), { recursive: true });
      writeFileSync(join(directory, 'asset.code/node_modules/package/index.js'), 'exports.loaded = 0;');
    });
    afterEach(() => rmSync(directory, { recursive: true }));
    const deployAsset = (files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) { writeFileSync(join(directory, 'asset.code', name), text); }
      return functionOf(sandbox, '', { assetDirectory: directory, properties: { Code: { S3Bucket: 'assets', S3Key: 'code.zip' } } });
    };

    test('each has its own copy of every file, even if it is required late, and packages are shared', async () => {
      await start();
      const arn = await deployAsset({
        'index.js': `${MEET}
          const early = require('./lib/state');
          exports.handler = async ({ together }) => {
            const late = require('./lib/state.js');
            const shared = require('package');
            const result = [early === late, late.count += 1, shared.loaded += 1];
            await meet(together);
            return result;
          };`,
        'lib/state.js': 'exports.count = 0;',
      });
      expect(await results(times(2, () => sandbox.lambda.invoke(arn, { together: 2 })))).toEqual([[true, 1, 1], [true, 1, 2]]);
      expect(await sandbox.lambda.invoke(arn, { together: 1 })).toEqual({ result: [true, 2, 3] });
    });

    test('each has its own copy of the modules that a CommonJS module imports, and packages are found', async () => {
      await start();
      const arn = await deployAsset({
        'index.js': `${MEET}exports.handler = async () => {
          const { state } = await import('./lib/state.mjs');
          const count = state.count += 1;
          await meet(2);
          return [count, ...await require('./lib/late').load()];
        };`,
        'lib/late.js': 'exports.load = async () => [typeof (await import("@aws-sdk/client-account")).AccountClient];',
        'lib/state.mjs': 'export const state = { count: 0 };',
      });
      expect(await results(times(2, () => sandbox.lambda.invoke(arn, {})))).toEqual([[1, 'function'], [1, 'function']]);
    });

    test('each has its own copy of modules of both kinds', async () => {
      await start();
      const arn = await deployAsset({
        'index.mjs': `
          import { AccountClient } from '@aws-sdk/client-account';
          import legacy from './lib/legacy.cjs';
          import { state } from './lib/state.mjs';
          ${MEET}
          export const handler = async ({ together }) => {
            const result = [typeof AccountClient, state.count += 1, legacy.count += 1, (await import('./lib/state.mjs')).state === state];
            await meet(together);
            return result;
          };`,
        'lib/state.mjs': 'export const state = { count: 0 };',
        'lib/legacy.cjs': 'module.exports = { count: 0 };',
      });
      const fresh = ['function', 1, 1, true];
      expect(await results(times(2, () => sandbox.lambda.invoke(arn, { together: 2 })))).toEqual([fresh, fresh]);
      expect(await sandbox.lambda.invoke(arn, { together: 1 })).toEqual({ result: ['function', 2, 2, true] });
    });
  });

  test('new code runs in new ones', async () => {
    await start();
    const arn = await functionOf(sandbox, COUNTER);
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ result: 1 });
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ result: 2 });
    await functionOf(sandbox, COUNTER.replace('return invocations', 'return -invocations'));
    expect(await sandbox.lambda.invoke(arn, {})).toEqual({ result: -1 });
  });

  test('490 start at once within seconds', async () => {
    await start({ timeScale: 1 });
    const arn = await functionOf(sandbox, `const { AccountClient } = require('@aws-sdk/client-account'); new AccountClient({}); ${COUNTER}`);
    await sandbox.lambda.invoke(arn, {}); // the process and the SDK
    const begun = performance.now();
    expect(new Set(await results(times(490, () => sandbox.lambda.invoke(arn, { together: 490 }))))).toEqual(new Set([1, 2]));
    expect(performance.now() - begun).toBeLessThan(30_000); // a process for each would take minutes
    expect(sandbox.peakConcurrentExecutions).toBe(490);
  });
});

describe('concurrency', () => {
  test('a synchronous invocation beyond the limit of the account and region is refused', async () => {
    await start({ concurrentExecutions: 2 });
    const arns = [await functionOf(sandbox, COUNTER), await functionOf(sandbox, COUNTER, { stackName: 'others' })];
    const elsewhere = await functionOf(sandbox, COUNTER, { region: 'eu-west-1' });
    const outcomes = await Promise.all([...arns, ...arns, elsewhere].map(arn => sandbox.lambda.invoke(arn, { seconds: 5 })));
    const throttled = { error: { name: 'TooManyRequestsException', message: 'Rate Exceeded.' } };
    expect(outcomes).toEqual([{ result: 1 }, { result: 1 }, throttled, throttled, { result: 1 }]);
    expect(sandbox.peakConcurrentExecutions).toBe(2);
    expect(await sandbox.lambda.invoke(arns[0], {})).toEqual({ result: 2 });
  });

  test('asynchronous events beyond the limit wait in the queue, and each runs once', async () => {
    await start({ concurrentExecutions: 2, timeScale: 200 });
    const arn = await functionOf(sandbox, `${PAUSE}exports.handler = async ({ index }) => { await pause(5); console.log('ran ' + index); };`);
    times(20, index => sandbox.lambda.invokeLater(arn, { index }));
    await sandbox.idle();
    expect(sandbox.logs.map(({ line }) => line).sort()).toEqual(times(20, index => `ran ${index}`).sort());
    expect(sandbox.peakConcurrentExecutions).toBe(2);
  });

  test('the queue retries a throttled event after 1 second to 5 minutes, longer each time, and drops it after 6 hours', async () => {
    // No function runs here, so nothing needs real time.
    const clock = new VirtualClock();
    await start({ clock });
    const arn = await clock.until(
      functionOf(sandbox, 'exports.handler = async () => console.log("ran");', { properties: { ReservedConcurrentExecutions: 0 } }));
    const sleeps: number[] = [];
    const sleep = clock.sleep.bind(clock);
    jest.spyOn(clock, 'sleep').mockImplementation(seconds => { sleeps.push(seconds); return sleep(seconds); });
    const begun = clock.now();
    sandbox.lambda.invokeLater(arn, {});
    await clock.until(sandbox.idle());
    expect(clock.now() - begun).toBeGreaterThanOrEqual(6 * 3_600_000);
    expect(sleeps.reduce((sum, seconds) => sum + seconds)).toBeLessThanOrEqual(6 * 3_600 + 300);
    expect(sandbox.logs).toEqual([]);
    expect(sleeps[0]).toBeGreaterThanOrEqual(1);
    expect(sleeps[0]).toBeLessThan(2);
    expect(sleeps.slice(0, 9)).toEqual(sleeps.slice(0, 9).sort((one, other) => one - other));
    expect(new Set(sleeps.slice(9))).toEqual(new Set([300]));
  });

  test('a failed event is retried twice, after one minute and after two more', async () => {
    await start({ timeScale: 100 });
    const arn = await functionOf(sandbox, 'exports.handler = async () => { console.log(Date.now()); throw new Error("no"); };');
    sandbox.lambda.invokeLater(arn, {});
    await sandbox.idle();
    const at = sandbox.logs.filter(({ stream }) => stream === 'stdout').map(({ line }) => Number(line));
    expect(at).toHaveLength(3);
    expect((at[1] - at[0]) / 1000).toBeGreaterThanOrEqual(60);
    expect((at[2] - at[1]) / 1000).toBeGreaterThanOrEqual(120);
    expect((at[2] - at[0]) / 1000).toBeLessThan(400);
  });

  test('no other function uses the executions that a function reserves', async () => {
    await start({ concurrentExecutions: 102 });
    const reserving = await functionOf(sandbox, COUNTER, { properties: { ReservedConcurrentExecutions: 2 } });
    const outcomes = await Promise.all(times(3, () => sandbox.lambda.invoke(reserving, { seconds: 5 })));
    expect(outcomes.map(({ error }) => error?.name)).toEqual([undefined, undefined, 'TooManyRequestsException']);
    const other = await functionOf(sandbox, COUNTER, { stackName: 'others' });
    const others = await Promise.all(times(101, () => sandbox.lambda.invoke(other, { seconds: 5 })));
    expect(others.filter(({ error }) => error)).toHaveLength(1);
  });

  test('the last 100 executions cannot be reserved', async () => {
    await start({ concurrentExecutions: 102 });
    const { status, reason } = await deployFunction(sandbox, COUNTER, { properties: { ReservedConcurrentExecutions: 3 } });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain('decreases account\'s UnreservedConcurrentExecution below its minimum value of [100]');
  });
});
