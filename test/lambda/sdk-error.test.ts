import { sdkError } from './sdk-errors';
import { isInternal, isRefusal, isThrottled, isUnanswered } from '../../lambda/sdk-error';

test.each([[undefined, false], [399, false], [400, true], [499, true], [500, false]])('a response with the status %s is a refusal: %s', (status, expected) => {
  expect(isRefusal(sdkError('x', { status }))).toBe(expected);
});

test.each([
  ['TooManyRequestsException', 429, true], ['Throttling', 400, true], ['ThrottlingException', 400, true], ['RequestLimitExceeded', 400, true],
  ['SomethingNew', 429, true], ['SomethingNew', 428, false],
])('%s %i was throttled: %s', (name, status, expected) => {
  expect(isThrottled(sdkError(name, { status }))).toBe(expected);
});

test.each([[undefined, false], [499, false], [500, true], [503, true]])('a response with the status %s is a failure of the service: %s', (status, expected) => {
  expect(isInternal(sdkError('x', { status }))).toBe(expected);
});

test.each([
  ['a connection that is reset', sdkError('Error', { code: 'ECONNRESET' }), true],
  ['a connection that is refused', sdkError('Error', { code: 'ECONNREFUSED' }), true],
  ['a name that is not resolved', sdkError('Error', { code: 'EAI_AGAIN' }), true],
  ['a request that is aborted', sdkError('AbortError'), true],
  ['a request that takes too long', sdkError('TimeoutError'), true],
  ['a refusal that has a code', sdkError('ValidationError', { status: 400, code: 'ValidationError' }), false],
  ['an error whose name only ends like that of a lost connection', sdkError('NoTimeoutError'), false],
  ['an error whose name only begins like that of a lost connection', sdkError('AbortErrorOfSomething'), false],
])('%s leaves the call unanswered: %s', (_, error, expected) => {
  expect(isUnanswered(error)).toBe(expected);
});

test('an error without metadata and code belongs to no class', () => {
  const error = new Error('x');
  expect([isRefusal(error), isThrottled(error), isInternal(error), isUnanswered(error)]).toEqual([false, false, false, false]);
});
