import { Attempt, FailedCreate, Failure, failureOf, nameOf, reasonOf } from '../../lambda/failure';
import { CallError } from '../../lambda/retry';

const CONTACT = { accountId: '222222222222', alternateContactType: 'SECURITY' };
const SET: Attempt = { what: `set ${nameOf(CONTACT)}`, action: 'account:PutAlternateContact', whenDenied: 'Do this' };
const COULD_NOT = 'Could not set the SECURITY contact of account 222222222222: ';
const callErrorOf = (name: string, message = 'no', members: object = {}) => new CallError(Object.assign(new Error(message), { name, ...members }), false);
const denial = (message: string) => callErrorOf('AccessDeniedException', message);

describe('the Reason of an error that is not a denial', () => {
  test.each([
    ['ValidationException', "Compare the values with the service's limits: name 1-64, title 1-50, emailAddress 1-254, phoneNumber 1-25 characters; accountId is 12 digits "
      + 'of an existing account'],
    ...['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'].map(name => [name,
      "The account's request quota was exhausted until the function's timeout: deploy again, deploy fewer contacts at once, or set the provider's timeout to 15 minutes"]),
    ...['InternalServerException', 'ServiceUnavailable', '503', '599'].map(name => [name, "The service kept failing until the function's timeout: deploy again"]),
    ['NotAwaited', 'CloudFormation was no longer waiting for the response. Too many functions ran at once in this account: raise the account\'s quota of concurrent executions and the reserved concurrency '
      + 'of the function, if it has one, or deploy fewer contacts at once'],
    ...['SomethingNew', 'AccountValidationException', 'NoInternalServer', 'NotServiceUnavailable', '1500', '5', 'AnAccessDenied', 'xNotAwaited', 'NotAwaitedx'].map(name => [name,
      "Deploy again; if it fails again, look for the request in the function's log"]),
  ])('%s says what failed and what to do: %s', (name, advice) => {
    expect(failureOf(callErrorOf(name, 'words of the service'), SET).message).toBe(`${COULD_NOT}${name}. ${advice}`);
  });

  test.each([['SomethingNew'], ['ValidationException']])('says that the quota was exhausted after a 429, also of %s', name => {
    expect(failureOf(callErrorOf(name, 'no', { $metadata: { httpStatusCode: 429 } }), SET).message).toMatch(/: \w+\. The account's request quota was exhausted/);
  });

  test('names the fields that the service refused, ten at most, and only what can be the name of a field', () => {
    const names = ['name', 'x'.repeat(40), 'x'.repeat(41), '', 'Jane Roe', ' title', 'title ', undefined, ...'abcdefghi'];
    const { message } = failureOf(callErrorOf('ValidationException', 'no', { fieldList: names.map(name => ({ name })) }), SET);
    expect(message).toContain(`: ValidationException (name, ${'x'.repeat(40)}, a, b, c, d, e, f, g, h). Compare`);
  });
});

describe('the Reason of a denial', () => {
  test.each([
    ['without a cause', 'no', 'Do this'],
    ['for an unforeseen cause', '(The account is closed.)', 'Do this'],
    ['because trusted access is missing', '(First enable Trusted Access.)',
      'In the management account, enable trusted access: aws organizations enable-aws-service-access --service-principal account.amazonaws.com'],
    ['of the contact of the management account', '(Use the standalone context.)',
      'Only the management account can set its own contacts: deploy this contact in a stack of the management account, and leave accountId out there'],
    ['by a policy that is named', 'x because no permissions boundary allows the action',
      "A policy forbids it (permissions boundary): allow account:PutAlternateContact there for the function's role"],
    ['by a policy that is not named', 'x with an explicit deny',
      "A policy forbids it: allow account:PutAlternateContact there for the function's role"],
  ])('%s says what to do, then what the service said', (_, message, advice) => {
    expect(failureOf(denial(message), SET).message).toBe(`${COULD_NOT}AccessDeniedException. ${advice}. The service said: ${message}`);
  });

  test('quotes the service unless that repeats a value of the contact', () => {
    const values = ['Jane Roe', 'CFO'];
    expect(failureOf(denial('no'), { ...SET, values }).message).toMatch(/ The service said: no$/);
    expect(failureOf(denial('the CFO may not'), { ...SET, values }).message).toMatch(/ Do this$/);
  });

  test('ends with the advice where the service said nothing', () => {
    expect(failureOf(denial(''), SET).message).toMatch(/ Do this$/);
  });
});

test.each([[true], [false]])('a failed call is as uncertain as its error: %s', isUncertain => {
  expect(failureOf(new CallError(callErrorOf('500').cause, isUncertain), SET).isUncertain).toBe(isUncertain);
});

test.each([['AccessDenied', true], ['ValidationException', false]])('%s is a denial: %s', (name, isDenied) => {
  expect(failureOf(callErrorOf(name), SET).isDenied).toBe(isDenied);
});

test('a failed Create has the message of the call that failed, and the id of the contact', () => {
  const failure = failureOf(callErrorOf('500'), SET);
  expect(new FailedCreate(failure, 'id')).toMatchObject({ message: failure.message, physicalId: 'id' });
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
    ['a thrown string', 'about Jane Roe', 'string'],
  ])('of %s that was not foreseen names only its kind', (_, thrown, kind) => {
    expect(reasonOf(thrown)).toBe(`Unexpected ${kind}. Deploy again; if it fails again, look for the request in the function's log`);
  });
});
