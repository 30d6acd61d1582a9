import { unmetRequirement, parsePhysicalId, isSame, isSameContact, physicalIdOf, RULES, uncertainIdOf } from '../../src/private/contract';

const CONTACT = { accountId: '111111111111', alternateContactType: 'SECURITY' };
const EMAIL = 'an e-mail address of 1 to 254 characters: letters, digits and _+=.#|!&- before the @, and a domain with a dot after it';
const INVISIBLE = ', without control or invisible characters';

test.each([
  ['AccountId', 'a string of 12 digits'],
  ['AlternateContactType', 'BILLING, OPERATIONS or SECURITY'],
  ['EmailAddress', EMAIL],
  ['Name', '1 to 64 characters, not blank'],
  ['PhoneNumber', '1 to 25 digits, spaces and the characters ()+-, not blank'],
  ['Title', '1 to 50 characters, not blank'],
  ['OverwriteExisting', 'true or false'],
  ['Revision', '1 to 64 characters, not blank'],
])('%s must be %s', (property, rule) => {
  expect(unmetRequirement(property, '')).toBe(rule);
  expect(unmetRequirement(property, undefined)).toBe(rule);
  expect(unmetRequirement(property, 7)).toBe(rule);
  expect(unmetRequirement(property, 'a\u0007b')).toBe(rule + INVISIBLE);
});

test('only these properties have rules', () => {
  expect(Object.keys(RULES)).toHaveLength(8);
});

test.each([
  ['AccountId', ['111111111111', '000000000000']],
  ['AlternateContactType', ['BILLING', 'OPERATIONS', 'SECURITY']],
  ['OverwriteExisting', ['true', 'false']],
  ['Revision', ['1', '2026-11-30T09:00:00.000Z', 'r'.repeat(64)]],
  ['EmailAddress', ['a@b.c', ' Ab_1+=.#|!&-@sub-1.example.co1  ', `${'a'.repeat(248)}@b.com`]],
  ['PhoneNumber', ['0', ' +1 (555) 010-9 ', '1'.repeat(25)]],
  ['Name', ['n', ' n ', 'n'.repeat(64), '😀'.repeat(64), '👩\u200d💻', 'می\u200cخواهم']],
  ['Title', ['t', 't'.repeat(50)]],
])('%s accepts each of %j', (property, values) => {
  for (const value of values) { expect({ value, unmet: unmetRequirement(property, value) }).toEqual({ value, unmet: undefined }); }
});

test.each([
  ['AccountId', ['11111111111', '1111111111111', 'x111111111111', '111111111111x', ' 111111111111', 'aaaaaaaaaaaa']],
  ['AlternateContactType', ['PRIMARY', 'xBILLING', 'BILLINGx', 'billing']],
  ['OverwriteExisting', ['yes', 'xtrue', 'falsex', 'True']],
  ['EmailAddress', [
    'a', 'a@', '@b.c', 'a@b', 'a@.', 'a@b.', 'a b@c.d', 'a@b c.d', 'a@b.c d', 'x a@b.c', 'a@b.c x', 'a,b@c.d', 'a@b,c.d', 'a@b.,', 'a@bc',
  ]],
  ['PhoneNumber', ['x', '1x', 'x1', '1.2', '   ']],
  ['Name', ['   ', '\u00a0']],
  ['Title', ['   ']],
])('%s refuses each of %j', (property, values) => {
  for (const value of values) {
    expect({ value, unmet: unmetRequirement(property, value) }).toEqual({ value, unmet: RULES[property].requirement });
  }
});

test.each([
  ['Name', 'n'.repeat(65), 65], ['Name', '😀'.repeat(66), 66], ['Title', 't'.repeat(51), 51], ['PhoneNumber', '1'.repeat(26), 26],
  ['PhoneNumber', 'x'.repeat(30), 30], ['EmailAddress', `${'a'.repeat(249)}@b.com`, 255],
])('a %s that is too long is refused, and its length is said: %s', (property, value, length) => {
  expect(unmetRequirement(property, value)).toBe(`${RULES[property].requirement} (it has ${length} characters)`);
});

test.each([
  ['a control character', 'a\u0000b'], ['a line feed', 'a\nb'], ['a soft hyphen', 'a\u00adb'], ['a zero-width space', 'a\u200bb'], ['half of a character', 'a\ud83db'],
  ['a line separator', 'a\u2028b'], ['a paragraph separator', 'a\u2029b'], ['a mark that changes the direction', '\u202eb'], ['a joiner alone', '\u200d'], ['a joiner at the start', '\u200db'],
  ['a joiner at the end', 'a\u200c'], ['a joiner after a space', 'a \u200db'], ['a joiner before a space', 'a\u200d b'], ['two joiners', 'a\u200c\u200db'],
])('%s is invisible', (_, value) => {
  expect(unmetRequirement('Name', value)).toBe(`1 to 64 characters, not blank${INVISIBLE}`);
});

test.each([['111111111111/SECURITY', false], ['111111111111/SECURITY/took-over', true]])('%s names a contact, and says whether it was taken over', (physicalId, tookOver) => {
  expect(parsePhysicalId(physicalId)).toEqual({ ...CONTACT, tookOver });
  expect(physicalIdOf({ ...CONTACT, tookOver })).toBe(physicalId);
});

test('the id of a failed Create that may have set the contact names the contact, and differs from the id of a success', () => {
  expect(uncertainIdOf(CONTACT)).toBe('111111111111/SECURITY/uncertain');
  expect(parsePhysicalId('111111111111/SECURITY/uncertain')).toEqual({ ...CONTACT, tookOver: false });
});

test.each([
  undefined, '', 'Logical/not-created', '111111111111/', '111111111111/PRIMARY', '1111111111111/SECURITY', '11111111111/SECURITY', 'x111111111111/SECURITY',
  '111111111111/SECURITY/', '111111111111/SECURITY/took-overx', '111111111111/SECURITY/took-over/uncertain', 'aaaaaaaaaaaa/SECURITY',
])('%j does not name a contact', physicalId => {
  expect(parsePhysicalId(physicalId)).toBeUndefined();
});

test('two contacts are the same if their account and type are', () => {
  expect(isSameContact(CONTACT, { ...CONTACT })).toBe(true);
  expect(isSameContact(CONTACT, { ...CONTACT, accountId: '222222222222' })).toBe(false);
  expect(isSameContact(CONTACT, { ...CONTACT, alternateContactType: 'BILLING' })).toBe(false);
  expect(isSameContact(undefined, CONTACT)).toBe(false);
});

describe('two contacts have the same values', () => {
  const values = { EmailAddress: 'soc@example.com', Name: 'Security', PhoneNumber: '1', Title: 'On call' };

  test('if all four are the same, but for white space around them', () => {
    expect(isSame(values, { EmailAddress: ' soc@example.com', Name: 'Security ', PhoneNumber: ' 1 ', Title: 'On call' })).toBe(true);
    expect(isSame(undefined, undefined)).toBe(true);
  });

  test.each(['EmailAddress', 'Name', 'PhoneNumber', 'Title'])('only if the %s is the same', member => {
    expect(isSame(values, { ...values, [member]: 'x' })).toBe(false);
    expect(isSame({ ...values, [member]: undefined! }, values)).toBe(false);
  });

  test('only if both are there', () => {
    expect(isSame(values, undefined)).toBe(false);
    expect(isSame(undefined, values)).toBe(false);
  });
});
