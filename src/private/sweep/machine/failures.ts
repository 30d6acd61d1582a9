import { ERROR_CHARACTERS } from './tuning';

/*
 * Expressions about accounts that could not be set. A child notes them one by one, such as `222222222222 Account.AccessDeniedException`. The
 * state machine carries them by error, such as `{'Account.AccessDeniedException': ['222222222222']}`: thousands of them take a third of the bytes.
 */

/** The name of an error, without the words of the service, which may repeat values. */
export const ERROR_NAME = `$substring($states.errorOutput.Error, 0, ${ERROR_CHARACTERS})`;

/** Accounts by error, from a list of accounts with their errors. A copy is grouped: grouping an empty list would put something into it. */
export const byError = (list: string) => `[${list}]{$substringAfter($, ' '): [$.$substringBefore($, ' ')]}`;

/** A list of accounts with their errors, from accounts by error. */
export const oneByOne = (failures: string) => `[$each(${failures}, function($ids, $error) { $ids.($ & ' ' & $error) }).$]`;

/** The accounts of several lists by error, in one. */
export const merged = (...failures: string[]) => `$spread([${failures.join(', ')}]){$keys($)[0]: [$.*]}`;

/** The ids, whatever the error. */
export const idsIn = (failures: string) => `[${failures}.*]`;

/** What a text says about the accounts, such as `Account.AccessDeniedException: 222222222222, 333333333333; NotReached: 444444444444`. */
export const described = (failures: string) =>
  `$join([$each(${failures}, function($ids, $error) { $error & ': ' & $join($ids, ', ') })], '; ')`;

/** The beginning of a list of accounts, up to so many characters, cut before an entry. */
export const cut = (text: string, characters: number) =>
  `($length(${text}) > ${characters} ? $replace($substring(${text}, 0, ${characters}), /[,;][^,;]*$/, '') : ${text})`;

/** How many accounts a text names. */
export const namedIn = (text: string) => `$count($match(${text}, /\\b\\d{12}\\b/))`;
