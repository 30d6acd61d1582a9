import { OWN, useHarness, VALUES } from './harness';

/* The handler checks what could not be checked at synthesis: the values of tokens, and templates that were written by hand. */
const harness = useHarness();
const email = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`;

test.each<[string, unknown]>([
  ['Name', ''], ['Name', '  '], ['Name', 'n'.repeat(65)], ['Name', ['a']], ['Name', { a: 'b' }], ['Name', 7], ['Name', null], ['Name', 'a\u0000b'],
  ['Name', 'x\n{"RequestType":"Delete"}'], ['Name', '\u2028'], ['Title', 't'.repeat(51)], ['Title', ''], ['EmailAddress', email(255)],
  ['EmailAddress', 'nobody'], ['EmailAddress', 'a@example.com\nBcc: b@example.com'], ['PhoneNumber', '1'.repeat(26)], ['PhoneNumber', 'call me'],
  ['PhoneNumber', '1\n'], ['AlternateContactType', 'PRIMARY'], ['AlternateContactType', 'security'], ['AccountId', '1'], ['AccountId', ''],
  ['AccountId', `${OWN}\n`], ['OverwriteExisting', 'maybe'], ['OverwriteExisting', ''],
])('%s %j is refused by its name and rule, and nothing is called', async (property, value) => {
  const { Status, Reason } = await harness.deliver({ RequestType: 'Create' }, { [property]: value });
  expect(Status).toBe('FAILED');
  expect(Reason).toContain(`Nothing was changed: ${property} must be `);
  if (typeof value === 'string' && value.trim().length > 3) { expect(Reason).not.toContain(value); }
  expect(harness.callsMade).toEqual([]);
});

test.each<[string, string]>([['Name', 'n'.repeat(64)], ['Name', '😀'.repeat(64)], ['Title', 't'.repeat(50)], ['EmailAddress', email(254)], ['PhoneNumber', '1'.repeat(25)]])(
  '%s %j is put', async (property, value) => {
    expect(await harness.deliver({ RequestType: 'Create' }, { [property]: value })).toMatchObject({ Status: 'SUCCESS' });
    expect(harness.stored()).toMatchObject({ [property]: value });
  });

test.each(['AlternateContactType', 'Name', 'Title', 'EmailAddress', 'PhoneNumber'])('a missing %s is refused, and nothing is called', async missing => {
  const rest = Object.fromEntries(Object.entries({ AlternateContactType: 'SECURITY', ...VALUES }).filter(([property]) => property !== missing));
  const { Status, Reason } = await harness.deliverExactly({ RequestType: 'Create' }, rest);
  expect(Status).toBe('FAILED');
  expect(Reason).toBe(`Nothing was changed: ${missing} is missing`);
  expect(harness.callsMade).toEqual([]);
});

test('all mistakes are reported at once', async () => {
  const { Reason } = await harness.deliverExactly({ RequestType: 'Create' }, { AlternateContactType: 'SECURITY', Nmae: 'x', ...VALUES, Title: '', Name: '' });
  expect(Reason).toMatch(/^Nothing was changed: unknown property Nmae\. Name must be .*\. Title must be /);
});

test('a dynamic reference that CloudFormation did not resolve is refused, and nothing is called', async () => {
  const { Status, Reason } = await harness.deliver({ RequestType: 'Create' }, { Title: '{{resolve:ssm-secure:title}}' });
  expect({ Status, Reason }).toEqual({ Status: 'FAILED', Reason: 'Nothing was changed: Title is a dynamic reference that was not resolved' });
  expect(harness.callsMade).toEqual([]);
});

test.each(['Email', 'constructor', '__proto__x'])('an unknown property %s is refused, and nothing is called', async property => {
  const { Status, Reason } = await harness.deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, { [property]: 'x' });
  expect({ Status, Reason }).toEqual({ Status: 'FAILED', Reason: `Nothing was changed: unknown property ${property}` });
  expect(harness.callsMade).toEqual([]);
});
