import { causeOf, isDenial } from '../../lambda/denial';

const denialOf = (message: string, name = 'AccessDeniedException') => Object.assign(new Error(message), { name });

test.each([['AccessDenied', true], ['AccessDeniedException', true], ['AnAccessDenied', false], ['UnauthorizedOperation', false]])('%s is a denial: %s', (name, expected) => {
  expect(isDenial(denialOf('', name))).toBe(expected);
});

test.each([
  ['with an explicit deny', { policy: '' }],
  ['with an explicit deny in a service control policy', { policy: 'service control policy' }],
  ['with an explicit deny in an identity-based policy: arn:aws:iam::111111111111:policy/p', { policy: 'identity-based policy' }],
  ['with an explicit deny in a VPC endpoint policy ', { policy: 'VPC endpoint policy' }],
  ['because no permissions boundary allows the account:PutAlternateContact action', { policy: 'permissions boundary' }],
  ['because no resource-based policy allows the account:PutAlternateContact action', { policy: 'resource-based policy' }],
])('IAM names the policy that forbids it: %s', (end, cause) => {
  expect(causeOf(denialOf(`User: x is not authorized to perform: y on resource: z ${end}`))).toEqual(cause);
});

test.each([
  ['(Your organization must first enable trusted access.)', 'Your organization must first enable trusted access.'],
  ['(one) (two words) (three more words)', 'two words'],
  ['with an explicit deny (because of a rule)', 'because of a rule'],
])('the service explains itself in brackets: %s', (message, sentence) => {
  expect(causeOf(denialOf(message))).toEqual({ sentence });
});

test.each(['no', '', '(word)', '( )', '()', 'because no identity-based policy allows the action', 'because no policy forbids it'])('%j names no cause', message => {
  expect(causeOf(denialOf(message))).toBeUndefined();
});

test('an error that is not a denial has no cause, whatever it says', () => {
  expect(causeOf(denialOf('with an explicit deny (in a few words)', 'ValidationException'))).toBeUndefined();
});
