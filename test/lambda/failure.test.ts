import { Attempt, Failure, failureOf, nameOf, reasonOf } from '../../lambda/failure';

const CONTACT = { accountId: '222222222222', alternateContactType: 'SECURITY' };
const SET: Attempt = { what: `set ${nameOf(CONTACT)}`, action: 'account:PutAlternateContact', target: 'other account' };
const COULD_NOT = 'Could not set the SECURITY contact of account 222222222222: ';
const errorOf = (name: string, message = 'no', members: object = {}) => Object.assign(new Error(message), { name, ...members });
const denial = (message: string) => errorOf('AccessDeniedException', message);

describe('the Reason of an error that is no denial', () => {
  test.each([
    ['ValidationException', "Compare the values with the service's limits: name 1-64, title 1-50, emailAddress 1-254, phoneNumber 1-25 characters; accountId is 12 digits "
      + 'of an existing account'],
    ...['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'].map(name => [name,
      'The quota of the organization was used up until the time of the function was over: deploy again, set fewer contacts at once, or give the provider\'s timeout its 15 minutes']),
    ...['InternalServerException', 'ServiceUnavailable', '503', '599'].map(name => [name, 'The service failed until the time of the function was over: deploy again']),
    ...['SomethingNew', 'AccountValidationException', 'NoInternalServer', 'NotServiceUnavailable', '1500', '5', 'AnAccessDenied'].map(name => [name,
      'Deploy again; if it fails again, look for the request in the logs of the function']),
  ])('%s says what failed and what to do: %s', (name, advice) => {
    expect(failureOf(errorOf(name, 'words of the service'), SET).message).toBe(`${COULD_NOT}${name}. ${advice}`);
  });

  test('names the fields that the service refused, ten at most, and only what can be the name of a field', () => {
    const names = ['name', 'x'.repeat(40), 'x'.repeat(41), '', 'Jane Roe', ' title', 'title ', undefined, ...'abcdefghi'];
    const { message } = failureOf(errorOf('ValidationException', 'no', { fieldList: names.map(name => ({ name })) }), SET);
    expect(message).toContain(`: ValidationException (name, ${'x'.repeat(40)}, a, b, c, d, e, f, g, h). Compare`);
  });
});

describe('the Reason of a denial', () => {
  test.each([
    ['without a cause, of the own account', 'own account', 'account:PutAlternateContact', 'no',
      "Check that the function's role allows account:PutAlternateContact, and whether a service control policy forbids it. A new role may need more time: deploy again"],
    ['without a cause, of a stack', 'stack', 'cloudformation:DescribeStacks', 'no',
      "Allow cloudformation:DescribeStacks on this stack, and on the stacks that it is nested with, for the function's role. A new role may need more time: deploy again"],
    ['without a cause, of another account', 'other account', 'account:PutAlternateContact', 'no',
      'Only the management account, or the delegated administrator for account.amazonaws.com, can name another account, which must be an active member of its organization with '
      + 'all features and trusted access enabled. Deploy from there, or leave accountId out in a stack of the account itself. If the account is closed, suspended or has left the '
      + 'organization, give its contacts RemovalPolicy.RETAIN, deploy, then remove them'],
    ['without a cause, of a Delete in another account', 'other account', 'account:DeleteAlternateContact', 'no',
      'Only the management account, or the delegated administrator for account.amazonaws.com, can name another account, which must be an active member of its organization with '
      + "all features and trusted access enabled. If the account is closed, suspended or has left the organization, its contact can't be deleted: delete the stack with "
      + '--retain-resources, or give the contact RemovalPolicy.RETAIN before you remove it'],
    ['for want of trusted access', 'other account', 'account:PutAlternateContact', '(First enable Trusted Access.)',
      'In the management account, enable trusted access: aws organizations enable-aws-service-access --service-principal account.amazonaws.com'],
    ['of the contact of the management account', 'other account', 'account:PutAlternateContact', '(Use the standalone context.)',
      'The contacts of a management account can only be set from itself: deploy this contact in a stack of the management account, and leave accountId out there'],
    ['by a policy that is named', 'own account', 'account:PutAlternateContact', 'x because no permissions boundary allows the action',
      "A policy forbids it (permissions boundary): allow account:PutAlternateContact there for the function's role"],
    ['by a policy that is not named', 'own account', 'account:PutAlternateContact', 'x with an explicit deny',
      "A policy forbids it: allow account:PutAlternateContact there for the function's role"],
  ] as const)('%s says what to do, then what the service said', (_, target, action, message, advice) => {
    expect(failureOf(denial(message), { ...SET, target, action }).message).toBe(`${COULD_NOT}AccessDeniedException. ${advice}. The service said: ${message}`);
  });

  test('quotes the service unless that repeats a value of the contact', () => {
    const values = ['Jane Roe', 'CFO'];
    expect(failureOf(denial('no'), { ...SET, values }).message).toMatch(/ The service said: no$/);
    expect(failureOf(denial('the CFO may not'), { ...SET, values }).message).toMatch(/ then remove them$/);
  });

  test('ends with the advice where the service said nothing', () => {
    expect(failureOf(denial(''), SET).message).toMatch(/ then remove them$/);
  });
});

test.each([[true, true], [undefined, false]])('a failure is uncertain as its error is: %s', (isUncertain, expected) => {
  const failure = failureOf(errorOf('500', 'no', { isUncertain }), SET);
  expect(failure.isUncertain).toBe(expected);
  expect(failure.withPhysicalId('id')).toEqual(new Failure(failure.message, expected, 'id'));
  expect(failure.withPhysicalId('id')).toMatchObject({ isUncertain: expected, physicalId: 'id' });
});

describe('the Reason', () => {
  test('of a failure is its message in one line, with one space for whatever CloudFormation may not show', () => {
    expect(reasonOf(new Failure('one\r\n\ttwo\u2028three ~'))).toBe('one two three ~');
  });

  test('has 800 characters at most', () => {
    expect(reasonOf(new Failure('x'.repeat(800)))).toBe('x'.repeat(800));
    expect(reasonOf(new Failure(`${'x'.repeat(800)}y`))).toBe('x'.repeat(800));
  });

  test.each([
    ['an error', new TypeError('about Jane Roe'), 'TypeError'],
    ['no error at all', 'about Jane Roe', 'string'],
  ])('of %s that nobody foresaw tells its kind alone', (_, thrown, kind) => {
    expect(reasonOf(thrown)).toBe(`Unexpected ${kind}. Deploy again; if it fails again, look for the request in the logs of the function`);
  });
});
