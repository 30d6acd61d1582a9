import { jsonata, retry, States, states } from './asl';
import type { Declaration } from './declaration';
import { LIST_ORDER, listAccounts } from './list-accounts';
import { setContacts } from './set-contacts';
import {
  ACCOUNTS_PER_CHILD, ACCOUNTS_PER_ROUND, ACCOUNTS_WAITING, CHILD_SECONDS, FAILURES_KEPT, IDS_IN_RESULT, LANES, LIST_TRIES_AFTER_SECONDS,
  PAGES_PER_CHILD, QUOTAS, SECONDS_PER_PAGE, TRIES_AFTER_MINUTES, TYPES,
} from './vocabulary';

/*
 * The state machine that keeps the contacts of an organization. It lists accounts and sets their contacts at the same time, in rounds: the
 * accounts that one round lists are set in the next. All calls that meet personal data are made by EXPRESS children; this execution, whose
 * history is kept, sees ids, types and names of errors only.
 *
 * | input                                     | what happens                                                                   |
 * |-------------------------------------------|--------------------------------------------------------------------------------|
 * | {}                                        | older sweeps of all accounts are stopped, then all accounts are swept          |
 * | {"accountIds": ["222222222222"]}          | these accounts are swept; nothing is stopped                                   |
 * | {"joined": "222222222222"}                | the same for the ids in the text; where there is none, all accounts are swept  |
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
  $known := ['accountIds', 'joined', 'afterSeconds', 'Comment'];
  $type($states.input) != 'object' or $count($keys($states.input)[$not($ in $known)]) > 0
    or $count($keys($states.input)[$ != 'Comment']) > 1
    or ($exists($states.input.accountIds) and ($type($states.input.accountIds) != 'array' or $count($states.input.accountIds) = 0
      or $count($states.input.accountIds[$type($) != 'string' or $not($contains($string($), ${ID_PATTERN}))]) > 0))
    or ($exists($states.input.joined) and $type($states.input.joined) != 'string')
    or ($exists($states.input.afterSeconds) and ($type($states.input.afterSeconds) != 'number'
      or $states.input.afterSeconds != $floor($states.input.afterSeconds) or $states.input.afterSeconds < 0 or $states.input.afterSeconds > 86400))
)`;

/** The accounts that the input names. */
export const NAMED_ACCOUNTS = '[$distinct($append($states.input.accountIds, $match($string($states.input.joined), /\\d{12}/).match))]';

/** Full sweeps that began before this one. Of two that began at once, the ids decide. */
export const OLDER_EXECUTIONS = `(
  $began := $toMillis($states.context.Execution.StartTime);
  $id := $states.context.Execution.Id;
  [$states.result.Executions[$toMillis(StartDate) < $began or ($toMillis(StartDate) = $began and ExecutionArn < $id)].ExecutionArn]
)`;

/** Runs for named accounts go on, and so does a deployment's that waits to start the newest sweep. */
const IS_FULL_SWEEP = '$not($contains($states.result.Input, /\\d{12}|"afterSeconds"/))';

/** The first of a list. By a function: a predicate with a range would look at the whole range for each item. */
const first = (list: string, count: number) => `[$filter(${list}, function($item, $i) { $i < ${count} })]`;
const without = (list: string, count: number) => `[$filter(${list}, function($item, $i) { $i >= ${count} })]`;

/** The accounts of the round. */
const ROUND = first('$queue', ACCOUNTS_PER_ROUND);

/** The orders of the children: as few as can keep the pace and end in time, and as many in each lane, so that all lanes end at once. */
export const SET_ORDERS = `(
  $round := ${ROUND};
  $gets := $rates.gets / ${LANES};
  $puts := $rates.puts / ${LANES};
  $inTime := $max([1, $min([${ACCOUNTS_PER_CHILD}, $floor(${CHILD_SECONDS} * $min([$gets, $puts]) / ${TYPES.length})])]);
  $perLane := $ceil($count($round) / (${LANES} * $inTime));
  $size := $ceil($count($round) / (${LANES} * $perLane));
  $children := $map($round, function($account, $i) {{'child': $string($floor($i / $size)), 'account': $account}}){child: [account]};
  [$each($children, function($accounts) {
    {'accounts': $accounts, 'ownAccount': $own, 'getsPerSecond': $gets, 'putsPerSecond': $puts}
  })]
)`;

/** What the children gave back. What is left of a child that died is not documented: it may be anything. */
const REPORTS = "[$states.result[$type($) = 'object'][$type(accounts) = 'array']]";

/** The sum of a round, with the accounts that no child reported. */
export const ROUND_RESULT = `(
  $reports := ${REPORTS};
  $done := $join($append(['-'], $reports.accounts), ' ');
  $lost := $filter(${ROUND}, function($account) { $not($contains($done, $substringBefore($account, ' '))) });
  {
    'accounts': $count($reports.accounts) - $count($reports.failed),
    'contacts': $sum($append([0], $reports.contacts)),
    'changes': $sum($append([0], $reports.changes)),
    'changed': [$reports.changed],
    'failed': $append([$reports.failed], [$map($lost, function($account) { $substringBefore($account, ' ') & ' NotReached' })])
  }
)`;

/** Lists as many pages as there is time for while the round is swept, when all is in sync. The first list has one page. */
const LIST_ORDERS = `(
  $ahead := $floor($count(${ROUND}) * ${TYPES.length} / $rates.gets / ${SECONDS_PER_PAGE});
  $pages := $type($position.ids) = 'array' ? ${PAGES_PER_CHILD} : $max([1, $min([${PAGES_PER_CHILD}, $ahead])]);
  [${LIST_ORDER}]
)`;

const TOTALS = `(
  $swept := $states.result[0];
  $listed := $states.result[1];
  $changed := $append($totals.changed, $swept.changed);
  {
    'accounts': $totals.accounts + $swept.accounts,
    'contacts': $totals.contacts + $swept.contacts,
    'changes': $totals.changes + $swept.changes,
    'changed': ${first('$changed', IDS_IN_RESULT)},
    'changedAccounts': $totals.changedAccounts + $count($swept.changed),
    'leftAlone': $totals.leftAlone + $listed.leftAlone,
    'notActive': $totals.notActive + $listed.notActive,
    'managementAccount': $listed.managementAccount != null ? $listed.managementAccount : $totals.managementAccount
  }
)`;

const FAILED = '$append($append($failed, $states.result[0].failed), $states.result[1].failed)';

/** What a sweep tells in the end. */
const summary = (enforce: boolean) => `$merge([
  {
    'mode': '${enforce ? 'enforce' : 'report only'}',
    'accounts': $totals.accounts,
    'contacts': $totals.contacts,
    '${enforce ? 'contactsSet' : 'contactsThatDiffer'}': $totals.changes,
    '${enforce ? 'accountsSet' : 'accountsThatDiffer'}': $totals.changed,
    'leftAlone': $totals.leftAlone,
    'notActive': $totals.notActive
  },
  $totals.changedAccounts > $count($totals.changed) ? {'accountsNotNamedHere': $totals.changedAccounts - $count($totals.changed)} : {},
  $totals.managementAccount != null ? {'managementAccount': $totals.managementAccount & ' was skipped: its contacts can only be set from itself'} : {}
])`;

/** The cause of an execution may have 32,768 characters. */
const CAUSE = `(
  $all := $count($failed) + $unnamed;
  $text := $string($all) & ' of ' & $string($all + $totals.accounts) & ' accounts could not be set. All others are as declared. The next sweep tries '
    & 'again. The accounts and their errors: ' & $join($failed, ', ');
  $length($text) > 30000 ? $substring($text, 0, 30000) & '... (cut off)' : $text
)`;

const NOTHING_LISTED = { accounts: [], failed: [], leftAlone: 0, notActive: 0, managementAccount: null, position: jsonata('$position') };

const SELF_RETRY = retry(['States.TaskFailed'], { IntervalSeconds: 2, MaxAttempts: 4 });
const MAP_RETRY = retry(['States.ALL'], { IntervalSeconds: 10, MaxAttempts: 2, MaxDelaySeconds: 60 });

/** Builds the definition. */
export function organizationSweep(declaration: Declaration, { partition, enforce, quotaShare }: DefinitionOptions): Definition {
  const sdk = (action: string) => `arn:${partition}:states:::aws-sdk:${action}`;
  const { contacts, rules, needsPaths, alternateContactTypes } = declaration;
  const [alternateContactType] = alternateContactTypes;

  return {
    Comment: 'Keeps the alternate contacts of all accounts of the organization as declared (cdk-alternate-contact)',
    QueryLanguage: 'JSONata',
    ...states('Read the input', {
      'Read the input': {
        Type: 'Pass',
        Assign: {
          own: jsonata("$split($states.context.StateMachine.Id, ':')[4]"),
          rates: jsonata(`($quotas := $split($states.context.StateMachine.Id, ':')[1] = 'aws-cn'
            ? {'gets': ${QUOTAS.china.gets}, 'puts': ${QUOTAS.china.puts}} : {'gets': ${QUOTAS.aws.gets}, 'puts': ${QUOTAS.aws.puts}};
            {'gets': $quotas.gets * ${quotaShare}, 'puts': $quotas.puts * ${quotaShare}})`),
          named: jsonata(NAMED_ACCOUNTS),
          queue: [],
          failed: [],
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
          { Condition: jsonata('$count($named) > 0'), Next: 'Begin with the named accounts' },
        ],
        Default: 'Begin with all accounts',
      },
      'Refuse the input': {
        Type: 'Fail',
        Error: 'InvalidInput',
        Cause: 'The input must be {} for all accounts, or {"accountIds": ["111122223333"]} with ids of 12 digits as strings. Nothing was changed.',
      },

      'Wait until the deployment is in force': { Type: 'Wait', Seconds: jsonata('$states.input.afterSeconds'), Next: 'Start the sweep' },
      'Start the sweep': {
        Type: 'Task',
        Comment: 'An execution runs the definition with which it began. This one may be older than the deployment.',
        Resource: sdk('sfn:startExecution'),
        Arguments: { StateMachineArn: jsonata('$states.context.StateMachine.Id'), Input: '{}' },
        Retry: [SELF_RETRY],
        Output: { started: jsonata('$states.result.ExecutionArn') },
        Next: 'The sweep has started',
      },
      'The sweep has started': { Type: 'Succeed' },

      'Begin with the named accounts': {
        Type: 'Pass',
        Assign: { position: jsonata("{'ids': $named, 'token': null, 'checkAccess': false}") },
        Next: 'Set contacts and list ahead',
      },
      'Begin with all accounts': {
        Type: 'Pass',
        Assign: { position: { ids: null, token: null, checkAccess: true }, executionsToken: null },
        Next: 'List running executions',
      },
      'List running executions': {
        Type: 'Task',
        Resource: sdk('sfn:listExecutions'),
        Arguments: jsonata(`$merge([{'StateMachineArn': $states.context.StateMachine.Id, 'StatusFilter': 'RUNNING', 'MaxResults': 1000},
          $executionsToken != null ? {'NextToken': $executionsToken} : {}])`),
        Retry: [SELF_RETRY],
        Assign: {
          older: jsonata(OLDER_EXECUTIONS),
          executionsToken: jsonata('$exists($states.result.NextToken) ? $states.result.NextToken : null'),
        },
        Next: 'Stop older sweeps',
      },
      'Stop older sweeps': {
        Type: 'Map',
        Comment: 'The newest declaration wins. Runs for named accounts go on.',
        Items: jsonata('$older'),
        MaxConcurrency: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          ...states('Read its input', {
            'Read its input': {
              Type: 'Task',
              Resource: sdk('sfn:describeExecution'),
              Arguments: { ExecutionArn: jsonata('$states.input') },
              Retry: [SELF_RETRY],
              Output: { execution: jsonata('$states.input'), isFullSweep: jsonata(IS_FULL_SWEEP) },
              Next: 'Is it a full sweep?',
            },
            'Is it a full sweep?': {
              Type: 'Choice',
              Choices: [{ Condition: jsonata('$states.input.isFullSweep'), Next: 'Stop it' }],
              Default: 'Let it go on',
            },
            'Stop it': {
              Type: 'Task',
              Resource: sdk('sfn:stopExecution'),
              Arguments: {
                ExecutionArn: jsonata('$states.input.execution'),
                Error: 'Superseded',
                Cause: jsonata("'A newer sweep of all accounts has started: ' & $states.context.Execution.Id"),
              },
              Retry: [SELF_RETRY],
              End: true,
            },
            'Let it go on': { Type: 'Pass', End: true },
          }),
        },
        Next: 'More running executions?',
      },
      'More running executions?': {
        Type: 'Choice',
        Choices: [{ Condition: jsonata('$executionsToken != null'), Next: 'List running executions' }],
        Default: 'Set contacts and list ahead',
      },

      'Set contacts and list ahead': {
        Type: 'Parallel',
        Branches: [
          states('Are accounts listed?', {
            'Are accounts listed?': {
              Type: 'Choice',
              Choices: [{ Condition: jsonata('$count($queue) > 0'), Next: enforce ? 'Set the contacts' : 'Compare the contacts' }],
              Default: 'Nothing to set yet',
            },
            'Set the contacts': enforce ? setMap() : undefined,
            'Compare the contacts': enforce ? undefined : setMap(),
            'The round failed': {
              Type: 'Pass',
              Output: {
                accounts: 0, contacts: 0, changes: 0, changed: [], failed: jsonata(`[$map(${ROUND}, function($account) { $substringBefore($account, ' ') & ' NotReached' })]`),
              },
              End: true,
            },
            'Nothing to set yet': { Type: 'Pass', Output: { accounts: 0, contacts: 0, changes: 0, changed: [], failed: [] }, End: true },
          }),
          states('Are there more accounts?', {
            'Are there more accounts?': {
              Type: 'Choice',
              Choices: [{ Condition: jsonata(`$position != null and $count($queue) <= ${ACCOUNTS_WAITING}`), Next: 'List accounts' }],
              Default: 'Nothing to list now',
            },
            'List accounts': {
              Type: 'Map',
              Label: 'ListAccounts',
              Items: jsonata(LIST_ORDERS),
              MaxConcurrency: 1,
              ItemProcessor: {
                ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
                ...listAccounts({ partition, rules, needsPaths, alternateContactType }),
              },
              Retry: [MAP_RETRY],
              Catch: [{ ErrorEquals: ['States.ALL'], Output: { error: jsonata('$states.errorOutput.Error') }, Next: 'The list failed' }],
              Output: jsonata('$states.result[0]'),
              End: true,
            },
            'The list failed': {
              Type: 'Pass',
              Output: {
                ...NOTHING_LISTED,
                problem: { name: 'AccountsNotListed', cause: jsonata("'The child that lists the accounts failed: ' & $states.input.error & '. The next sweep tries again.'") },
              },
              End: true,
            },
            'Nothing to list now': { Type: 'Pass', Output: { ...NOTHING_LISTED, problem: null }, End: true },
          }),
        ],
        Assign: {
          queue: jsonata(`$append(${without('$queue', ACCOUNTS_PER_ROUND)}, $states.result[1].accounts)`),
          position: jsonata('$states.result[1].position'),
          problem: jsonata('$states.result[1].problem'),
          failed: jsonata(first(FAILED, FAILURES_KEPT)),
          unnamed: jsonata(`$unnamed + $max([0, $count(${FAILED}) - ${FAILURES_KEPT}])`),
          totals: jsonata(TOTALS),
        },
        Next: 'What is left to do?',
      },
      'What is left to do?': {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata('$count($queue) > 0'), Next: 'Set contacts and list ahead' },
          { Condition: jsonata(`$problem != null and $listTries < ${LIST_TRIES_AFTER_SECONDS.length}`), Next: 'Wait before listing again' },
          { Condition: jsonata('$problem != null'), Next: 'The accounts cannot be listed or read' },
          { Condition: jsonata('$position != null'), Next: 'Set contacts and list ahead' },
          { Condition: jsonata(`$count($failed) > 0 and $tries < ${TRIES_AFTER_MINUTES.length}`), Next: 'Wait before trying failed accounts again' },
          { Condition: jsonata('$count($failed) + $unnamed > 0'), Next: 'Some accounts could not be set' },
        ],
        Default: enforce ? 'All accounts are as declared' : 'All accounts are compared',
      },
      'Wait before listing again': {
        Type: 'Wait',
        Seconds: jsonata(`[${LIST_TRIES_AFTER_SECONDS.join(', ')}][$listTries]`),
        Assign: { listTries: jsonata('$listTries + 1') },
        Next: 'Set contacts and list ahead',
      },
      'The accounts cannot be listed or read': { Type: 'Fail', Error: jsonata('$problem.name'), Cause: jsonata('$problem.cause') },
      'Wait before trying failed accounts again': {
        Type: 'Wait',
        Seconds: jsonata(`60 * [${TRIES_AFTER_MINUTES.join(', ')}][$tries]`),
        Assign: {
          tries: jsonata('$tries + 1'),
          position: jsonata("{'ids': [$distinct($failed.$substringBefore($, ' '))], 'token': null, 'checkAccess': false}"),
          failed: [],
        },
        Next: 'Set contacts and list ahead',
      },
      'Some accounts could not be set': { Type: 'Fail', Error: 'AccountsNotSet', Cause: jsonata(CAUSE) },
      'All accounts are as declared': enforce ? { Type: 'Succeed', Output: jsonata(summary(true)) } : undefined,
      'All accounts are compared': enforce ? undefined : { Type: 'Succeed', Output: jsonata(summary(false)) },
    }),
  };

  function setMap() {
    return {
      Type: 'Map',
      Label: enforce ? 'SetContacts' : 'CompareContacts',
      Items: jsonata(SET_ORDERS),
      MaxConcurrency: LANES,
      // A child that dies is found by what it does not report.
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        ...setContacts({ partition, contacts, enforce }),
      },
      Retry: [MAP_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'The round failed' }],
      Output: jsonata(ROUND_RESULT),
      End: true,
    } as const;
  }
}
