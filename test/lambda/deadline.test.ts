import { Deadline } from '../../lambda/deadline';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

beforeEach(() => { jest.useFakeTimers({ now: new Date('2026-11-24T12:00:00Z') }); });
afterEach(() => { jest.useRealTimers(); });

describe('a deadline', () => {
  test("keeps ten seconds of the function's time for the response", () => {
    const deadline = new Deadline(MINUTE);
    expect([deadline.forCalls, deadline.forResponse]).toEqual([50 * SECOND, 60 * SECOND]);
    jest.setSystemTime(Date.now() + 20 * SECOND);
    expect([deadline.forCalls, deadline.forResponse]).toEqual([30 * SECOND, 40 * SECOND]);
  });

  test('ends for calls when CloudFormation no longer waits, and then still leaves the time for the response', () => {
    const deadline = new Deadline(MINUTE, 30 * SECOND);
    expect([deadline.forCalls, deadline.forResponse]).toEqual([20 * SECOND, 60 * SECOND]);
  });

  test('ends for calls with the function where CloudFormation waits longer', () => {
    expect(new Deadline(MINUTE, 30 * MINUTE).forCalls).toBe(50 * SECOND);
  });

  test('knows whether CloudFormation waits for one more request, also within a shorter one', () => {
    const deadline = new Deadline(MINUTE, 30 * SECOND);
    const shorter = deadline.within(SECOND);
    jest.setSystemTime(Date.now() + 29 * SECOND - 1);
    expect([deadline.isAwaited, shorter.isAwaited]).toEqual([true, true]);
    jest.setSystemTime(Date.now() + 1);
    expect([deadline.isAwaited, shorter.isAwaited]).toEqual([false, false]);
  });

  test.each([[5 * SECOND, 5 * SECOND], [5 * MINUTE, 50 * SECOND]])('within %i ms leaves %i ms for calls', (milliseconds, forCalls) => {
    expect(new Deadline(MINUTE).within(milliseconds).forCalls).toBe(forCalls);
  });

  test.each([
    ['fifteen seconds where there is time', 15 * MINUTE, 15 * SECOND],
    ['what is left before the response', 18 * SECOND, 8 * SECOND],
    ['a second where nothing is left', 5 * SECOND, SECOND],
  ])('gives a request %s', (_, remaining, expected) => {
    expect(new Deadline(remaining).forRequest).toBe(expected);
  });
});
