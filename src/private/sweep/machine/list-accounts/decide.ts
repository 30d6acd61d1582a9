import { jsonata, part } from '../asl';
import { accountToSet, byKind, decision, entryWith, EVERY_ACCOUNT, keyOf, LEFT_ALONE, NOT_NAMED, numberIn, unitsAbove } from '../notation';
import { CHILD_DEADLINE, MEMBERS_ASKED, MEMBERS_REFUSING } from '../tuning';

/**
 * Decides about one account, `$account` as Organizations describes it. For each type the nearest rule counts: the account's own, then those of
 * its organizational units from the nearest up, then that of the root, then the default.
 */
export function decide(needsPaths: boolean): string {
  return `(
    $path := $exists($account.Paths[0]) ? $account.Paths[0] : '';
    $above := ${unitsAbove('$path')};
    $found := [$append($append([$account.Id], $above), ['${EVERY_ACCOUNT}']).$lookup($rules, $)];
    $nearest := function($n) {
      $append([$map($found, function($rule) { ${numberIn('$rule', '$n')} })[$ != '${NOT_NAMED}']], ['${NOT_NAMED}'])[0]
    };
    $contacts := [$nearest(0), $nearest(1), $nearest(2)];
    $managed := $contacts[$ != '${NOT_NAMED}' and $ != '${LEFT_ALONE}'];
    $state := $account.State;
    $isManagement := $split($account.Arn, ':')[4] = $account.Id;
    $state = 'PENDING_ACTIVATION' and $named ? ${decision('failed', entryWith('$account.Id', 'PENDING_ACTIVATION'))} :
    $state != 'ACTIVE' ? ${decision('notActive', '$account.Id')} :
    ${needsPaths ? `$path = '' ? ${decision('failed', entryWith('$account.Id', 'PathMissing'))} :` : ''}
    $not($exists($managed)) ? ${decision('leftAlone', '$account.Id')} :
    $isManagement and $account.Id != $order.ownAccount ? ${decision('managementAccount', '$account.Id')} :
    ${decision('set', accountToSet('$account.Id', '$contacts', needsPaths ? '$above' : undefined))}
  )`;
}

/** Accounts that are read to test the set-up. Excluded accounts are left out, and so is the stack's account, which needs no trusted access. */
export const MEMBERS = `$checkAccess
  ? [$append($members, $decisions.set.${keyOf('$')}[$ != $order.ownAccount])[[0..${MEMBERS_ASKED - 1}]]]
  : []`;

/** Whether enough members have refused to prove that none can be read. The first one that answers ends the probe. */
export const NOBODY_ANSWERS = `$checkAccess and $refusals >= ($more ? ${MEMBERS_ASKED} : ${MEMBERS_REFUSING})`;

/** Whether all pages of the order are listed and enough accounts are found. More pages are listed if most accounts are left alone. */
export const ENOUGH = "$requests >= $order.pages and ($count($toSet) >= $order.least or $type($ids) = 'array') and $not($checkAccess)";

/** Decides about accounts, and whether to go on. */
export function decideAboutAccounts(needsPaths: boolean) {
  return part({
    'Decide about the accounts': {
      Type: 'Pass',
      Assign: {
        decisions: jsonata(`(
          $named := $type($ids) = 'array';
          $decided := $map($states.input.accounts, function($account) { ${decide(needsPaths)} });
          ${byKind('$decided')}
        )`),
      },
      Next: 'Sort the accounts',
    },
    'Sort the accounts': {
      Type: 'Pass',
      Assign: {
        toSet: jsonata('[$append($toSet, $decisions.set)]'),
        failures: jsonata('[$append($failures, $decisions.failed)]'),
        notActive: jsonata('$notActive + $count($decisions.notActive)'),
        leftAlone: jsonata('$leftAlone + $count($decisions.leftAlone)'),
        managementAccount: jsonata('$exists($decisions.managementAccount) ? $decisions.managementAccount[0] : $managementAccount'),
        members: jsonata(MEMBERS),
        requests: jsonata('$requests + 1'),
      },
      Next: 'Enough for now?',
    },
    'Enough for now?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$checkAccess and $count($members) > 0'), Next: 'Can this account read a member?' },
        { Condition: jsonata(NOBODY_ANSWERS), Next: 'Explain that nobody answers' },
        { Condition: jsonata('$not($more)'), Next: 'Hand over the accounts' },
        { Condition: jsonata(`${ENOUGH} or $millis() - $began > ${CHILD_DEADLINE * 1_000}`), Next: 'Hand over the accounts' },
      ],
      Default: 'Keep to one request per second',
    },
    'Keep to one request per second': { Type: 'Wait', Seconds: 1, Next: 'All accounts or some?' },
  });
}
