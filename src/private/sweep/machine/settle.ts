import { ALL_REFUSED } from './advice';
import { jsonata, part } from './asl';
import { cut, described, idsIn, namedIn } from './failures';
import { namedAccounts } from './input';
import { CAUSE_CHARACTERS, LIST_TRIES_AFTER_SECONDS, TRIES_AFTER_MINUTES } from './tuning';

/* What comes after a round: the next one, another try, or the end. */

/** What a sweep tells in the end. */
export const summary = (enforce: boolean) => `$merge([
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

/** The accounts that failed, as far as there is room for them, and how many there are besides. */
const failedAccounts = (characters: number) => `(
  $all := ${described('$failed')};
  $text := ${cut('$all', characters)};
  $hidden := $count(${idsIn('$failed')}) + $unnamed - ${namedIn('$text')};
  ($text != '' ? ' The accounts that failed, by error: ' & $text & '.' : '') & ($hidden > 0 ? ' ' & $hidden & ' more accounts are not named here.' : '')
)`;

/** The accounts that differ, as far as there is room for them, and how many there are besides. */
const differingAccounts = (characters: number) => `(
  $all := $join([$totals.changed], '; ');
  $text := ${cut('$all', characters)};
  $hidden := $totals.changedAccounts - ${namedIn('$text')};
  $totals.accounts = 0 ? '' : $totals.changedAccounts = 0 ? ' All others are as declared.'
    : ' ' & $totals.changedAccounts & ' of the others differ from the declaration: ' & $text & '.'
      & ($hidden > 0 ? ' ' & $hidden & ' more accounts that differ are not named here.' : '')
)`;

/** Why accounts could not be set. Where hardly any account was, and all were denied, it says what to check. */
export const notSet = (enforce: boolean) => `(
  $refused := $count(${idsIn('$failed')}) + $unnamed;
  $advice := $totals.accounts <= 1 and $join($keys($failed), ' ') = 'Account.AccessDeniedException' ? ' ' & ${ALL_REFUSED('$own')} : '';
  $string($refused) & ' of ' & $string($refused + $totals.accounts) & ' accounts could not be ${enforce ? 'set' : 'compared'}.'
    & ${enforce ? "($totals.accounts > 0 ? ' All others are as declared.' : '')" : differingAccounts(CAUSE_CHARACTERS / 2)}
    & ' The next sweep tries again.' & $advice & ${failedAccounts(enforce ? CAUSE_CHARACTERS : CAUSE_CHARACTERS / 2)}
)`;

/** The accounts that were to be looked up by name, and were not: named, or tried again. */
const UNREACHED = `($type($position.ids) = 'array' and $count($position.ids) > 0 ? (
  $ids := $join($position.ids, ', ');
  $text := ${cut('$ids', CAUSE_CHARACTERS / 2)};
  $hidden := $count($position.ids) - ${namedIn('$text')};
  ' These accounts were not reached: ' & $text & '.' & ($hidden > 0 ? ' ' & $hidden & ' more were not reached.' : '')
) : '')`;

/** Why accounts could not be listed, with those that were listed and failed. */
export const notListed = `$problem.cause & ${UNREACHED} & ($count(${idsIn('$failed')}) + $unnamed > 0
  ? ' Some accounts that were listed could not be set.' & ${failedAccounts(CAUSE_CHARACTERS / 2)} : '')`;

/** The states that decide what comes next, and those that end the execution. */
export function settle(enforce: boolean) {
  return part({
    'What is left to do?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$count($queue) > 0'), Next: 'Set contacts and list ahead' },
        { Condition: jsonata(`$problem != null and $listTries < ${LIST_TRIES_AFTER_SECONDS.length}`), Next: 'Wait before listing again' },
        { Condition: jsonata('$problem != null'), Next: 'The accounts cannot be listed or read' },
        { Condition: jsonata('$position != null'), Next: 'Set contacts and list ahead' },
        {
          Condition: jsonata(`$count(${idsIn('$failed')}) > 0 and $tries < ${TRIES_AFTER_MINUTES.length}`),
          Next: 'Wait before trying failed accounts again',
        },
        { Condition: jsonata(`$count(${idsIn('$failed')}) + $unnamed > 0`), Next: enforce ? 'Some accounts could not be set' : 'Some accounts could not be compared' },
      ],
      Default: enforce ? 'All accounts are as declared' : 'All accounts are compared',
    },
    'Wait before listing again': {
      Type: 'Wait',
      Seconds: jsonata(`[${LIST_TRIES_AFTER_SECONDS.join(', ')}][$listTries]`),
      Assign: { listTries: jsonata('$listTries + 1') },
      Next: 'Set contacts and list ahead',
    },
    'The accounts cannot be listed or read': { Type: 'Fail', Error: jsonata('$problem.name'), Cause: jsonata(notListed) },
    'Wait before trying failed accounts again': {
      Type: 'Wait',
      Seconds: jsonata(`60 * [${TRIES_AFTER_MINUTES.join(', ')}][$tries]`),
      Assign: {
        tries: jsonata('$tries + 1'),
        position: jsonata(namedAccounts(`[$distinct(${idsIn('$failed')})]`)),
        failed: {},
      },
      Next: 'Set contacts and list ahead',
    },
    'Some accounts could not be set': enforce ? { Type: 'Fail', Error: 'AccountsNotSet', Cause: jsonata(notSet(true)) } : undefined,
    'Some accounts could not be compared': enforce ? undefined : { Type: 'Fail', Error: 'AccountsNotCompared', Cause: jsonata(notSet(false)) },
    'All accounts are as declared': enforce ? { Type: 'Succeed', Output: jsonata(summary(true)) } : undefined,
    'All accounts are compared': enforce ? undefined : { Type: 'Succeed', Output: jsonata(summary(false)) },
  });
}
