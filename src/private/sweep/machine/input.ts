import { jsonata, part, sdk } from './asl';
import { MINUTE_RETRY } from './retries';
import { ACCOUNTS_NAMED, LONGEST_WAIT_SECONDS, QUOTAS } from './tuning';

/*
 * How an execution begins.
 *
 * | input                                     | what happens                                                                   |
 * |-------------------------------------------|--------------------------------------------------------------------------------|
 * | {}                                        | stops older sweeps of all accounts, then sweeps all accounts                   |
 * | {"accountIds": ["222222222222"]}          | sweeps these accounts, and stops nothing                                       |
 * | {"joined": "222222222222 Created"}        | does the same for the ids in the text. If there is none, it sweeps all         |
 * |                                           | accounts if the text says that the account was invited, and otherwise none     |
 * | {"afterSeconds": 60}                      | waits, then starts a sweep of all accounts with the definition of that time    |
 */

const ID_PATTERN = '/^\\d{12}$/';

/** Whether the input matches no row of the table above. A mistyped input must fail, not sweep other accounts. */
export const INPUT_IS_WRONG = `(
  $input := $states.input;
  $ids := $input.accountIds;
  $seconds := $input.afterSeconds;
  $known := ['accountIds', 'joined', 'afterSeconds', 'Comment'];
  $type($input) != 'object' or $count($keys($input)[$not($ in $known)]) > 0 or $count($keys($input)[$ != 'Comment']) > 1
    or ($exists($ids) and ($type($ids) != 'array' or $count($ids) = 0 or $count($ids) > ${ACCOUNTS_NAMED}
      or $count($ids[$type($) != 'string' or $not($contains($string($), ${ID_PATTERN}))]) > 0))
    or ($exists($input.joined) and $type($input.joined) != 'string')
    or ($exists($seconds) and ($type($seconds) != 'number' or $seconds != $floor($seconds) or $seconds < 0 or $seconds > ${LONGEST_WAIT_SECONDS}))
)`;

/** The accounts that the input names. */
export const NAMED_ACCOUNTS = '[$distinct($append($states.input.accountIds, $match($string($states.input.joined), /\\d{12}/).match))]';

/** Whether the event is about a created account and lacks its id where we look. CreateAccountResult carries the id, so nothing is missed. */
export const NOTHING_TO_DO = '$exists($states.input.joined) and $not($contains($states.input.joined, /invited/i))';

/** Where a list of named accounts begins. Their access is not probed: whoever names an account wants to hear of that account. */
export const namedAccounts = (ids: string) => `{'ids': ${ids}, 'token': null, 'checkAccess': false}`;

interface InputOptions {
  readonly partition: string;
  readonly quotaShare: number;
}

/** Reads the input, and begins with what it asks for. */
export function readInput({ partition, quotaShare }: InputOptions) {
  const rates = ({ gets, puts }: { readonly gets: number; readonly puts: number }) => `{'gets': ${gets * quotaShare}, 'puts': ${puts * quotaShare}}`;

  return part({
    'Read the input': {
      Type: 'Pass',
      Assign: {
        own: jsonata("$split($states.context.StateMachine.Id, ':')[4]"),
        rates: jsonata(`$split($states.context.StateMachine.Id, ':')[1] = 'aws-cn' ? ${rates(QUOTAS.china)} : ${rates(QUOTAS.aws)}`),
        queue: [],
        failed: {},
        unnamed: 0,
        listTries: 0,
        tries: 0,
        problem: null,
        totals: { accounts: 0, contacts: 0, changes: 0, changed: [], changedAccounts: 0, leftAlone: 0, notActive: 0, managementAccount: null },
      },
      Next: 'What is asked for?',
    },
    'What is asked for?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(INPUT_IS_WRONG), Next: 'Refuse the input' },
        { Condition: jsonata('$exists($states.input.afterSeconds)'), Next: 'Wait until the deployment is in force' },
        { Condition: jsonata(`$count(${NAMED_ACCOUNTS}) > 0`), Next: 'Begin with the named accounts' },
        { Condition: jsonata(NOTHING_TO_DO), Next: 'The event names no account' },
      ],
      Default: 'Begin with all accounts',
    },
    'Refuse the input': {
      Type: 'Fail',
      Error: 'InvalidInput',
      Cause: `The input must be {} for all accounts, or {"accountIds": ["111122223333"]} with at most ${ACCOUNTS_NAMED} ids of 12 digits as strings. Nothing was changed.`,
    },

    'Wait until the deployment is in force': { Type: 'Wait', Seconds: jsonata('$states.input.afterSeconds'), Next: 'Start the sweep' },
    'Start the sweep': {
      Type: 'Task',
      // An execution keeps the definition that it began with. That of this one may be older than the deployment.
      Resource: sdk(partition, 'sfn:startExecution'),
      Arguments: { StateMachineArn: jsonata('$states.context.StateMachine.Id'), Input: '{}' },
      Retry: [MINUTE_RETRY],
      Output: { started: jsonata('$states.result.ExecutionArn') },
      Next: 'The sweep has started',
    },
    'The sweep has started': { Type: 'Succeed' },

    'The event names no account': { Type: 'Succeed', Output: {} },

    'Begin with the named accounts': {
      Type: 'Pass',
      Assign: { position: jsonata(namedAccounts(NAMED_ACCOUNTS)) },
      Next: 'Set contacts and list ahead',
    },
    'Begin with all accounts': {
      Type: 'Pass',
      Assign: { position: { ids: null, token: null, checkAccess: true }, executionsToken: null },
      Next: 'List running executions',
    },
  });
}
