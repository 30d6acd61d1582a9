import { CONTACTS_TO_SET } from '../../../../../src/private/sweep/machine/set-contacts';
import { ACCOUNTS_DONE, changesByAccount, CONTACTS_DONE, ERRORS_BY_ACCOUNT } from '../../../../../src/private/sweep/machine/set-contacts/report';
import { evaluate } from '../evaluate';

const work = (accounts: string[]) => evaluate(CONTACTS_TO_SET, { states: { input: { accounts } } });

test('an account is done when all its contacts had their turn', async () => {
  const variables = { work: await work(['222222222222 0.-.3', '333333333333 0.0.0']), errors: [] };
  const done = [];
  for (let at = 0; at <= 5; at++) { done.push(await evaluate(ACCOUNTS_DONE, { ...variables, at })); }
  expect(done).toEqual([[], [], ['222222222222'], ['222222222222'], ['222222222222'], ['222222222222', '333333333333']]);
});

test('an account that has refused is not done, and its contacts are not counted', async () => {
  const variables = { work: await work(['222222222222 0.-.3', '333333333333 0.0.0']), at: 5 };
  expect(await evaluate(ACCOUNTS_DONE, { ...variables, errors: [{ id: '222222222222', error: 'A' }] })).toEqual(['333333333333']);
  expect(await evaluate(CONTACTS_DONE, { ...variables, done: ['333333333333'] })).toBe(3);
  expect(await evaluate(CONTACTS_DONE, { ...variables, done: [] })).toBe(0);
});

test('a report has one entry per account', async () => {
  const changes = [{ id: '2', type: 'BILLING' }, { id: '2', type: 'SECURITY' }, { id: '3', type: 'SECURITY' }];
  expect(await evaluate(changesByAccount(true), { changes, done: [] })).toEqual(['2 BILLING,SECURITY', '3 SECURITY']);
  expect(await evaluate(changesByAccount(true), { changes: [], done: [] })).toEqual([]);
  expect(await evaluate(changesByAccount(true), { changes: changes.slice(2), done: [] })).toEqual(['3 SECURITY']);
  expect(await evaluate(ERRORS_BY_ACCOUNT, { errors: [{ id: '2', error: 'A' }, { id: '2', error: 'B' }] })).toEqual(['2 A']);
  expect(await evaluate(ERRORS_BY_ACCOUNT, { errors: [] })).toEqual([]);
  expect(await evaluate(ERRORS_BY_ACCOUNT, { errors: [{ id: '2', error: 'A'.repeat(80) }] })).toEqual([`2 ${'A'.repeat(60)}`]);
});

test('a comparison reports what differs when the account is done, because the next try finds it again', async () => {
  const changes = [{ id: '2', type: 'BILLING' }, { id: '3', type: 'SECURITY' }];
  expect(await evaluate(changesByAccount(false), { changes, done: ['3'] })).toEqual(['3 SECURITY']);
  expect(await evaluate(changesByAccount(false), { changes, done: [] })).toEqual([]);
});
