import { stateNamed, valueOf } from '../states';

type Members = { readonly [member: string]: unknown };

/** What a child returns, as its variables say. */
async function outputOf(state: string, variables: Members): Promise<Members> {
  const { Output } = stateNamed<{ Output: Members }>(state);
  return Object.fromEntries(await Promise.all(Object.entries(Output).map(async ([member, field]) =>
    [member, typeof field === 'string' ? await valueOf(field, variables) : field] as const)));
}

const VARIABLES = {
  toSet: ['222222222222 0.1.2'],
  failures: ['333333333333 Account.X'],
  notActive: 1,
  leftAlone: 2,
  managementAccount: '999999999999',
  ids: null,
  token: 'page 3',
  order: { token: 'page 1' },
  more: true,
  checkAccess: false,
  trouble: { name: 'AccountsNotListed', cause: 'It failed.' },
};
const DECIDED = { accounts: ['222222222222 0.1.2'], failed: { 'Account.X': ['333333333333'] }, notActive: 1, leftAlone: 2, managementAccount: '999999999999' };

test('a child hands over what it has decided, and where the next one continues', async () => {
  expect(await outputOf('Hand over the accounts', VARIABLES)).toEqual({ ...DECIDED, position: { ids: null, token: 'page 3', checkAccess: false }, problem: null });
  expect(await outputOf('Hand over the accounts', { ...VARIABLES, more: false })).toMatchObject({ position: null });
});

test('a child that has a problem hands over what it has decided, and the next one continues where it stopped', async () => {
  expect(await outputOf('Report the problem', VARIABLES)).toEqual({ ...DECIDED, position: { ids: null, token: 'page 3', checkAccess: false }, problem: VARIABLES.trouble });
});

test('a child that has a problem before any member has answered hands over nothing, and the next one begins where it began', async () => {
  expect(await outputOf('Report the problem', { ...VARIABLES, checkAccess: true })).toEqual({
    accounts: [], failed: {}, notActive: 0, leftAlone: 0, managementAccount: null, position: { ids: null, token: 'page 1', checkAccess: true }, problem: VARIABLES.trouble,
  });
});
