import { MAY_NOT_READ, NO_TRUSTED_ACCESS } from '../advice';
import { jsonata, part, sdk } from '../asl';
import { ACCOUNT_RETRY } from '../retries';

/** Why no account can be read. It looks at the service's message, and does not repeat it. */
export const READ_PROBLEM = `{'name': 'WrongSetUp', 'cause': ($isToldWhy ? ${NO_TRUSTED_ACCESS} : ${MAY_NOT_READ('$order.ownAccount')}) & ' Nothing was changed.'}`;

/** Reads one member after the other until one answers. If trusted access or the delegation is missing, all refuse, and nothing must be changed. */
export function probeAccess(partition: string, alternateContactType: string) {
  return part({
    'Can this account read a member?': {
      Type: 'Task',
      Resource: sdk(partition, 'account:getAlternateContact'),
      Arguments: { AccountId: jsonata('$members[0]'), AlternateContactType: alternateContactType },
      Retry: [ACCOUNT_RETRY],
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
      // Without a reason, only this account may refuse: the next one is asked.
      Choices: [{ Condition: jsonata('$isToldWhy'), Next: 'Explain that nobody answers' }],
      Default: 'Enough for now?',
    },
    'Explain that nobody answers': { Type: 'Pass', Assign: { trouble: jsonata(READ_PROBLEM) }, Next: 'Report the problem' },
  });
}
