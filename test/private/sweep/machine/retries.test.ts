import { ACCOUNT_RETRY, MAP_RETRY, MINUTE_RETRY, ORGANIZATIONS_RETRY } from '../../../../src/private/sweep/machine/retries';

/** The pauses between the attempts, in seconds, at the longest. */
const pausesOf = ({ IntervalSeconds = 1, MaxAttempts, MaxDelaySeconds = Infinity }: typeof ACCOUNT_RETRY) =>
  Array.from({ length: MaxAttempts }, (_, i) => Math.min(IntervalSeconds * 2 ** i, MaxDelaySeconds));

test.each([['Account Management', ACCOUNT_RETRY], ['Organizations', ORGANIZATIONS_RETRY]])(
  'a call to %s is tried again six times within a minute, each time at random, because many children call', (_, retry) => {
    expect(pausesOf(retry)).toEqual([1, 2, 4, 8, 16, 20]);
    expect(retry.JitterStrategy).toBe('FULL');
  });

test.each([
  ['Account Management', ACCOUNT_RETRY, ['Account.TooManyRequestsException', 'Account.InternalServerException', 'Account.AccountException', 'Account.SdkClientException']],
  ['Organizations', ORGANIZATIONS_RETRY,
    ['Organizations.TooManyRequestsException', 'Organizations.ServiceException', 'Organizations.OrganizationsException', 'Organizations.SdkClientException']],
])('%s is called again after throttling, an error of the service, an error without a name and a lost connection, and after nothing else', (_, { ErrorEquals }, errors) => {
  expect([...ErrorEquals].sort()).toEqual([...errors].sort());
});

test('a call to Step Functions is tried again for a minute whatever the error is, because a new role does not work everywhere at once', () => {
  expect(MINUTE_RETRY.ErrorEquals).toEqual(['States.TaskFailed']);
  expect(pausesOf(MINUTE_RETRY)).toEqual([1, 2, 4, 8, 16, 32]);
});

test('children that failed run twice again', () => {
  expect(MAP_RETRY.ErrorEquals).toEqual(['States.ALL']);
  expect(pausesOf(MAP_RETRY)).toEqual([10, 20]);
});
