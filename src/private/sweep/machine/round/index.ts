import { jsonata, part } from '../asl';
import { ROUND_INPUT } from './hand-in';
import { listBranch } from './list-branch';
import { QUEUE_AFTER_ROUND, setBranch } from './set-branch';
import { FAILED, TOTALS, UNNAMED } from './totals';
import type { Declaration } from '../../declaration';

/* A round sets the contacts of the accounts that earlier rounds have listed, and lists the next accounts at the same time. */

/** The settings of the rounds. */
interface RoundOptions {
  readonly partition: string;
  readonly declaration: Declaration;
  readonly enforce: boolean;
}

/** How many lists in a row have failed. A list that gets further resets the count. */
export const LIST_TRIES = `(
  $listed := $states.result[1];
  $listed.problem = null or $count($listed.accounts) > 0 or $listed.position.token != $position.token ? 0 : $listTries
)`;

/** Runs a round, and counts what came of it. */
export function round({ partition, declaration, enforce }: RoundOptions) {
  const { contacts, rules, needsPaths, alternateContactTypes: [alternateContactType] } = declaration;

  return part({
    'Set contacts and list ahead': {
      Type: 'Parallel',
      Arguments: jsonata(ROUND_INPUT),
      Branches: [
        setBranch({ partition, contacts, enforce, needsPaths }),
        listBranch({ partition, rules, needsPaths, alternateContactType }),
      ],
      Assign: {
        queue: jsonata(QUEUE_AFTER_ROUND),
        position: jsonata('$states.result[1].position'),
        problem: jsonata('$states.result[1].problem'),
        listTries: jsonata(LIST_TRIES),
      },
      Next: 'Count the accounts',
    },
    'Count the accounts': {
      Type: 'Pass',
      // Alone, because everything that a state assigns must fit into 256 KiB.
      Assign: { totals: jsonata(TOTALS) },
      Next: 'Note the accounts that failed',
    },
    'Note the accounts that failed': {
      Type: 'Pass',
      Assign: { failed: jsonata(FAILED), unnamed: jsonata(UNNAMED) },
      Output: {},
      Next: 'What is left to do?',
    },
  });
}
