import type { Retrier } from './asl';

/*
 * What is retried, and for how long. Where nothing else is said, the language waits one second before the first retry, and twice as long before each
 * further one.
 */

/** Retries what may pass by itself: throttling, errors of the service, lost connections. */
function transient(service: string, errors: readonly string[]): Retrier {
  return { ErrorEquals: errors.map(error => `${service}.${error}`), JitterStrategy: 'FULL', MaxAttempts: 6, MaxDelaySeconds: 20 };
}

export const ACCOUNT_RETRY = transient('Account', ['TooManyRequestsException', 'InternalServerException', 'AccountException', 'SdkClientException']);
export const ORGANIZATIONS_RETRY = transient('Organizations', [
  'TooManyRequestsException', 'ServiceException', 'OrganizationsException', 'SdkClientException',
]);

/** Retries every error for about a minute, because a new role does not work everywhere at once. */
export const MINUTE_RETRY: Retrier = { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 6 };

/** Runs all children of a Distributed Map again. */
export const MAP_RETRY: Retrier = { ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL', IntervalSeconds: 10, MaxAttempts: 2 };
