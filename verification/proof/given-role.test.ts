import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Template } from '../../sandbox';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const OWN = '111111111111';
const target = { stackName: 'Stack', account: OWN };

/** Synthesizes a stack whose role has another permission too, so that it stays when the provider goes. */
function templateOf(declare: (stack: Stack, role: Role) => void): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/*'] }));
  declare(stack, role);
  return app.synth().getStackByName('Stack').template as Template;
}

function declareContact(stack: Stack, provider?: AlternateContactProvider): void {
  new AlternateContact(stack, 'Contact', {
    alternateContactType: AlternateContactType.SECURITY, name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1', provider,
  });
}

const withRole = (stack: Stack, role: Role) => declareContact(stack, new AlternateContactProvider(stack, 'Provider', { role }));

test.each<[string, (stack: Stack) => void, string | undefined]>([
  ['that leaves the app with its provider is deleted', () => undefined, undefined],
  ['that moves to the provider that the stack shares stays, and leaves no resource behind', stack => declareContact(stack), 'Team'],
])('a contact of a provider with a role of the stack %s', async (_, after, name) => {
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 100, policyDelaySeconds: 0 });
  await sandbox.deploy({ ...target, template: templateOf(withRole) });
  expect(sandbox.contacts.get(OWN, 'SECURITY')?.Name).toBe('Team');
  const { status, orphans } = await sandbox.deploy({ ...target, template: templateOf(after) });
  expect({ status, orphans, name: sandbox.contacts.get(OWN, 'SECURITY')?.Name }).toEqual({ status: 'UPDATE_COMPLETE', orphans: [], name });
});
