import { VALUE_MEMBERS } from '../../../contract';
import { type Expression, jsonata, part, sdk } from '../asl';
import { parentIn, unitsAbove } from '../notation';
import { ACCOUNT_RETRY } from '../retries';

/* What happens to one contact, `$work[$at]`: it is read, compared, and put if it differs. */

export interface SetMode {
  readonly partition: string;
  /** Whether contacts are put. Otherwise those that differ are only reported. */
  readonly enforce: boolean;
  /** Whether it matters in which organizational unit an account is. */
  readonly needsPaths: boolean;
}

/** Names a contact to the service. The service takes the account that calls it only without AccountId. */
export const KEY = '$merge([{\'AlternateContactType\': $work[$at].type}, $work[$at].id = $group.ownAccount ? {} : {\'AccountId\': $work[$at].id}])';

/** Whether the contact is as declared. White space around a value does not count, because the service may drop it. */
export const AS_DECLARED = `(
  $declared := $contacts[$work[$at].contact];
  $bare := function($value) { $replace($value, /^\\s+|\\s+$/, '') };
  ${VALUE_MEMBERS.map(value => `$bare($existing.${value}) = $bare($declared.${value})`).join(' and ')}
)`;

/** Whether the account is still where it was when its contacts were decided on. */
export const IS_WHERE_IT_WAS = `$states.input.account.State = 'ACTIVE' and ${parentIn(unitsAbove('$states.input.account.Paths[0]'))} = $work[$at].parent`;

/** The errors so far, and one of this contact. */
const withError = (error: string) => `[$append($errors, {'id': $work[$at].id, 'error': ${error}})]`;

const COUNT_GET = { gets: jsonata('$gets + 1') };
const COUNT_PUT = { puts: jsonata('$puts + 1') };
const NOTE_CHANGE = { changes: jsonata("[$append($changes, {'id': $work[$at].id, 'type': $work[$at].type})]") };

/** Notes any error and goes on to the next contact. */
const noteError = (counted: { readonly [variable: string]: Expression }) => ({
  ErrorEquals: ['States.ALL'],
  Assign: { ...counted, errors: jsonata(withError('$states.errorOutput.Error')) },
  Next: 'Keep to the request quotas',
} as const);

/** Gets a contact, and puts it if it differs, or only notes the difference. */
export function takeTurn({ partition, enforce, needsPaths }: SetMode) {
  const looksAgain = enforce && needsPaths;

  return part({
    'Get the contact': {
      Type: 'Task',
      Resource: sdk(partition, 'account:getAlternateContact'),
      Arguments: jsonata(KEY),
      Retry: [ACCOUNT_RETRY],
      Catch: [
        { ErrorEquals: ['Account.ResourceNotFoundException'], Assign: { ...COUNT_GET, existing: {} }, Next: 'Is it as declared?' },
        noteError(COUNT_GET),
      ],
      Assign: { ...COUNT_GET, existing: jsonata('$states.result.AlternateContact') },
      Next: 'Is it as declared?',
    },
    'Is it as declared?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(AS_DECLARED), Next: 'Keep to the request quotas' }],
      Default: looksAgain ? 'Look where the account is' : enforce ? 'Put the contact' : 'Note the difference',
    },
    // An account may wait for its turn for long. If it moves in that time, another contact may be declared for it, or none.
    'Look where the account is': looksAgain ? {
      Type: 'Task',
      Resource: sdk(partition, 'organizations:describeAccount'),
      Arguments: { AccountId: jsonata('$work[$at].id') },
      // Not retried here, because the account itself is tried again.
      Catch: [noteError({})],
      Output: { account: jsonata("$states.result.Account.{'State': State, 'Paths': Paths}") },
      Next: 'Has it moved?',
    } : undefined,
    'Has it moved?': looksAgain ? {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(IS_WHERE_IT_WAS), Next: 'Put the contact' }],
      Default: 'It has moved',
    } : undefined,
    'It has moved': looksAgain ? {
      Type: 'Pass',
      Assign: { errors: jsonata(withError("'Moved'")) },
      Next: 'Keep to the request quotas',
    } : undefined,
    'Put the contact': enforce ? {
      Type: 'Task',
      Resource: sdk(partition, 'account:putAlternateContact'),
      Arguments: jsonata(`$merge([${KEY}, $contacts[$work[$at].contact]])`),
      Retry: [ACCOUNT_RETRY],
      Catch: [noteError(COUNT_PUT)],
      Assign: { ...COUNT_PUT, ...NOTE_CHANGE },
      Next: 'Keep to the request quotas',
    } : undefined,
    'Note the difference': enforce ? undefined : { Type: 'Pass', Assign: NOTE_CHANGE, Next: 'Keep to the request quotas' },
  });
}
