import { jsonata, part } from '../asl';
import { numbersByTarget } from '../notation';

/** The input of the child, from that of the branch (`$input`). */
export const LIST_ORDER = `{
  'ownAccount': $input.own,
  'ids': $input.position.ids,
  'token': $input.position.token,
  'pages': $pages,
  'least': $least,
  'checkAccess': $input.position.checkAccess
}`;

export const RULES_BY_TARGET = numbersByTarget('$declared');

/** Reads the rules and the input. */
export function readOrder(rules: readonly string[]) {
  return part({
    'Read the overrides': {
      Type: 'Pass',
      // Alone, because everything that a state assigns must fit into 256 KiB.
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
      // Synthesis compares names of targets, and two tokens may stand for the same target.
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
  });
}
