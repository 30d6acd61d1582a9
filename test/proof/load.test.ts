import { App, Stack } from 'aws-cdk-lib';
import { Sandbox, Template } from '../../sandbox';
import { AlternateContact, AlternateContacts, AlternateContactType } from '../../src';

/* Under the documented quotas. How long it takes, against the least that the quotas allow, is measured by the benchmarks. */
const OWN = '111111111111';
const VALUES = { name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '+1 555 0100' };
const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(200000000000 + index));

async function deploy(memberAccounts: string[], stacks: { [stackName: string]: (stack: Stack) => void }) {
  const sandbox = await Sandbox.start({ managementAccount: OWN, memberAccounts, timeScale: 5, quotas: 'documented', policyDelaySeconds: 5 });
  try {
    const app = new App();
    const templates = Object.entries(stacks).map(([stackName, declare]) => {
      declare(new Stack(app, stackName, { env: { account: OWN, region: 'us-east-1' } }));
      return stackName;
    }).map(stackName => ({ stackName, template: app.synth().getStackByName(stackName).template as Template }));
    const results = await Promise.all(templates.map(options => sandbox.deploy({ ...options, account: OWN })));
    return {
      statuses: results.map(result => result.status),
      contacts: memberAccounts.flatMap(account => sandbox.contacts.list(account)).length,
      violations: sandbox.violations,
      throttled: sandbox.calls.filter(call => call.outcome === 'TooManyRequestsException').length,
    };
  } finally {
    await sandbox.close();
  }
}

test('490 contacts of a stack, created at once, are all set', async () => {
  const members = accounts(490);
  const result = await deploy(members, {
    Contacts: stack => members.forEach(accountId => {
      new AlternateContact(stack, accountId, { accountId, alternateContactType: AlternateContactType.SECURITY, ...VALUES });
    }),
  });
  expect(result).toMatchObject({ statuses: ['CREATE_COMPLETE'], contacts: 490, violations: [] });
  expect(result.throttled).toBeGreaterThan(490);
}, 240_000);

test('three contacts of each of 200 accounts, in two stacks at the same time, are all set', async () => {
  const members = accounts(200);
  const half = (part: string[]) => (stack: Stack) => part.forEach(accountId =>
    new AlternateContacts(stack, accountId, { accountId, billing: VALUES, operations: VALUES, security: VALUES }));
  const result = await deploy(members, { One: half(members.slice(0, 100)), Two: half(members.slice(100)) });
  expect(result).toMatchObject({ statuses: ['CREATE_COMPLETE', 'CREATE_COMPLETE'], contacts: 600, violations: [] });
}, 240_000);
