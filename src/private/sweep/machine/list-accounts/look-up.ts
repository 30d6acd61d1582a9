import { MAY_NOT_LIST, NO_ORGANIZATION } from '../advice';
import { jsonata, part, sdk } from '../asl';
import { ERROR_NAME } from '../failures';
import { entry } from '../notation';
import { ORGANIZATIONS_RETRY } from '../retries';
import { ACCOUNTS_PER_PAGE } from '../tuning';

/** The members of an account that are kept. Its e-mail address and its name are not. */
const WITHOUT_NAMES = ".{'Id': Id, 'Arn': Arn, 'State': State, 'Paths': Paths}";

/** Leaves the account that is being looked up out of those that are left. */
const NEXT_ACCOUNT = {
  ids: jsonata('[$filter($ids, function($id, $i) { $i > 0 })]'),
  more: jsonata('$count($ids) > 1'),
};

/** Why accounts cannot be listed, with advice. */
export const LIST_PROBLEM = `(
  $name := $states.input.error;
  $contains($name, 'NotInUse') ? {'name': 'WrongSetUp', 'cause': ${NO_ORGANIZATION} & ' Nothing was changed.'} :
  $contains($name, 'AccessDenied') ? {'name': 'WrongSetUp', 'cause': ${MAY_NOT_LIST} & ' Accounts that were not listed were not changed.'} :
  {'name': 'AccountsNotListed', 'cause': 'Organizations did not list the accounts: ' & $name & '. Accounts that were not listed were not changed. '
    & 'The next sweep tries again.'}
)`;

/** Lists a page of accounts, or looks up one that is named. */
export function lookUpAccounts(partition: string) {
  return part({
    'All accounts or some?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata("$type($ids) = 'array'"), Next: 'Look up the account' }],
      Default: 'List a page of accounts',
    },
    'List a page of accounts': {
      Type: 'Task',
      Resource: sdk(partition, 'organizations:listAccounts'),
      Arguments: jsonata(`$merge([{'MaxResults': ${ACCOUNTS_PER_PAGE}}, $type($token) = 'string' ? {'NextToken': $token} : {}])`),
      Retry: [ORGANIZATIONS_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: { error: jsonata(ERROR_NAME) }, Next: 'Explain that accounts are not listed' }],
      Assign: {
        token: jsonata('$exists($states.result.NextToken) ? $states.result.NextToken : null'),
        more: jsonata("$exists($states.result.NextToken) and $type($states.result.NextToken) = 'string'"),
      },
      Output: { accounts: jsonata(`[$states.result.Accounts${WITHOUT_NAMES}]`) },
      Next: 'Decide about the accounts',
    },
    'Look up the account': {
      Type: 'Task',
      Resource: sdk(partition, 'organizations:describeAccount'),
      Arguments: { AccountId: jsonata('$ids[0]') },
      Retry: [ORGANIZATIONS_RETRY],
      Catch: [
        {
          ErrorEquals: ['Organizations.AccessDeniedException', 'Organizations.AwsOrganizationsNotInUseException'],
          Output: { error: jsonata(ERROR_NAME) },
          Next: 'Explain that accounts are not listed',
        },
        {
          ErrorEquals: ['States.ALL'],
          Assign: { decisions: jsonata(`{'failed': [${entry('$ids[0]', ERROR_NAME)}]}`), ...NEXT_ACCOUNT },
          Next: 'Sort the accounts',
        },
      ],
      Assign: NEXT_ACCOUNT,
      Output: { accounts: jsonata(`[$states.result.Account${WITHOUT_NAMES}]`) },
      Next: 'Decide about the accounts',
    },
    'Explain that accounts are not listed': { Type: 'Pass', Assign: { trouble: jsonata(LIST_PROBLEM) }, Next: 'Report the problem' },
  });
}
