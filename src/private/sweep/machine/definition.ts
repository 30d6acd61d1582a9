import { jsonata, MINUTE_RETRY, States, states } from './asl';
import type { Declaration } from '../declaration';
import { stopOlderSweeps } from './older-sweeps';
import { round } from './round';
import { settle } from './settle';
import { ACCOUNTS_NAMED, QUOTAS } from './tuning';

/*
 * The state machine that keeps the contacts of an organization. It lists accounts and sets their contacts at the same time, in rounds: the
 * accounts that one round lists are set in the next. All calls that meet personal data are made by EXPRESS children; this execution, whose
 * history is kept, sees ids, types and names of errors only.
 *
 * | input                                     | what happens                                                                   |
 * |-------------------------------------------|--------------------------------------------------------------------------------|
 * | {}                                        | older sweeps of all accounts are stopped, then all accounts are swept          |
 * | {"accountIds": ["222222222222"]}          | these accounts are swept; nothing is stopped                                   |
 * | {"joined": "222222222222 Created"}        | the same for the ids in the text; where there is none, all accounts are swept  |
 * |                                           | if the account was invited, and none if it was created                         |
 * | {"afterSeconds": 60}                      | waits, and starts a sweep of all accounts with the definition of then          |
 */

/** What the machine needs to know at synthesis. */
export interface DefinitionOptions {
  readonly partition: string;
  readonly enforce: boolean;
  /** The share of the request quotas that a sweep uses. */
  readonly quotaShare: number;
}

/** A state machine as its resource has it. */
interface Definition extends States {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
}

const ID_PATTERN = '/^\\d{12}$/';

/** Whether the input is none that the table above has. An input without a mistake must not sweep something else than was meant. */
export const INPUT_IS_WRONG = `(
  $input := $states.input;
  $ids := $input.accountIds;
  $seconds := $input.afterSeconds;
  $known := ['accountIds', 'joined', 'afterSeconds', 'Comment'];
  $type($input) != 'object' or $count($keys($input)[$not($ in $known)]) > 0 or $count($keys($input)[$ != 'Comment']) > 1
    or ($exists($ids) and ($type($ids) != 'array' or $count($ids) = 0 or $count($ids) > ${ACCOUNTS_NAMED}
      or $count($ids[$type($) != 'string' or $not($contains($string($), ${ID_PATTERN}))]) > 0))
    or ($exists($input.joined) and $type($input.joined) != 'string')
    or ($exists($seconds) and ($type($seconds) != 'number' or $seconds != $floor($seconds) or $seconds < 0 or $seconds > 86400))
)`;

/** The accounts that the input names. */
export const NAMED_ACCOUNTS = '[$distinct($append($states.input.accountIds, $match($string($states.input.joined), /\\d{12}/).match))]';

/**
 * Whether an account was created, and the event does not have its id where it is looked for. The event about its creation has it, so that nothing
 * is missed. A sweep of all accounts for each new one would stop the sweep that runs.
 */
export const NOTHING_TO_DO = '$exists($states.input.joined) and $not($contains($states.input.joined, /invited/i))';

/** Builds the definition. */
export function organizationSweep(declaration: Declaration, { partition, enforce, quotaShare }: DefinitionOptions): Definition {
  const sdk = (action: string) => `arn:${partition}:states:::aws-sdk:${action}`;
  const rates = ({ gets, puts }: { readonly gets: number; readonly puts: number }) => `{'gets': ${gets * quotaShare}, 'puts': ${puts * quotaShare}}`;

  return {
    Comment: 'Keeps the alternate contacts of all accounts of the organization as declared (cdk-alternate-contact)',
    QueryLanguage: 'JSONata',
    ...states('Read the input', {
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
        // An execution runs the definition with which it began. This one may be older than the deployment.
        Resource: sdk('sfn:startExecution'),
        Arguments: { StateMachineArn: jsonata('$states.context.StateMachine.Id'), Input: '{}' },
        Retry: [MINUTE_RETRY],
        Output: { started: jsonata('$states.result.ExecutionArn') },
        Next: 'The sweep has started',
      },
      'The sweep has started': { Type: 'Succeed' },

      'The event names no account': { Type: 'Succeed', Output: {} },

      'Begin with the named accounts': {
        Type: 'Pass',
        Assign: { position: jsonata(`{'ids': ${NAMED_ACCOUNTS}, 'token': null, 'checkAccess': false}`) },
        Next: 'Set contacts and list ahead',
      },
      'Begin with all accounts': {
        Type: 'Pass',
        Assign: { position: { ids: null, token: null, checkAccess: true }, executionsToken: null },
        Next: 'List running executions',
      },
      ...stopOlderSweeps(sdk),
      ...round({ partition, declaration, enforce }),
      ...settle(enforce),
    }),
  };
}
