import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const OWN = '111111111111';
const [CLOSED, OPEN] = ['222222222222', '333333333333'];
const target = { stackName: 'Stack', account: OWN };

function templateOf(accounts: string[], { retained = [] as string[], edition = 1 } = {}): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  for (const accountId of accounts) {
    new AlternateContact(stack, accountId, {
      accountId,
      alternateContactType: AlternateContactType.SECURITY,
      name: `Team ${edition}`,
      title: 'On call',
      emailAddress: 'team@example.com',
      phoneNumber: '1',
      removalPolicy: retained.includes(accountId) ? RemovalPolicy.RETAIN : undefined,
    });
  }
  return app.synth().getStackByName('Stack').template as Template;
}

async function withClosedAccount() {
  const sandbox = await openSandbox({ managementAccount: OWN, memberAccounts: [CLOSED, OPEN], timeScale: 100 });
  await sandbox.deploy({ ...target, template: templateOf([CLOSED, OPEN]) });
  sandbox.organization.close(CLOSED);
  const first = sandbox.calls.length;
  return { sandbox, callsTo: (account: string) => sandbox.calls.slice(first).filter(({ targetAccount }) => targetAccount === account) };
}

test('a contact of a closed account is retained and then removed without a call to the account', async () => {
  const { sandbox, callsTo } = await withClosedAccount();
  const retained = await sandbox.deploy({ ...target, template: templateOf([CLOSED, OPEN], { retained: [CLOSED] }) });
  const removed = await sandbox.deploy({ ...target, template: templateOf([OPEN]) });
  const destroyed = await sandbox.destroy(target);
  expect([retained, removed, destroyed].map(({ status }) => status)).toEqual(['UPDATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE']);
  expect(callsTo(CLOSED)).toEqual([]);
  // The test does see calls, if there are any.
  expect(callsTo(OPEN).map(({ api }) => api)).toEqual(['DeleteAlternateContact']);
});

test('a contact of a closed account is orphaned by a deployment that removes it without retaining it', async () => {
  const { sandbox, callsTo } = await withClosedAccount();
  const { orphans } = await sandbox.deploy({ ...target, template: templateOf([OPEN]) });
  expect(orphans).toHaveLength(1);
  expect(callsTo(CLOSED)[0]).toMatchObject({ api: 'DeleteAlternateContact', outcome: 'AccessDeniedException' });
});

test('a deployment that edits a contact of a closed account fails, and rolls back to the values that the account still has', async () => {
  const { sandbox } = await withClosedAccount();
  const { status } = await sandbox.deploy({ ...target, template: templateOf([CLOSED, OPEN], { retained: [CLOSED], edition: 2 }) });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([CLOSED, OPEN].map(account => sandbox.contacts.get(account, 'SECURITY')?.Name)).toEqual(['Team 1', 'Team 1']);
});
