import { sdkError } from './sdk-errors';
import { patienceFor } from '../../lambda/patience';

test.each([
  ['a connection that is reset', sdkError('Error', { code: 'ECONNRESET' })],
  ['a request that takes too long', sdkError('TimeoutError')],
  ['an internal error', sdkError('InternalServerException', { status: 500 })],
  ['an error of the load balancer', sdkError('503', { status: 503 })],
  ['a throttled call', sdkError('TooManyRequestsException', { status: 429 })],
])('%s is worth trying for as long as there is time', (_, error) => {
  expect(patienceFor(error)).toBe(Infinity);
});

test.each([
  ['no cause', 'no'],
  ['that no policy of the role allows the call', 'because no identity-based policy allows the action'],
])('a denial that names %s is worth trying for a minute: the permissions of a new role propagate', (_, message) => {
  expect(patienceFor(sdkError('AccessDeniedException', { status: 403, message }))).toBe(60_000);
});

test('a host that is not found is worth trying for a minute: the name of a new VPC endpoint propagates', () => {
  expect(patienceFor(sdkError('Error', { code: 'ENOTFOUND' }))).toBe(60_000);
  expect(patienceFor(sdkError('Error', { code: 'EAI_AGAIN' }))).toBe(Infinity);
});

test.each([
  ['a certificate that has expired', sdkError('Error', { code: 'CERT_HAS_EXPIRED' })],
  ['a certificate that signs itself', sdkError('Error', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
  ['a certificate for another host', sdkError('Error', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
  ['a certificate of an unknown authority', sdkError('Error', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })],
  ['a validation', sdkError('ValidationException', { status: 400 })],
  ['a refusal that has a code', sdkError('ValidationError', { status: 400, code: 'ValidationError' })],
  ['a conflict', sdkError('ConflictException', { status: 499 })],
  ['a denial that names a policy', sdkError('AccessDeniedException', { status: 403, message: 'x with an explicit deny in a service control policy' })],
  ['a denial that the service explains', sdkError('AccessDeniedException', { status: 403, message: 'x (The account is closed.)' })],
  ['an error of the function itself', new TypeError('x')],
])('%s is final', (_, error) => {
  expect(patienceFor(error)).toBe(0);
});
