import { LIST_PROBLEM } from '../../../../../src/private/sweep/machine/list-accounts/look-up';
import { evaluate } from '../evaluate';

test.each([
  ['Organizations.AwsOrganizationsNotInUseException', 'WrongSetUp', /^This account is in no organization.* Nothing was changed\.$/],
  ['Organizations.AccessDeniedException', 'WrongSetUp', /^This account may not list the accounts.* Accounts that were not listed were not changed\.$/],
  ['Organizations.TooManyRequestsException', 'AccountsNotListed', /^Organizations did not list the accounts: Organizations\.TooManyRequestsException\. .* tries again\.$/],
])('the error %s is the problem %s', async (error, name, cause) => {
  expect(await evaluate(LIST_PROBLEM, { states: { input: { error } } })).toEqual({ name, cause: expect.stringMatching(cause) });
});
