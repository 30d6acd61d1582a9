import { CONTACT_TYPES, type ContactValues, VALUE_MEMBERS } from '../../contract';
import { jsonata, retry, States, states, Value } from './asl';
import { parentIn, unitsAbove } from './list-accounts';
import { CHILD_DEADLINE, ERROR_CHARACTERS, NOT_NAMED } from './tuning';

/*
 * The child that sets the contacts of up to ten accounts, or only compares them. It is an EXPRESS execution, so that the contacts that it reads
 * and puts are kept nowhere: it gives back ids, types and names of errors.
 */

/** What the child needs to know at synthesis. */
export interface SetOptions {
  readonly partition: string;
  /** The contacts that the accounts refer to by number. */
  readonly contacts: readonly ContactValues[];
  /** Without it nothing is changed: what differs is only told. */
  readonly enforce: boolean;
  /** Whether it matters in which organizational unit an account is. */
  readonly needsPaths: boolean;
}

const TRANSIENT = ['TooManyRequestsException', 'InternalServerException', 'AccountException', 'SdkClientException'].map(error => `Account.${error}`);

/** The contacts to set, one by one, from accounts such as `222222222222 0.3.-` or `222222222222 0.3.- 11111111`. */
export const CONTACTS_TO_SET = `[$states.input.accounts.(
  $parts := $split($, ' ');
  $numbers := $split($parts[1], '.');
  [0..${CONTACT_TYPES.length - 1}].(
    $i := $;
    $numbers[$i] != '${NOT_NAMED}' ? {
      'id': $parts[0], 'parent': $parts[2], 'type': ['${CONTACT_TYPES.join("', '")}'][$i], 'contact': $number($numbers[$i])
    }
  )
)]`;

/** Names a contact to the service. The own account's is named by leaving AccountId out: the service takes it no other way. */
const KEY = '$merge([{\'AlternateContactType\': $work[$at].type}, $work[$at].id = $group.ownAccount ? {} : {\'AccountId\': $work[$at].id}])';

/** White space around a value does not count: the service may drop it. */
export const AS_DECLARED = `(
  $declared := $contacts[$work[$at].contact];
  $bare := function($value) { $replace($value, /^\\s+|\\s+$/, '') };
  ${VALUE_MEMBERS.map(value => `$bare($existing.${value}) = $bare($declared.${value})`).join(' and ')}
)`;

/** Whether the account is still where it was when its contacts were decided on. */
export const IS_WHERE_IT_WAS = `$states.input.account.State = 'ACTIVE' and ${parentIn(unitsAbove('$states.input.account.Paths[0]'))} = $work[$at].parent`;

/** How long to wait until the calls so far keep to the rates, in whole seconds. */
export const PAUSE = '$max([0, $floor($max([$gets / $group.getsPerSecond, $puts / $group.putsPerSecond]) - ($millis() - $started) / 1000)])';

/** The accounts that are as declared, or compared: all of their contacts had their turn, and none failed. */
export const ACCOUNTS_DONE = `(
  $left := $append([$filter($work, function($contact, $i) { $i >= $at }).id], $errors.id);
  [$distinct($filter($work, function($contact, $i) { $i < $at }).id)[$not($ in $left)]]
)`;

/** The contacts of these accounts. An account that is tried again is counted once. */
export const CONTACTS_DONE = '$count($work[id in $done])';

/**
 * What was put counts at once, because the next try finds it as declared. What differs counts when the account is done, because the next try
 * finds it again.
 */
const changesOf = (enforce: boolean) => enforce ? '$changes' : '$changes[id in $done]';

/** One entry per account, such as `222222222222 BILLING,SECURITY`, from one per contact. */
export const changesByAccount = (enforce: boolean) => `(
  $counted := [${changesOf(enforce)}];
  [$map($distinct($counted.id), function($id) { $id & ' ' & $join([$counted[id = $id].type], ',') })]
)`;

/** One entry per account, such as `222222222222 Account.AccessDeniedException`, from one per contact. */
export const ERRORS_BY_ACCOUNT =
  `[$map($distinct($errors.id), function($id) { $id & ' ' & $substring([$errors[id = $id].error][0], 0, ${ERROR_CHARACTERS}) })]`;

/** The errors so far, and one of the contact whose turn it is. */
const withError = (error: string) => `[$append($errors, {'id': $work[$at].id, 'error': ${error}})]`;

/** Sets or compares the contacts of the accounts in its input, and gives back what came of it. */
export function setContacts({ partition, contacts, enforce, needsPaths }: SetOptions): States {
  const sdk = (action: string) => `arn:${partition}:states:::aws-sdk:${action}`;
  const change = jsonata("[$append($changes, {'id': $work[$at].id, 'type': $work[$at].type})]");
  const caught = (counted: { readonly [variable: string]: Value }) => ({
    ErrorEquals: ['States.ALL'],
    Assign: { ...counted, errors: jsonata(withError('$states.errorOutput.Error')) },
    Next: 'Keep to the request quotas' as const,
  });
  const looksAgain = enforce && needsPaths;
  const got = { gets: jsonata('$gets + 1') };
  const put = { puts: jsonata('$puts + 1') };

  return states('Read the contacts', {
    'Read the contacts': {
      Type: 'Pass',
      // By themselves, because all that a state assigns has to fit into 256 KiB.
      Assign: { contacts },
      Next: 'Take the accounts',
    },
    'Take the accounts': {
      Type: 'Pass',
      Assign: {
        group: jsonata('$states.input'),
        work: jsonata(CONTACTS_TO_SET),
        started: jsonata('$millis()'),
        at: 0,
        gets: 0,
        puts: 0,
        changes: [],
        errors: [],
      },
      Next: 'Another contact?',
    },
    'Another contact?': {
      Type: 'Choice',
      Choices: [{
        Condition: jsonata(`$at >= $count($work) or $millis() - $started > ${CHILD_DEADLINE * 1_000}`),
        Next: 'Find the accounts that are done',
      }],
      Default: 'Get the contact',
    },
    'Get the contact': {
      Type: 'Task',
      Resource: sdk('account:getAlternateContact'),
      Arguments: jsonata(KEY),
      Retry: [retry(TRANSIENT)],
      Catch: [
        { ErrorEquals: ['Account.ResourceNotFoundException'], Assign: { ...got, existing: {} }, Next: 'Is it as declared?' },
        caught(got),
      ],
      Assign: { ...got, existing: jsonata('$states.result.AlternateContact') },
      Next: 'Is it as declared?',
    },
    'Is it as declared?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(AS_DECLARED), Next: 'Keep to the request quotas' }],
      Default: looksAgain ? 'Look where the account is' : enforce ? 'Put the contact' : 'Note the difference',
    },
    // An account can wait its turn for a long time. If it moves meanwhile, another contact may be declared for it, or none.
    'Look where the account is': looksAgain ? {
      Type: 'Task',
      Resource: sdk('organizations:describeAccount'),
      Arguments: { AccountId: jsonata('$work[$at].id') },
      // Not retried here: the account is tried again.
      Catch: [caught({})],
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
      Resource: sdk('account:putAlternateContact'),
      Arguments: jsonata(`$merge([${KEY}, $contacts[$work[$at].contact]])`),
      Retry: [retry(TRANSIENT)],
      Catch: [caught(put)],
      Assign: { ...put, changes: change },
      Next: 'Keep to the request quotas',
    } : undefined,
    'Note the difference': enforce ? undefined : { Type: 'Pass', Assign: { changes: change }, Next: 'Keep to the request quotas' },
    'Keep to the request quotas': {
      Type: 'Wait',
      Seconds: jsonata(PAUSE),
      Assign: { at: jsonata('$at + 1') },
      Next: 'Another contact?',
    },
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
