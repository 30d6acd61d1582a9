/* Parts of lists. They use $filter(), because a range predicate checks the whole range for each item. */

/** The first items of a list. */
export const first = (list: string, count: number) => `[$filter(${list}, function($item, $i) { $i < ${count} })]`;

/** The items after these. */
export const afterFirst = (list: string, count: number) => `[$filter(${list}, function($item, $i) { $i >= ${count} })]`;
