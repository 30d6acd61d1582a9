import { evaluate, ids } from './evaluate';
import { nextOf, stateNamed, valueOf } from './states';
import { notListed, notSet, summary } from '../../../../src/private/sweep/machine/settle';

describe('the result', () => {
  const totals = {
    accounts: 3, contacts: 9, changes: 2, changed: ['222222222222 BILLING'], changedAccounts: 1, leftAlone: 4, notActive: 5, managementAccount: null,
  };

  test('names the mode, the counts and the accounts that were set', async () => {
    expect(await evaluate(summary(true), { totals })).toEqual({
      mode: 'enforce', accounts: 3, contacts: 9, contactsSet: 2, accountsSet: ['222222222222 BILLING'], leftAlone: 4, notActive: 5,
    });
  });

  test('names in report only mode the accounts that differ', async () => {
    expect(await evaluate(summary(false), { totals })).toEqual({
      mode: 'report only', accounts: 3, contacts: 9, contactsThatDiffer: 2, accountsThatDiffer: ['222222222222 BILLING'], leftAlone: 4, notActive: 5,
    });
  });

  test('says how many accounts it does not name, and that the management account was skipped', async () => {
    expect(await evaluate(summary(true), { totals: { ...totals, changedAccounts: 12, managementAccount: '999999999999' } })).toMatchObject({
      accountsNotNamedHere: 11, managementAccount: '999999999999 was skipped: its contacts can only be set from itself',
    });
  });
});

describe('the cause of a failure', () => {
  const totals = { accounts: 3, changed: ['222222222222 BILLING', '333333333333 SECURITY'], changedAccounts: 2 };
  const variables = { own: '111111111111', unnamed: 0, totals, failed: { 'Account.X': ['444444444444'] }, problem: { cause: 'It failed.' } };

  test('names the accounts by error', async () => {
    expect(await evaluate(notSet(true), { ...variables, failed: { 'Account.X': ['4', '5'].map(id => id.repeat(12)), 'NotReached': ['666666666666'] } })).toBe(
      '3 of 6 accounts could not be set. All others are as declared. The next sweep tries again. '
      + 'The accounts that failed, by error: Account.X: 444444444444, 555555555555; NotReached: 666666666666.');
  });

  test('names in report only mode the accounts that differ', async () => {
    expect(await evaluate(notSet(false), variables)).toBe('1 of 4 accounts could not be compared. '
      + '2 of the others differ from the declaration: 222222222222 BILLING; 333333333333 SECURITY. The next sweep tries again. '
      + 'The accounts that failed, by error: Account.X: 444444444444.');
    expect(await evaluate(notSet(false), { ...variables, totals: { accounts: 3, changed: [], changedAccounts: 0 } })).toContain('All others are as declared.');
  });

  test('says what to check if all accounts are denied', async () => {
    const denied = { ...variables, failed: { 'Account.AccessDeniedException': ['444444444444'] } };
    const command = 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com';
    expect(await evaluate(notSet(true), { ...denied, totals: { accounts: 1 } })).toContain(command);
    expect(await evaluate(notSet(true), { ...denied, totals: { accounts: 2 } })).not.toContain(command);
    expect(await evaluate(notSet(true), { ...variables, totals: { accounts: 0 } })).not.toContain(command);
  });

  test.each([true, false])('has less than 32,768 characters, and ends with how many accounts are not named (enforce: %j)', async enforce => {
    const cause = await evaluate(notSet(enforce), {
      ...variables,
      failed: { 'Account.AccessDeniedException': ids(3_000), 'NotReached': ids(1_000, 3_000) },
      unnamed: 500,
      totals: { accounts: 1_700, changed: ids(1_500, 5_000).map(id => `${id} BILLING,OPERATIONS,SECURITY`), changedAccounts: 1_700 },
    }) as string;
    expect(cause.length).toBeLessThan(32_768);
    const [named, differing] = [/by error: (.*)/.exec(cause)?.[1] ?? '', /declaration: (.*)/.exec(cause)?.[1].split(' The next')[0] ?? ''];
    const count = (text: string) => text.match(/\d{12}/g)?.length ?? 0;
    expect(count(named)).toBeGreaterThan(900);
    expect(cause).toMatch(new RegExp(` ${4_500 - count(named)} more accounts are not named here\\.$`));
    if (!enforce) { expect(cause).toContain(` ${1_700 - count(differing)} more accounts that differ are not named here.`); }
  });

  test('ends with how many accounts failed if none of them is known any more', async () => {
    expect(await evaluate(notSet(true), { ...variables, failed: {}, unnamed: 12 })).toMatch(/tries again\. 12 more accounts are not named here\.$/);
  });

  test('names the accounts that failed if others could not be listed', async () => {
    expect(await evaluate(notListed, { ...variables, failed: {} })).toBe('It failed.');
    expect(await evaluate(notListed, variables)).toBe(
      'It failed. Some accounts that were listed could not be set. The accounts that failed, by error: Account.X: 444444444444.');
    const position = (...accountIds: string[]) => ({ ids: accountIds, token: null, checkAccess: false });
    expect(await evaluate(notListed, { ...variables, failed: {}, position: { ...position(), ids: null } })).toBe('It failed.');
    expect(await evaluate(notListed, { ...variables, failed: {}, position: position() })).toBe('It failed.');
  });

  // Accounts that are tried again by name are looked up again, which may fail.
  test('names the accounts that were to be tried again and were not reached', async () => {
    const position = { ids: ['555555555555', '666666666666'], token: null, checkAccess: false };
    expect(await evaluate(notListed, { ...variables, failed: {}, position })).toBe('It failed. These accounts were not reached: 555555555555, 666666666666.');
    const failed = { 'Account.X': ids(4_000) };
    const many = await evaluate(notListed, { ...variables, failed, position: { ...position, ids: ids(4_000, 4_000) } }) as string;
    expect(many.length).toBeLessThan(32_768);
    expect(many).toMatch(/ \d{4} more were not reached\..* \d{4} more accounts are not named here\.$/);
  });
});

describe('after a round', () => {
  const variables = { queue: [], position: null, problem: null, failed: {}, unnamed: 0, tries: 0, listTries: 0 };
  const next = (more: object) => nextOf('What is left to do?', { ...variables, ...more });
  const failed = { 'Account.X': ['222222222222'], 'NotReached': ['333333333333', '222222222222'] };
  const problem = { name: 'WrongSetUp', cause: '' };

  test('the queue is set first, also if there is a problem', async () => {
    expect(await next({ queue: ['222222222222 0.1.2'], problem, failed })).toBe('Set contacts and list ahead');
  });

  test('a list is tried again three times, after 15, 30 and 60 seconds', async () => {
    const { Seconds } = stateNamed<{ Seconds: string }>('Wait before listing again');
    expect(await Promise.all([0, 1, 2].map(listTries => valueOf(Seconds, { listTries })))).toEqual([15, 30, 60]);
    expect(await next({ problem, listTries: 2 })).toBe('Wait before listing again');
    expect(await next({ problem, listTries: 3 })).toBe('The accounts cannot be listed or read');
  });

  test('the accounts that failed are tried again when all others are done, four times in half an hour', async () => {
    const { Seconds } = stateNamed<{ Seconds: string }>('Wait before trying failed accounts again');
    expect(await Promise.all([0, 1, 2, 3].map(tries => valueOf(Seconds, { tries })))).toEqual([120, 240, 480, 960]);
    expect(await next({ failed, position: { ids: null, token: 't', checkAccess: false } })).toBe('Set contacts and list ahead');
    expect(await next({ failed, tries: 3 })).toBe('Wait before trying failed accounts again');
    expect(await next({ failed, tries: 4 })).toBe('Some accounts could not be set');
  });

  test('a further try names each account once, and forgets that it failed, so that it may succeed', async () => {
    const { Assign } = stateNamed<{ Assign: { position: string; failed: object } }>('Wait before trying failed accounts again');
    expect(await valueOf(Assign.position, { failed })).toEqual({ ids: ['222222222222', '333333333333'], token: null, checkAccess: false });
    expect(Assign.failed).toEqual({});
  });

  test('the execution ends well only if no account failed', async () => {
    expect(await next({})).toBe('All accounts are as declared');
    expect(await next({ unnamed: 1, tries: 4 })).toBe('Some accounts could not be set');
  });
});
