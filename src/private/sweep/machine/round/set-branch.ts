import { CONTACT_TYPES } from '../../../contract';
import { jsonata, type States, states } from '../asl';
import { byError } from '../failures';
import { afterFirst } from '../lists';
import { entryWith, keyOf } from '../notation';
import { MAP_RETRY } from '../retries';
import { setContacts, type SetOptions } from '../set-contacts';
import { ACCOUNTS_PER_CHILD, ACCOUNTS_PER_ROUND, CHILD_SECONDS, LANES } from '../tuning';

/** The accounts of the round. */
const ROUND = '$states.input.accounts';

/** The accounts that are left, and those that were listed during the round. */
export const QUEUE_AFTER_ROUND = `$append(${afterFirst('$queue', ACCOUNTS_PER_ROUND)}, $states.result[1].accounts)`;

/** The inputs of the children: as few as meet the rates and finish in time, spread evenly so that all lanes finish together. */
export const SET_ORDERS = `(
  $input := $states.input;
  $gets := $input.rates.gets / ${LANES};
  $puts := $input.rates.puts / ${LANES};
  $inTime := $max([1, $min([${ACCOUNTS_PER_CHILD}, $floor(${CHILD_SECONDS} * $min([$gets, $puts]) / ${CONTACT_TYPES.length})])]);
  $perLane := $ceil($count($input.accounts) / (${LANES} * $inTime));
  $perAccount := ${LANES} * $perLane / $count($input.accounts);
  $children := $map($input.accounts, function($account, $i) {{'child': $string($floor($i * $perAccount)), 'account': $account}}){child: [account]};
  [$each($children, function($accounts) {
    {'accounts': $accounts, 'ownAccount': $input.own, 'getsPerSecond': $gets, 'putsPerSecond': $puts}
  })]
)`;

/** The reports of the children. What a failed child leaves is not documented, so anything is expected. */
const REPORTS = "[$states.result[$type($) = 'object'][$type(accounts) = 'array']]";

/** The sum of a round. Accounts that no child has reported count as failed. */
export const ROUND_RESULT = `(
  $reports := ${REPORTS};
  $done := $join($append(['-'], $append($reports.accounts, $reports.failed)), ' ');
  $lost := $filter(${ROUND}, function($account) { $not($contains($done, ${keyOf('$account')})) });
  $failures := $append([$reports.failed], [$map($lost, function($account) { ${entryWith(keyOf('$account'), 'NotReached')} })]);
  {
    'accounts': $count($reports.accounts),
    'contacts': $sum($append([0], $reports.contacts)),
    'changes': $sum($append([0], $reports.changes)),
    'changed': [$reports.changed],
    'failed': ${byError('$failures')}
  }
)`;

const NOTHING_SET = { accounts: 0, contacts: 0, changes: 0, changed: [], failed: {} } as const;

/** Sets or compares the contacts of the round's accounts. */
export function setBranch(options: SetOptions): States {
  const { enforce } = options;
  const setMap = {
    Type: 'Map',
    Label: enforce ? 'SetContacts' : 'CompareContacts',
    Items: jsonata(SET_ORDERS),
    MaxConcurrency: LANES,
    // Accounts that a failed child has not reported are tried again.
    ToleratedFailurePercentage: 100,
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, ...setContacts(options) },
    Retry: [MAP_RETRY],
    Catch: [{ ErrorEquals: ['States.ALL'], Output: { failed: { NotReached: jsonata(`[${ROUND}.${keyOf('$')}]`) } }, Next: 'The round failed' }],
    Output: jsonata(ROUND_RESULT),
    End: true,
  } as const;

  return states('Are accounts listed?', {
    'Are accounts listed?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$count(${ROUND}) > 0`), Next: enforce ? 'Set the contacts' : 'Compare the contacts' }],
      Default: 'Nothing to set yet',
    },
    'Set the contacts': enforce ? setMap : undefined,
    'Compare the contacts': enforce ? undefined : setMap,
    'The round failed': {
      Type: 'Pass',
      Output: { ...NOTHING_SET, failed: jsonata('$states.input.failed') },
      End: true,
    },
    'Nothing to set yet': { Type: 'Pass', Output: NOTHING_SET, End: true },
  });
}
