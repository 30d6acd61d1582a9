import { Template, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

const [ACCOUNT, MEMBER] = ['111111111111', '222222222222'];

const resource = (Name: string, AlternateContactType = 'SECURITY') => ({
  Type: 'AwsCommunity::Account::AlternateContact',
  Properties: { AccountId: MEMBER, AlternateContactType, Name, Title: 'On call', EmailAddress: 'team@example.com', PhoneNumber: '1' },
});

async function start() {
  const clock = new VirtualClock();
  const sandbox = await openSandbox({ managementAccount: ACCOUNT, memberAccounts: [MEMBER], clock });
  const deploy = (Resources: Template['Resources']) => clock.until(sandbox.deploy({ stackName: 'Stack', account: ACCOUNT, template: { Resources } }));
  /** Each change of a contact: its type, and its name unless it was deleted. */
  const changes = () => sandbox.contacts.changes.map(({ account, type, contact }) => [account, type, contact?.Name]);
  return { sandbox, deploy, changes };
}

test("a resource of the registry's type sets, updates, replaces and deletes a contact, and every change is recorded in order", async () => {
  const { sandbox, deploy, changes } = await start();
  await deploy({ Contact: resource('one'), Topic: { Type: 'AWS::SNS::Topic' } });
  await deploy({ Contact: resource('two'), Topic: { Type: 'AWS::SNS::Topic' } });
  await deploy({ Contact: resource('two', 'BILLING'), Topic: { Type: 'AWS::SNS::Topic' } });
  const { status } = await deploy({ Topic: { Type: 'AWS::SNS::Topic' } });
  expect(status).toBe('UPDATE_COMPLETE');
  expect(changes()).toEqual([
    [MEMBER, 'SECURITY', 'one'], [MEMBER, 'SECURITY', 'two'], [MEMBER, 'BILLING', 'two'], [MEMBER, 'SECURITY', undefined], [MEMBER, 'BILLING', undefined],
  ]);
  expect(sandbox.contacts.list(MEMBER)).toEqual([]);
});

test("a resource of the registry's type refuses a contact that exists, and its rollback leaves it", async () => {
  const { sandbox, deploy } = await start();
  const { Type, Properties: { AccountId, ...contact } } = resource('somebody');
  sandbox.contacts.put(AccountId, { ...contact, AlternateContactType: 'SECURITY' });
  expect(await deploy({ Contact: resource('one') })).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining(`'${Type}' with identifier '${MEMBER}/SECURITY' already exists`) });
  expect(sandbox.contacts.get(MEMBER, 'SECURITY')?.Name).toBe('somebody');
});
