import { MAY_NOT_LIST, MAY_NOT_READ, NO_ORGANIZATION, NO_TRUSTED_ACCESS } from './advice';
import { jsonata, retry, States, states } from './asl';
import { byError, ERROR_NAME } from './failures';
import { ACCOUNTS_PER_PAGE, CHILD_DEADLINE, EVERY_ACCOUNT, LEFT_ALONE, MEMBERS_ASKED, MEMBERS_REFUSING, NOT_NAMED, PARENT_CHARACTERS } from './tuning';

/*
 * The child that lists accounts and decides which contacts each of them is to have. It is an EXPRESS execution, because the answers of
 * Organizations carry each account's root e-mail address, and an EXPRESS execution keeps none of them: it gives back ids only.
 *
 * An account goes on as `222222222222 0.3.-`: its id, and the number of its billing, operations and security contact. Where it matters in which
 * organizational unit it is, the end of its parent's id follows: `222222222222 0.3.- 11111111`.
 */

/** What the child needs to know at synthesis. */
export interface ListOptions {
  readonly partition: string;
  /** The overrides and the default, such as `ou-ab12-11111111 -.3.-`. */
  readonly rules: readonly string[];
  /** Whether a rule names an organizational unit or a root, so that it matters where an account is. */
  readonly needsPaths: boolean;
  /** A type that is declared, so that the role may read it. */
  readonly alternateContactType: string;
}

const TRANSIENT = ['TooManyRequestsException', 'ServiceException', 'OrganizationsException', 'SdkClientException'].map(error => `Organizations.${error}`);
const THROTTLED_READ = ['TooManyRequestsException', 'InternalServerException', 'AccountException', 'SdkClientException'].map(error => `Account.${error}`);

/** The rules by their targets. Two for one target are a list; `$substringAfter($, ' ')` alone would not take it. */
export const RULES_BY_TARGET = "$declared{$substringBefore($, ' '): $.$substringAfter($, ' ')}";

/** The organizational units and the root that a path leads through, from the nearest up. */
export const unitsAbove = (path: string) => `$reverse([$split(${path}, '/')[$contains($, /^(ou|r)-/)]])`;

/** What tells the parent of an account from the others. */
export const parentIn = (units: string) => `$substring(${units}[0], -${PARENT_CHARACTERS})`;

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
      $append([$map($found, function($rule) { $split($rule, '.')[$n] })[$ != '${NOT_NAMED}']], ['${NOT_NAMED}'])[0]
    };
    $contacts := [$nearest(0), $nearest(1), $nearest(2)];
    $managed := $contacts[$ != '${NOT_NAMED}' and $ != '${LEFT_ALONE}'];
    $state := $account.State;
    $isManagement := $split($account.Arn, ':')[4] = $account.Id;
    $state = 'PENDING_ACTIVATION' and $named ? 'failed ' & $account.Id & ' PENDING_ACTIVATION' :
    $state != 'ACTIVE' ? 'notActive ' & $account.Id :
    ${needsPaths ? "$path = '' ? 'failed ' & $account.Id & ' PathMissing' :" : ''}
    $not($exists($managed)) ? 'leftAlone ' & $account.Id :
    $isManagement and $account.Id != $order.ownAccount ? 'managementAccount ' & $account.Id :
    'set ' & $account.Id & ' ' & $replace($join($contacts, '.'), '${LEFT_ALONE}', '${NOT_NAMED}')${needsPaths ? ` & ' ' & ${parentIn('$above')}` : ''}
  )`;
}

/** What is kept of an account: not its e-mail address, and not its name. */
const WITHOUT_NAMES = ".{'Id': Id, 'Arn': Arn, 'State': State, 'Paths': Paths}";

/** Decisions without the word for their kind, by that. A copy is grouped, as elsewhere. */
const byKind = (decisions: string) => `[${decisions}]{$substringBefore($, ' '): [$.$substringAfter($, ' ')]}`;

/** Accounts whose contacts are read as a test of the set-up: no excluded ones, and not the own one, which needs no trusted access. */
const MEMBERS = `$checkAccess
  ? [$append($members, $decisions.set.$substringBefore($, ' ')[$ != $order.ownAccount])[[0..${MEMBERS_ASKED - 1}]]]
  : []`;

/** Whether so many members have refused, and none has answered, that nobody can be read. */
const NOBODY_ANSWERS = `$checkAccess and $refusals >= ($more ? ${MEMBERS_ASKED} : ${MEMBERS_REFUSING})`;

/** Why accounts cannot be listed, with advice. */
const LIST_PROBLEM = `(
  $name := $states.input.error;
  $contains($name, 'NotInUse') ? {'name': 'WrongSetUp', 'cause': ${NO_ORGANIZATION} & ' Nothing was changed.'} :
  $contains($name, 'AccessDenied') ? {'name': 'WrongSetUp', 'cause': ${MAY_NOT_LIST} & ' Accounts that were not listed were not changed.'} :
  {'name': 'AccountsNotListed', 'cause': 'Organizations did not list the accounts: ' & $name & '. Accounts that were not listed were not changed. '
    & 'The next sweep tries again.'}
)`;

/** Why no account can be read. The words of the service are looked at, and not repeated. */
const READ_PROBLEM = `{'name': 'WrongSetUp', 'cause': ($isToldWhy ? ${NO_TRUSTED_ACCESS} : ${MAY_NOT_READ('$order.ownAccount')}) & ' Nothing was changed.'}`;

/** The accounts that are still to be looked up. */
const OTHER_IDS = '[$filter($ids, function($id, $i) { $i > 0 })]';

/** Whether as many pages as there is time for are listed, and enough accounts are found: most of them may be left alone. */
const ENOUGH = "$requests >= $order.pages and ($count($toSet) >= $order.least or $type($ids) = 'array') and $not($checkAccess)";

/** The order that the child gets as its input. */
export const LIST_ORDER = `{
  'ownAccount': $own,
  'ids': $position.ids,
  'token': $position.token,
  'pages': $pages,
  'least': $least,
  'checkAccess': $position.checkAccess
}`;

/** Lists accounts until enough are listed, and gives back what to do with them and where to go on. */
export function listAccounts({ partition, rules, needsPaths, alternateContactType }: ListOptions): States {
  const sdk = (action: string) => `arn:${partition}:states:::aws-sdk:${action}`;

  return states('Read the overrides', {
    'Read the overrides': {
      Type: 'Pass',
      // By themselves, because all that a state assigns has to fit into 256 KiB.
      Assign: { declared: rules },
      Next: 'Read the order',
    },
    'Read the order': {
      Type: 'Pass',
      Assign: {
        order: jsonata('$sift($states.input, function($value, $name) { $name != \'ids\' })'),
        ids: jsonata('$states.input.ids'),
        token: jsonata('$states.input.token'),
        more: true,
        requests: 0,
        began: jsonata('$millis()'),
        toSet: [],
        failures: [],
        notActive: 0,
        leftAlone: 0,
        managementAccount: null,
        members: [],
        refusals: 0,
        isToldWhy: false,
        checkAccess: jsonata('$states.input.checkAccess'),
        trouble: null,
      },
      Next: 'Index the overrides by target',
    },
    'Index the overrides by target': {
      Type: 'Pass',
      Assign: { rules: jsonata(RULES_BY_TARGET) },
      Next: 'Is an override declared twice?',
    },
    'Is an override declared twice?': {
      Type: 'Choice',
      // Synthesis knows targets by their names. Two tokens may turn out to be the same target.
      Choices: [{ Condition: jsonata('$count($keys($rules)) < $count($declared)'), Next: 'Refuse two overrides for one target' }],
      Default: 'All accounts or some?',
    },
    'Refuse two overrides for one target': {
      Type: 'Pass',
      Assign: {
        trouble: {
          name: 'WrongSetUp',
          cause: 'Two overrides have the same target: two tokens stand for the same account or organizational unit. Remove one of them. Nothing was changed.',
        },
      },
      Next: 'Report the problem',
    },
    'All accounts or some?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata("$type($ids) = 'array'"), Next: 'Look up the account' }],
      Default: 'List a page of accounts',
    },
    'List a page of accounts': {
      Type: 'Task',
      Resource: sdk('organizations:listAccounts'),
      Arguments: jsonata(`$merge([{'MaxResults': ${ACCOUNTS_PER_PAGE}}, $type($token) = 'string' ? {'NextToken': $token} : {}])`),
      Retry: [retry(TRANSIENT)],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: { error: jsonata(ERROR_NAME) }, Next: 'Explain that accounts are not listed' }],
      Assign: {
        token: jsonata('$exists($states.result.NextToken) ? $states.result.NextToken : null'),
        more: jsonata("$exists($states.result.NextToken) and $type($states.result.NextToken) = 'string'"),
      },
      Output: { accounts: jsonata(`[$states.result.Accounts${WITHOUT_NAMES}]`) },
      Next: 'Decide about the accounts',
    },
    'Look up the account': {
      Type: 'Task',
      Resource: sdk('organizations:describeAccount'),
      Arguments: { AccountId: jsonata('$ids[0]') },
      Retry: [retry(TRANSIENT)],
      Catch: [
        {
          ErrorEquals: ['Organizations.AccessDeniedException', 'Organizations.AwsOrganizationsNotInUseException'],
          Output: { error: jsonata(ERROR_NAME) },
          Next: 'Explain that accounts are not listed',
        },
        {
          ErrorEquals: ['States.ALL'],
          Assign: {
            decisions: jsonata(`{'failed': [$ids[0] & ' ' & ${ERROR_NAME}]}`),
            ids: jsonata(OTHER_IDS),
            more: jsonata('$count($ids) > 1'),
          },
          Next: 'Sort the accounts',
        },
      ],
      Assign: { ids: jsonata(OTHER_IDS), more: jsonata('$count($ids) > 1') },
      Output: { accounts: jsonata(`[$states.result.Account${WITHOUT_NAMES}]`) },
      Next: 'Decide about the accounts',
    },
    'Explain that accounts are not listed': { Type: 'Pass', Assign: { trouble: jsonata(LIST_PROBLEM) }, Next: 'Report the problem' },
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
        {
          Condition: jsonata(`${ENOUGH} or $millis() - $began > ${CHILD_DEADLINE * 1_000}`),
          Next: 'Hand over the accounts',
        },
      ],
      Default: 'Keep to one request per second',
    },
    'Keep to one request per second': { Type: 'Wait', Seconds: 1, Next: 'All accounts or some?' },
    'Can this account read a member?': {
      Type: 'Task',
      // Where trusted access or the delegation is missing, every account refuses. That is found out before anything is changed.
      Resource: sdk('account:getAlternateContact'),
      Arguments: { AccountId: jsonata('$members[0]'), AlternateContactType: alternateContactType },
      Retry: [retry(THROTTLED_READ)],
      Catch: [
        {
          ErrorEquals: ['Account.AccessDeniedException'],
          Assign: {
            members: jsonata('[$members[[1..$count($members)]]]'),
            refusals: jsonata('$refusals + 1'),
            isToldWhy: jsonata('$contains($states.errorOutput.Cause, /trusted access/i)'),
          },
          Next: 'Is it told why?',
        },
        { ErrorEquals: ['States.ALL'], Assign: { checkAccess: false }, Next: 'Enough for now?' },
      ],
      Assign: { checkAccess: false },
      Next: 'Enough for now?',
    },
    'Is it told why?': {
      Type: 'Choice',
      // One account may refuse for a reason of its own: others are asked then.
      Choices: [{ Condition: jsonata('$isToldWhy'), Next: 'Explain that nobody answers' }],
      Default: 'Enough for now?',
    },
    'Explain that nobody answers': { Type: 'Pass', Assign: { trouble: jsonata(READ_PROBLEM) }, Next: 'Report the problem' },
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
      // What was listed so far is handed over too, unless it is not known yet whether anybody can be read: then nothing is to be changed.
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
