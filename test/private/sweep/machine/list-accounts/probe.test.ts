import { READ_PROBLEM } from '../../../../../src/private/sweep/machine/list-accounts/probe';
import { evaluate } from '../evaluate';

const problem = (isToldWhy: boolean) => evaluate(READ_PROBLEM, { isToldWhy, order: { ownAccount: '111111111111' } });

test('a member that says that trusted access is missing leads to the command that enables it', async () => {
  expect(await problem(true)).toEqual({
    name: 'WrongSetUp',
    cause: 'Account Management has no trusted access to the organization. In the management account run: '
      + 'aws organizations enable-aws-service-access --service-principal account.amazonaws.com. Nothing was changed.',
  });
});

test('members that refuse without a reason lead to everything that may be missing', async () => {
  expect(await problem(false)).toEqual({
    name: 'WrongSetUp',
    cause: expect.stringMatching(/register-delegated-administrator .* --account-id 111111111111\. .*enable-aws-service-access .* service control policy .* Nothing was changed\.$/),
  });
});
