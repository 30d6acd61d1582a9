import { sdkError } from './sdk-errors';
import { Deadline } from '../../lambda/deadline';
import { CallError, type RetryOptions, withRetries } from '../../lambda/retry';
import type { SdkError } from '../../lambda/sdk-error';

/* The clock is the test's own, and each pause lasts as long as it may. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-24T12:00:00Z') });
  jest.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

interface Conditions extends RetryOptions {
  readonly remaining?: number;
}

interface Outcome {
  /** When each attempt was made, in seconds since the first. */
  readonly attempts: number[];
  readonly thrown: CallError;
}

/** Calls what fails with these errors, one after the other and the last one for ever. */
async function callFailing(errors: SdkError[], { remaining = 15 * MINUTE, ...options }: Conditions = {}): Promise<Outcome> {
  const start = Date.now();
  const attempts: number[] = [];
  const send = () => {
    attempts.push((Date.now() - start) / SECOND);
    // Without pauses it would be called for ever: that must fail the test, not hang it.
    if (attempts.length > 1_000) { return Promise.resolve(); }
    return Promise.reject(errors[Math.min(attempts.length, errors.length) - 1]);
  };
  const thrown = withRetries(new Deadline(remaining), send, options).then(() => { throw new Error('it succeeded'); }, (error: CallError) => error);
  await jest.runAllTimersAsync();
  return { attempts, thrown: await thrown };
}

test('a call that succeeds is made once, and returns what the service returned', async () => {
  const send = jest.fn(() => Promise.resolve('contact'));
  await expect(withRetries(new Deadline(MINUTE), send)).resolves.toBe('contact');
  expect(send).toHaveBeenCalledTimes(1);
});

test.each([
  ['a connection that is reset', sdkError('Error', { code: 'ECONNRESET' })],
  ['a request that is aborted', sdkError('AbortError')],
  ['an internal error', sdkError('InternalServerException', { status: 500 })],
  ['an error of the load balancer', sdkError('503', { status: 503 })],
])('%s is tried again until the time is up, and may have had an effect', async (_, error) => {
  const { attempts, thrown } = await callFailing([error], { remaining: MINUTE });
  // Ten seconds are kept for the response, and no attempt is made when less than the longest pause is left before them.
  expect(attempts).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48]);
  expect(thrown.cause).toBe(error);
  expect(thrown.isUncertain).toBe(true);
});

test('a throttled call is tried again until the time is up, and had no effect', async () => {
  const { attempts, thrown } = await callFailing([sdkError('TooManyRequestsException', { status: 429 })], { remaining: 58 * SECOND });
  expect(attempts).toEqual([0, 6, 12, 18, 24, 30, 36, 42]);
  expect(thrown.isUncertain).toBe(false);
});

test.each([
  ['a validation is final, and had no effect', sdkError('ValidationException', { status: 400 }), false],
  ['a denial that names a policy is final, and had no effect', sdkError('AccessDeniedException', { status: 403, message: 'x with an explicit deny in a service control policy' }), false],
  ['an error of the function itself is final, and may have had an effect', new TypeError('x'), true],
])('%s', async (_, error, isUncertain) => {
  const { attempts, thrown } = await callFailing([error]);
  expect(attempts).toEqual([0]);
  expect(thrown.cause).toBe(error);
  expect(thrown.isUncertain).toBe(isUncertain);
});

test('a denial without a cause is tried again for a minute, and had no effect', async () => {
  const { attempts, thrown } = await callFailing([sdkError('AccessDeniedException', { status: 403 })]);
  expect(attempts).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60]);
  expect(thrown.isUncertain).toBe(false);
});

describe('a denial without a cause', () => {
  const denial = sdkError('AccessDeniedException', { status: 403 });

  test('is tried again for as long as the caller says after a minute, and the caller is asked once', async () => {
    const morePatience = jest.fn(() => Promise.resolve(12 * SECOND));
    const { attempts } = await callFailing([denial], { morePatience });
    expect(attempts.slice(-4)).toEqual([54, 60, 66, 72]);
    expect(morePatience).toHaveBeenCalledTimes(1);
  });

  test('is tried again no longer than there is time', async () => {
    const { attempts } = await callFailing([denial], { remaining: 94 * SECOND, morePatience: () => Promise.resolve(5 * MINUTE) });
    expect(attempts.at(-1)).toBe(78);
  });

  test('gives no patience with what is final', async () => {
    const { attempts, thrown } = await callFailing([...Array<SdkError>(12).fill(denial), sdkError('ValidationException', { status: 400 })], { morePatience: () => Promise.resolve(5 * MINUTE) });
    expect(attempts.at(-1)).toBe(72);
    expect(thrown.cause.name).toBe('ValidationException');
  });

  test('does not make the caller ask before a minute is over', async () => {
    const morePatience = jest.fn(() => Promise.resolve(0));
    await callFailing([...Array<SdkError>(9).fill(denial), sdkError('ValidationException', { status: 400 })], { morePatience });
    expect(morePatience).not.toHaveBeenCalled();
  });
});

test.each([[1_000, 0], [1_001, 1]])('a call is made only if CloudFormation waits for more than a second: %i ms, %i calls', async (awaited, calls) => {
  const send = jest.fn(() => Promise.reject(sdkError('ValidationException', { status: 400 })));
  const thrown = await withRetries(new Deadline(15 * MINUTE, awaited), send).catch((error: CallError) => error) as CallError;
  expect(send).toHaveBeenCalledTimes(calls);
  expect(thrown).toBeInstanceOf(CallError);
  expect(thrown).toMatchObject({ cause: { name: calls === 0 ? 'NotAwaited' : 'ValidationException' }, isUncertain: false });
});

test('an attempt that may have had an effect is not forgotten when a later one is refused', async () => {
  const { attempts, thrown } = await callFailing([sdkError('Error', { code: 'ECONNRESET' }), sdkError('ValidationException', { status: 400 })]);
  expect(attempts).toEqual([0, 6]);
  expect(thrown.cause.name).toBe('ValidationException');
  expect(thrown.isUncertain).toBe(true);
});

test('the caller chooses the longest pause by the time since the first attempt, but no pause outlasts the time', async () => {
  const longestPause = jest.fn((elapsed: number) => (elapsed === 0 ? 10 * SECOND : 10 * MINUTE));
  const { attempts } = await callFailing([sdkError('Throttling', { status: 400 })], { remaining: 40 * SECOND, longestPause });
  expect(longestPause.mock.calls).toEqual([[0], [10 * SECOND]]);
  expect(attempts).toEqual([0, 10, 30]);
});

test('an attempt ends when the deadline says so', async () => {
  const timeout = jest.spyOn(AbortSignal, 'timeout');
  const send = jest.fn((signal: AbortSignal) => Promise.resolve(signal));
  await expect(withRetries(new Deadline(18 * SECOND), send)).resolves.toBe(timeout.mock.results[0].value);
  expect(timeout.mock.calls).toEqual([[8 * SECOND]]);
});
