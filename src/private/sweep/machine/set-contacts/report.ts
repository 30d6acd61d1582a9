import { jsonata, part } from '../asl';
import { entry } from '../notation';
import { ERROR_CHARACTERS } from '../tuning';

/** The accounts that are as declared, or compared: each of their contacts had its turn, and none failed. */
export const ACCOUNTS_DONE = `(
  $left := $append([$filter($work, function($contact, $i) { $i >= $at }).id], $errors.id);
  [$distinct($filter($work, function($contact, $i) { $i < $at }).id)[$not($ in $left)]]
)`;

/** How many contacts these accounts have. The others are tried again, and each account counts once. */
export const CONTACTS_DONE = '$count($work[id in $done])';

/**
 * The changes that count. One that was put counts at once, because the next try finds the contact as declared. One that differs counts when its account
 * is done, because the next try finds it again.
 */
const changesOf = (enforce: boolean) => enforce ? '$changes' : '$changes[id in $done]';

/** One entry per account, such as `222222222222 BILLING,SECURITY`, from one object per contact. */
export const changesByAccount = (enforce: boolean) => `(
  $counted := [${changesOf(enforce)}];
  [$map($distinct($counted.id), function($id) { ${entry('$id', "$join([$counted[id = $id].type], ',')")} })]
)`;

/** One entry per account, such as `222222222222 Account.AccessDeniedException`, from one object per contact. */
export const ERRORS_BY_ACCOUNT =
  `[$map($distinct($errors.id), function($id) { ${entry('$id', `$substring([$errors[id = $id].error][0], 0, ${ERROR_CHARACTERS})`)} })]`;

/** Returns what came of the accounts. */
export function reportByAccount(enforce: boolean) {
  return part({
    'Find the accounts that are done': { Type: 'Pass', Assign: { done: jsonata(ACCOUNTS_DONE) }, Next: 'Report by account id' },
    'Report by account id': {
      Type: 'Pass',
      Output: {
        accounts: jsonata('$done'),
        contacts: jsonata(CONTACTS_DONE),
        changes: jsonata(`$count(${changesOf(enforce)})`),
        changed: jsonata(changesByAccount(enforce)),
        failed: jsonata(ERRORS_BY_ACCOUNT),
      },
      End: true,
    },
  });
}
