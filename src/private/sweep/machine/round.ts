import { jsonata, MAP_RETRY, states } from './asl';
import type { Declaration } from '../declaration';
import { CONTACT_TYPES } from '../../contract';
import { byError, idsIn, merged, oneByOne } from './failures';
import { LIST_ORDER, listAccounts } from './list-accounts';
import { setContacts } from './set-contacts';
import {
  ACCOUNTS_PER_CHILD, ACCOUNTS_PER_ROUND, ACCOUNTS_WAITING, CHILD_SECONDS, FAILURES_KEPT, IDS_IN_RESULT, LANES, LEAST_LISTED, PAGES_PER_CHILD,
  SECONDS_PER_PAGE,
} from './tuning';

/* A round sets the accounts that the round before has listed, and lists the next ones at the same time. */

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
  $inTime := $max([1, $min([${ACCOUNTS_PER_CHILD}, $floor(${CHILD_SECONDS} * $min([$gets, $puts]) / ${CONTACT_TYPES.length})])]);
  $perLane := $ceil($count($round) / (${LANES} * $inTime));
  $perAccount := ${LANES} * $perLane / $count($round);
  $children := $map($round, function($account, $i) {{'child': $string($floor($i * $perAccount)), 'account': $account}}){child: [account]};
  [$each($children, function($accounts) {
    {'accounts': $accounts, 'ownAccount': $own, 'getsPerSecond': $gets, 'putsPerSecond': $puts}
  })]
)`;

/** What the children gave back. What is left of a child that died is not documented: it may be anything. */
const REPORTS = "[$states.result[$type($) = 'object'][$type(accounts) = 'array']]";

/** The sum of a round, with the accounts that no child reported. */
export const ROUND_RESULT = `(
  $reports := ${REPORTS};
  $done := $join($append(['-'], $append($reports.accounts, $reports.failed)), ' ');
  $lost := $filter(${ROUND}, function($account) { $not($contains($done, $substringBefore($account, ' '))) });
  $failures := $append([$reports.failed], [$map($lost, function($account) { $substringBefore($account, ' ') & ' NotReached' })]);
  {
    'accounts': $count($reports.accounts),
    'contacts': $sum($append([0], $reports.contacts)),
    'changes': $sum($append([0], $reports.changes)),
    'changed': [$reports.changed],
    'failed': ${byError('$failures')}
  }
)`;

/** Lists as many pages as there is time for while the round is swept, when all is in sync. The first list has one page, if that is enough. */
const LIST_ORDERS = `(
  $ahead := $floor($min([$count($queue), ${ACCOUNTS_PER_ROUND}]) * ${CONTACT_TYPES.length} / $rates.gets / ${SECONDS_PER_PAGE});
  $pages := $type($position.ids) = 'array' ? ${PAGES_PER_CHILD} : $max([1, $min([${PAGES_PER_CHILD}, $ahead])]);
  $least := $position.token = null ? ${LEAST_LISTED.first} : ${LEAST_LISTED.later};
  [${LIST_ORDER}]
)`;

/** One entry per account. An account that is tried again may have got its contacts at several tries. A copy is grouped, as elsewhere. */
const oncePerAccount = (changed: string) => `[$each(
  [${changed}]{$substringBefore($, ' '): $join($distinct($split($join($.$substringAfter($, ' '), ','), ',')), ',')},
  function($types, $id) { $id & ' ' & $types }
)]`;

/** The counters, after a round. */
export const TOTALS = `(
  $swept := $states.input[0];
  $listed := $states.input[1];
  $entries := $append($totals.changed, $swept.changed);
  $changed := ${oncePerAccount('$entries')};
  {
    'accounts': $totals.accounts + $swept.accounts,
    'contacts': $totals.contacts + $swept.contacts,
    'changes': $totals.changes + $swept.changes,
    'changed': ${first('$changed', IDS_IN_RESULT)},
    'changedAccounts': $totals.changedAccounts + $count($swept.changed) - $count($entries) + $count($changed),
    'leftAlone': $totals.leftAlone + $listed.leftAlone,
    'notActive': $totals.notActive + $listed.notActive,
    'managementAccount': $listed.managementAccount != null ? $listed.managementAccount : $totals.managementAccount
  }
)`;

const ALL_FAILED = merged('$failed', '$states.input[0].failed', '$states.input[1].failed');

/** The accounts that are to be tried again. */
export const FAILED = `(
  $all := ${ALL_FAILED};
  $list := $count(${idsIn('$all')}) > ${FAILURES_KEPT} ? ${first(oneByOne('$all'), FAILURES_KEPT)} : [];
  $count($list) > 0 ? ${byError('$list')} : $all
)`;

/** How many accounts failed that are neither tried again nor named. */
export const UNNAMED = `(
  $all := ${ALL_FAILED};
  $unnamed + $max([0, $count(${idsIn('$all')}) - ${FAILURES_KEPT}])
)`;

const NOTHING_SET = { accounts: 0, contacts: 0, changes: 0, changed: [], failed: {} } as const;
const NOTHING_LISTED = { accounts: [], failed: {}, leftAlone: 0, notActive: 0, managementAccount: null, position: jsonata('$position') } as const;

/** What the rounds need to know at synthesis. */
export interface RoundOptions {
  readonly partition: string;
  readonly declaration: Declaration;
  readonly enforce: boolean;
}

/** The states of a round. */
export function round({ partition, declaration, enforce }: RoundOptions) {
  const { contacts, rules, needsPaths, alternateContactTypes: [alternateContactType] } = declaration;
  const setMap = {
    Type: 'Map',
    Label: enforce ? 'SetContacts' : 'CompareContacts',
    Items: jsonata(SET_ORDERS),
    MaxConcurrency: LANES,
    // A child that dies is found by what it does not report.
    ToleratedFailurePercentage: 100,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
      ...setContacts({ partition, contacts, enforce, needsPaths }),
    },
    Retry: [MAP_RETRY],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'The round failed' }],
    Output: jsonata(ROUND_RESULT),
    End: true,
  } as const;

  const set = states('Are accounts listed?', {
    'Are accounts listed?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$count($queue) > 0'), Next: enforce ? 'Set the contacts' : 'Compare the contacts' }],
      Default: 'Nothing to set yet',
    },
    'Set the contacts': enforce ? setMap : undefined,
    'Compare the contacts': enforce ? undefined : setMap,
    'The round failed': {
      Type: 'Pass',
      Output: { ...NOTHING_SET, failed: { NotReached: jsonata(`[${ROUND}.$substringBefore($, ' ')]`) } },
      End: true,
    },
    'Nothing to set yet': { Type: 'Pass', Output: NOTHING_SET, End: true },
  });

  const list = states('Are there more accounts?', {
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
        problem: {
          name: 'AccountsNotListed',
          cause: jsonata("'The child that lists the accounts failed: ' & $states.input.error & '. The next sweep tries again.'"),
        },
      },
      End: true,
    },
    'Nothing to list now': { Type: 'Pass', Output: { ...NOTHING_LISTED, problem: null }, End: true },
  });

  return {
    'Set contacts and list ahead': {
      Type: 'Parallel',
      Branches: [set, list],
      Assign: {
        queue: jsonata(`$append(${without('$queue', ACCOUNTS_PER_ROUND)}, $states.result[1].accounts)`),
        position: jsonata('$states.result[1].position'),
        problem: jsonata('$states.result[1].problem'),
        listTries: jsonata(`(
          $listed := $states.result[1];
          $listed.problem = null or $count($listed.accounts) > 0 or $listed.position.token != $position.token ? 0 : $listTries
        )`),
      },
      Next: 'Count the accounts',
    },
    'Count the accounts': {
      Type: 'Pass',
      // By itself, because all that a state assigns has to fit into 256 KiB.
      Assign: { totals: jsonata(TOTALS) },
      Next: 'Note the accounts that failed',
    },
    'Note the accounts that failed': {
      Type: 'Pass',
      Assign: { failed: jsonata(FAILED), unnamed: jsonata(UNNAMED) },
      Output: {},
      Next: 'What is left to do?',
    },
  } as const;
}
