import { jsonata, part } from '../asl';
import { byError } from '../failures';

/** Returns what was decided, and the position where the next child continues. */
export function handOver() {
  return part({
    'Hand over the accounts': {
      Type: 'Pass',
      Output: {
        accounts: jsonata('$toSet'),
        failed: jsonata(byError('$failures')),
        notActive: jsonata('$notActive'),
        leftAlone: jsonata('$leftAlone'),
        managementAccount: jsonata('$managementAccount'),
        position: jsonata("$more ? {'ids': $ids, 'token': $token, 'checkAccess': $checkAccess} : null"),
        problem: null,
      },
      End: true,
    },
    'Report the problem': {
      Type: 'Pass',
      // Accounts that were listed are set all the same. But as long as no member has answered, nothing must be changed.
      Output: {
        accounts: jsonata('$checkAccess ? [] : $toSet'),
        failed: jsonata(`$checkAccess ? {} : ${byError('$failures')}`),
        notActive: jsonata('$checkAccess ? 0 : $notActive'),
        leftAlone: jsonata('$checkAccess ? 0 : $leftAlone'),
        managementAccount: jsonata('$checkAccess ? null : $managementAccount'),
        position: jsonata("{'ids': $ids, 'token': $checkAccess ? $order.token : $token, 'checkAccess': $checkAccess}"),
        problem: jsonata('$trouble'),
      },
      End: true,
    },
  });
}
