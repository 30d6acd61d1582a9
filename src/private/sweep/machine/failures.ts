import { entry, keyOf, restOf } from './notation';
import { ERROR_CHARACTERS } from './tuning';

/*
 * Expressions about accounts that failed. A child notes them one by one, such as `222222222222 Account.AccessDeniedException`. The state machine
 * keeps them by error, such as `{'Account.AccessDeniedException': ['222222222222']}`: thousands of them then take a third of the bytes.
 */

/** The name of an error, without the service's message, which may repeat values. */
export const ERROR_NAME = `$substring($states.errorOutput.Error, 0, ${ERROR_CHARACTERS})`;

/** Accounts by error, from entries. Groups a copy, because grouping an empty list modifies that list. */
export const byError = (entries: string) => `[${entries}]{${restOf('$')}: [$.${keyOf('$')}]}`;

/** Entries, from accounts by error. */
export const oneByOne = (failures: string) => `[$each(${failures}, function($ids, $error) { $ids.(${entry('$', '$error')}) }).$]`;

/** Merges several objects of accounts by error. */
export const merged = (...failures: string[]) => `$spread([${failures.join(', ')}]){$keys($)[0]: [$.*]}`;

/** The ids of all accounts that failed. */
export const idsIn = (failures: string) => `[${failures}.*]`;

/** The accounts in a sentence, such as `Account.AccessDeniedException: 222222222222, 333333333333; NotReached: 444444444444`. */
export const described = (failures: string) =>
  `$join([$each(${failures}, function($ids, $error) { $error & ': ' & $join($ids, ', ') })], '; ')`;

/** Cuts a list of accounts before an entry, if it has more characters than that. */
export const cut = (text: string, characters: number) =>
  `($length(${text}) > ${characters} ? $replace($substring(${text}, 0, ${characters}), /[,;][^,;]*$/, '') : ${text})`;

/** How many accounts a text names. */
export const namedIn = (text: string) => `$count($match(${text}, /\\b\\d{12}\\b/))`;
