import { CallError, Deadline, isRefusal, pause, SdkError, withRetries } from '../../lambda/retry';

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

/** An error as the SDK throws it: with a status if the service answered, with a code if the connection failed. */
function sdkError(name: string, { status, code, message = 'no' }: { status?: number; code?: string; message?: string } = {}): SdkError {
  return Object.assign(new Error(message), { name, code, $metadata: { httpStatusCode: status } });
}

interface Conditions {
  readonly remaining?: number;
  readonly longestPause?: (elapsed: number) => number;
}

interface Outcome {
  /** When each attempt was made, in seconds since the first. */
  readonly attempts: number[];
  readonly thrown: CallError;
}

/** Calls what fails with these errors, one after the other and the last one for ever. */
async function callFailing(errors: SdkError[], { remaining = 15 * MINUTE, longestPause }: Conditions = {}): Promise<Outcome> {
  const start = Date.now();
  const attempts: number[] = [];
  const send = () => {
    attempts.push((Date.now() - start) / SECOND);
    return Promise.reject(errors[Math.min(attempts.length, errors.length) - 1]);
  };
  const thrown = withRetries(new Deadline(remaining), send, longestPause).then(() => { throw new Error('it succeeded'); }, (error: CallError) => error);
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
  ['a connection that is refused', sdkError('Error', { code: 'ECONNREFUSED' })],
  ['a name that is not resolved', sdkError('Error', { code: 'EAI_AGAIN' })],
  ['a request that is aborted', sdkError('AbortError')],
  ['a request that takes too long', sdkError('TimeoutError')],
  ['an internal error', sdkError('InternalServerException', { status: 500 })],
  ['an error of the load balancer', sdkError('503', { status: 503 })],
])('%s is tried again until the time is up, and may have had an effect', async (_, error) => {
  const { attempts, thrown } = await callFailing([error], { remaining: MINUTE });
  // Ten seconds are kept for the response, and no attempt is made when less than the longest pause is left before them.
  expect(attempts).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48]);
  expect(thrown.cause).toBe(error);
  expect(thrown.isUncertain).toBe(true);
});

test.each([
  ['TooManyRequestsException', 429], ['Throttling', 400], ['ThrottlingException', 400], ['RequestLimitExceeded', 400], ['SomethingNew', 429],
])('%s %i is tried again until the time is up, and had no effect', async (name, status) => {
  const { attempts, thrown } = await callFailing([sdkError(name, { status })], { remaining: 58 * SECOND });
  expect(attempts).toEqual([0, 6, 12, 18, 24, 30, 36, 42]);
  expect(thrown.isUncertain).toBe(false);
});

test.each([
  ['a validation', sdkError('ValidationException', { status: 400 }), false],
  ['a refusal that has a code', sdkError('ValidationError', { status: 400, code: 'ValidationError' }), false],
  ['a conflict', sdkError('ConflictException', { status: 499 }), false],
  ['a denial that names a policy', sdkError('AccessDeniedException', { status: 403, message: 'x with an explicit deny in a service control policy' }), false],
  ['an error whose name only ends like that of a lost connection', sdkError('NoTimeoutError'), true],
  ['an error whose name only begins like that of a lost connection', sdkError('AbortErrorOfSomething'), true],
  ['an error of the function itself', new TypeError('x'), true],
])('%s is final', async (_, error, isUncertain) => {
  const { attempts, thrown } = await callFailing([error]);
  expect(attempts).toEqual([0]);
  expect(thrown.cause).toBe(error);
  expect(thrown.isUncertain).toBe(isUncertain);
});

test('a denial without a cause is tried again for a minute: the permissions of a new role spread', async () => {
  const { attempts, thrown } = await callFailing([sdkError('AccessDeniedException', { status: 403 })]);
  expect(attempts).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60]);
  expect(thrown.isUncertain).toBe(false);
});

test.each([[1_000, 0], [1_001, 1]])('a call is made only if CloudFormation waits for more than a second: %i ms, %i calls', async (awaited, calls) => {
  const send = jest.fn(() => Promise.reject(sdkError('ValidationException', { status: 400 })));
  const thrown = await withRetries(new Deadline(15 * MINUTE, awaited), send).catch((error: CallError) => error) as CallError;
  expect(send).toHaveBeenCalledTimes(calls);
  expect(thrown).toBeInstanceOf(CallError);
  expect({ name: thrown.cause.name, isUncertain: thrown.isUncertain }).toEqual({ name: calls === 0 ? 'NotAwaited' : 'ValidationException', isUncertain: false });
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

test.each([
  ['fifteen seconds where there is time', 15 * MINUTE, 15 * SECOND],
  ['what is left before the response', 18 * SECOND, 8 * SECOND],
  ['a second where nothing is left', 5 * SECOND, SECOND],
])('a request may take %s', async (_, remaining, expected) => {
  const timeout = jest.spyOn(AbortSignal, 'timeout');
  const send = jest.fn((signal: AbortSignal) => Promise.resolve(signal));
  await expect(withRetries(new Deadline(remaining), send)).resolves.toBe(timeout.mock.results[0].value);
  expect(timeout.mock.calls).toEqual([[expected]]);
});

test.each([[undefined, false], [399, false], [400, true], [499, true], [500, false]])('a response with the status %s is a refusal: %s', (status, expected) => {
  expect(isRefusal(sdkError('x', { status }))).toBe(expected);
});

test('an error that knows nothing of a response is no refusal', () => {
  expect(isRefusal(new Error('x'))).toBe(false);
});

test('a pause lasts for a random part of the longest', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.25);
  const done = jest.fn();
  void pause(8 * SECOND).then(done);
  await jest.advanceTimersByTimeAsync(1_999);
  expect(done).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
});

describe('a deadline', () => {
  test('keeps ten seconds of the time of the function for the response', () => {
    const deadline = new Deadline(MINUTE);
    expect([deadline.forCalls, deadline.forResponse]).toEqual([50 * SECOND, 60 * SECOND]);
    jest.setSystemTime(Date.now() + 20 * SECOND);
    expect([deadline.forCalls, deadline.forResponse]).toEqual([30 * SECOND, 40 * SECOND]);
  });

  test('ends for calls when CloudFormation no longer waits, and then still leaves the time for the response', () => {
    const deadline = new Deadline(MINUTE, 30 * SECOND);
    expect([deadline.forCalls, deadline.forResponse]).toEqual([20 * SECOND, 60 * SECOND]);
  });

  test('tells whether CloudFormation waits for one more request, also within a shorter one', () => {
    const deadline = new Deadline(MINUTE, 30 * SECOND);
    const shorter = deadline.within(SECOND);
    jest.setSystemTime(Date.now() + 29 * SECOND - 1);
    expect([deadline.isAwaited, shorter.isAwaited]).toEqual([true, true]);
    jest.setSystemTime(Date.now() + 1);
    expect([deadline.isAwaited, shorter.isAwaited]).toEqual([false, false]);
  });

  test('ends for calls with the function where CloudFormation waits longer', () => {
    expect(new Deadline(MINUTE, 30 * MINUTE).forCalls).toBe(50 * SECOND);
  });

  test.each([[5 * SECOND, 5 * SECOND], [5 * MINUTE, 50 * SECOND]])('within %i ms leaves %i ms for calls', (milliseconds, forCalls) => {
    expect(new Deadline(MINUTE).within(milliseconds).forCalls).toBe(forCalls);
  });
});
