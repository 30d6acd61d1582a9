import { App, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BREAKS } from './breaks';
import { alternateContact, System } from './systems';
import { Template } from '../../sandbox';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const OWN = '111111111111';

const { BILLING, OPERATIONS, SECURITY } = AlternateContactType;

function templateOf(stackName: string, types: AlternateContactType[], timeout: Duration, system: System): Template {
  const app = new App();
  const stack = new Stack(app, stackName, { env: { account: OWN, region: 'us-east-1' } });
  const provider = new AlternateContactProvider(stack, 'Provider', { timeout });
  // Otherwise the rollback also revokes the permission, and the mistake stays hidden.
  provider.role.addToPrincipalPolicy(new PolicyStatement({ actions: ['account:*'], resources: ['*'] }));
  for (const alternateContactType of types) {
    new AlternateContact(stack, alternateContactType, { alternateContactType, name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1', provider });
  }
  const template = app.synth().getStackByName(stackName).template as Template;
  system.transform?.(template);
  return template;
}

/**
 * The account may run one function at a time, and the service throttles the contact of one stack. Another stack adds a contact, whose event stays in the
 * queue. CloudFormation waits eight minutes for it, rolls back, and deletes the contact. Only then does the throttling end.
 */
async function contactAfterItsEventWaited(system: System): Promise<{ status: string; isThere: boolean }> {
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 100, concurrentExecutions: 1 });
  const deployQuick = (types: AlternateContactType[]) =>
    sandbox.deploy({ stackName: 'Quick', account: OWN, template: templateOf('Quick', types, Duration.minutes(3), system) });
  await deployQuick([OPERATIONS]);
  const isRollingBack = () => sandbox.events.some(({ RequestType }) => RequestType === 'Delete');
  sandbox.faults.add({ api: '*', kind: '429', times: Infinity, match: ({ contactType }) => contactType === BILLING && !isRollingBack() });
  const slow = sandbox.deploy({ stackName: 'Slow', account: OWN, template: templateOf('Slow', [BILLING], Duration.minutes(15), system) });
  // From now on, it occupies the only execution.
  while (!sandbox.calls.some(({ contactType }) => contactType === BILLING)) { await sandbox.clock.sleep(1); }
  const { status } = await deployQuick([OPERATIONS, SECURITY]);
  expect((await slow).status).toBe('CREATE_COMPLETE');
  await sandbox.idle();
  return { status, isThere: sandbox.contacts.get(OWN, SECURITY) !== undefined };
}

test('a Create that left the queue after CloudFormation had given up on it sets nothing', async () => {
  expect(await contactAfterItsEventWaited(alternateContact)).toEqual({ status: 'UPDATE_ROLLBACK_COMPLETE', isThere: false });
});

test('the test above finds a contact left behind when the deadline does not count how long the event waited', async () => {
  const system = await BREAKS['the deadline does not count how long the event waited']();
  expect(await contactAfterItsEventWaited(system)).toEqual({ status: 'UPDATE_ROLLBACK_COMPLETE', isThere: true });
});
