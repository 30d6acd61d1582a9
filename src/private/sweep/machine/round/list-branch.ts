import { CONTACT_TYPES } from '../../../contract';
import { jsonata, type States, states } from '../asl';
import { listAccounts, type ListOptions } from '../list-accounts';
import { LIST_ORDER } from '../list-accounts/read';
import { MAP_RETRY } from '../retries';
import { ACCOUNTS_WAITING, LEAST_LISTED, PAGES_PER_CHILD, SECONDS_PER_PAGE } from '../tuning';

/**
 * The input of the child: how many pages it lists. There is time for them while the round is compared and nothing differs. The first list has one
 * page, if that gives enough accounts.
 */
export const LIST_ORDERS = `(
  $input := $states.input;
  $ahead := $floor($count($input.accounts) * ${CONTACT_TYPES.length} / $input.rates.gets / ${SECONDS_PER_PAGE});
  $pages := $type($input.position.ids) = 'array' ? ${PAGES_PER_CHILD} : $max([1, $min([${PAGES_PER_CHILD}, $ahead])]);
  $least := $input.position.token = null ? ${LEAST_LISTED.first} : ${LEAST_LISTED.later};
  [${LIST_ORDER}]
)`;

const NOTHING_LISTED = { accounts: [], failed: {}, leftAlone: 0, notActive: 0, managementAccount: null, position: jsonata('$states.input.position') } as const;

/** Lists the next accounts, if some are left and not too many are queued. */
export function listBranch(options: ListOptions): States {
  return states('Are there more accounts?', {
    'Are there more accounts?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$states.input.position != null and $states.input.queued <= ${ACCOUNTS_WAITING}`), Next: 'List accounts' }],
      Default: 'Nothing to list now',
    },
    'List accounts': {
      Type: 'Map',
      Label: 'ListAccounts',
      Items: jsonata(LIST_ORDERS),
      MaxConcurrency: 1,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, ...listAccounts(options) },
      Retry: [MAP_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: { error: jsonata('$states.errorOutput.Error'), position: jsonata('$states.input.position') }, Next: 'The list failed' }],
      Output: jsonata('$states.result[0]'),
      End: true,
    },
    'The list failed': {
      Type: 'Pass',
      Output: {
        ...NOTHING_LISTED,
        problem: {
          name: 'AccountsNotListed',
          cause: jsonata("'The child that lists the accounts failed: ' & $states.input.error & '. The next sweep tries again.'"),
        },
      },
      End: true,
    },
    'Nothing to list now': { Type: 'Pass', Output: { ...NOTHING_LISTED, problem: null }, End: true },
  });
}
