import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { BREAKS } from './breaks';
import { alternateContact, System } from './systems';
import { Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const OWN = '111111111111';

/** Creates an account with a contact in one deployment. The account can be accessed three minutes after its creation. */
async function vend(system: System): Promise<{ status: string; isThere: boolean }> {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  const account = new CfnAccount(stack, 'Account', { accountName: 'shop', email: 'shop@example.com' });
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  new AlternateContact(stack, 'Contact', {
    accountId: account.attrAccountId,
    alternateContactType: AlternateContactType.SECURITY,
    name: 'Team',
    title: 'On call',
    emailAddress: 'team@example.com',
    phoneNumber: '1',
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const template = app.synth().getStackByName('Stack').template as Template;
  system.transform?.(template);
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 60, accessDelaySeconds: 180 });
  const { status } = await sandbox.deploy({ stackName: 'Stack', account: OWN, template });
  const [created] = sandbox.organization.members;
  return { status, isThere: sandbox.contacts.get(created, 'SECURITY') !== undefined };
}

test('a contact of an account that the same stack creates is set once the account can be accessed', async () => {
  expect(await vend(alternateContact)).toEqual({ status: 'CREATE_COMPLETE', isThere: true });
});

test('the deployment above fails when a new account gets no more patience than any other', async () => {
  expect(await vend(await BREAKS['a new account gets no more patience than any other']())).toEqual({ status: 'ROLLBACK_COMPLETE', isThere: false });
});
