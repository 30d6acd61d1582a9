import { App, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AlternateContact, AlternateContactProps, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../src';

const VALID: AlternateContactProps = {
  alternateContactType: AlternateContactType.SECURITY,
  name: 'Security team',
  title: 'On call',
  emailAddress: 'security@example.com',
  phoneNumber: '+1 (555) 010-0',
};
const define = (props: object) => new AlternateContact(new Stack(new App(), 'Stack'), 'Contact', { ...VALID, ...props });
const email = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`;

test.each<[string, unknown]>([
  ['name', 'n'],
  ['name', 'n'.repeat(64)],
  ['name', '😀'.repeat(64)],
  ['name', 'Équipe sécurité 安全'],
  ['title', 't'.repeat(50)],
  ['emailAddress', email(254)],
  ['emailAddress', 'a_b+c=d.e#f|g!h&i-j@sub.example-domain.com'],
  ['emailAddress', ' padded@example.com '],
  ['phoneNumber', '1'],
  ['phoneNumber', '+(1) 234-5678901234567890'],
  ['accountId', '000000000000'],
  ['accountId', undefined],
  ['name', Lazy.string({ produce: () => '' })],
  ['emailAddress', `prefix-${Lazy.string({ produce: () => 'x' })}`],
])('%s takes %j', (property, value) => {
  expect(() => define({ [property]: value })).not.toThrow();
});

test.each<[string, unknown, string, string]>([
  ['name', '', 'a text of 1 to 64 characters, not blank', '""'],
  ['name', ' \u00a0', 'not blank', '" \u00a0"'],
  ['name', 'n'.repeat(65), 'a text of 1 to 64 characters', `"${'n'.repeat(65)}"`],
  ['name', '😀'.repeat(65), 'a text of 1 to 64 characters', '😀"'],
  ['name', 'two\nlines', 'without control characters', '"two\\nlines"'],
  ['name', undefined, 'a text of 1 to 64 characters', 'got nothing'],
  ['name', 7, 'a text of 1 to 64 characters', 'the number 7'],
  ['title', 't'.repeat(51), 'a text of 1 to 50 characters', `"${'t'.repeat(51)}"`],
  ['title', '\t', 'not blank', '"\\t"'],
  ['emailAddress', email(255), '1 to 254 characters', '@example.com"'],
  ['emailAddress', 'nobody', 'an e-mail address', '"nobody"'],
  ['emailAddress', 'a@b', 'an e-mail address', '"a@b"'],
  ['emailAddress', 'a@example.com b@example.com', 'an e-mail address', '"a@example.com b@example.com"'],
  ['emailAddress', "o'hara@example.com", 'letters, digits and _+=.#|!&-', '"o\'hara@example.com"'],
  ['emailAddress', 'ä@example.com', 'an e-mail address', '"ä@example.com"'],
  ['phoneNumber', '1'.repeat(26), '1 to 25 digits', `"${'1'.repeat(26)}"`],
  ['phoneNumber', '555-CALL', 'digits, spaces and the characters ()+-', '"555-CALL"'],
  ['phoneNumber', '   ', 'not blank', '"   "'],
  ['accountId', '11111111111', 'a string of 12 digits', '"11111111111"'],
  ['accountId', '1111111111111', 'a string of 12 digits', '"1111111111111"'],
  ['accountId', '11111111111x', 'a string of 12 digits', '"11111111111x"'],
  ['accountId', '', 'a string of 12 digits', '""'],
  ['accountId', 111111111111, 'a string of 12 digits', 'the number 111111111111'],
  ['accountId', null, 'a string of 12 digits', 'the object null'],
  ['alternateContactType', 'security', 'BILLING, OPERATIONS or SECURITY', '"security"'],
])('%s refuses %j', (property, value, rule, got) => {
  const error = expect(() => define({ [property]: value }));
  error.toThrow(`Stack/Contact: ${property} must be `);
  error.toThrow(rule);
  error.toThrow(got);
});

test('everything that is wrong is told at once', () => {
  expect(() => define({ name: '', title: '' })).toThrow(/name must be .*\. title must be /);
});

test('a snapshot is no removal policy of a contact', () => {
  expect(() => define({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow('Stack/Contact: removalPolicy must not be SNAPSHOT, because a contact has none; got "snapshot"');
});

test('AlternateContacts wants at least one', () => {
  expect(() => new AlternateContacts(new Stack(), 'Contacts', {})).toThrow('at least one of billing, operations and security must be given; got none');
});

test('a provider of another stack is refused: the function asks its own stack before it deletes', () => {
  const app = new App();
  const provider = new AlternateContactProvider(new Stack(app, 'One'), 'Provider');
  expect(() => new AlternateContact(new Stack(app, 'Two'), 'Contact', { ...VALID, provider }))
    .toThrow('Two/Contact: provider must be in the same stack, because the function asks its own stack before it deletes a contact; got One/Provider');
});
