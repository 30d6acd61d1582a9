import type { ContactValues } from '../../../contract';
import { jsonata, type States, states } from '../asl';
import { contactsIn } from '../notation';
import { CHILD_DEADLINE } from '../tuning';
import { reportByAccount } from './report';
import { type SetMode, takeTurn } from './turn';

/*
 * The child that sets or compares the contacts of up to ten accounts. It is an EXPRESS execution, which keeps no history, so the contacts that it
 * reads and puts are stored nowhere. It returns ids, types and names of errors.
 *
 * | variable         | meaning                                                                                     |
 * |------------------|---------------------------------------------------------------------------------------------|
 * | contacts         | the declared contacts, by number                                                            |
 * | group, started   | the input; when the child began                                                             |
 * | work, at         | the contacts to set, one by one; the position of the one whose turn it is                   |
 * | gets, puts       | the calls so far                                                                            |
 * | existing         | the account's contact, as read                                                              |
 * | changes, errors  | the contacts that were put or differ; those that failed                                     |
 * | done             | the accounts that are as declared, or compared                                              |
 */

/** What the child needs to know at synthesis. */
export interface SetOptions extends SetMode {
  /** The contacts that the accounts refer to by number. */
  readonly contacts: readonly ContactValues[];
}

/** The contacts to set, one by one, from the accounts in the input. */
export const CONTACTS_TO_SET = contactsIn('$states.input.accounts');

/** How long to wait until the calls so far keep to the rates, in whole seconds. */
export const PAUSE = '$max([0, $floor($max([$gets / $group.getsPerSecond, $puts / $group.putsPerSecond]) - ($millis() - $started) / 1000)])';

/** Sets or compares the contacts of the accounts in its input, and reports what came of it. */
export function setContacts({ contacts, ...mode }: SetOptions): States {
  return states('Read the contacts', {
    'Read the contacts': {
      Type: 'Pass',
      // Alone, because everything that a state assigns must fit into 256 KiB.
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
    ...takeTurn(mode),
    'Keep to the request quotas': {
      Type: 'Wait',
      Seconds: jsonata(PAUSE),
      Assign: { at: jsonata('$at + 1') },
      Next: 'Another contact?',
    },
    ...reportByAccount(mode.enforce),
  });
}
