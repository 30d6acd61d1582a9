import { byError, idsIn, merged, oneByOne } from '../failures';
import { first } from '../lists';
import { entry, keyOf, restOf } from '../notation';
import { FAILURES_KEPT, IDS_IN_RESULT } from '../tuning';

/* Expressions that add a round to what the sweep has done so far. */

/** One entry per account. An account that was tried again may have got its contacts in several tries. Groups a copy, as elsewhere. */
const oncePerAccount = (changed: string) => `[$each(
  [${changed}]{${keyOf('$')}: $join($distinct($split($join($.${restOf('$')}, ','), ',')), ',')},
  function($types, $id) { ${entry('$id', '$types')} }
)]`;

/** The counters after a round. */
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

/** The accounts to try again. */
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
