import { App, Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Sandbox, Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const [OWN, MEMBER] = ['111111111111', '222222222222'];

/** The recipe of docs/faq.md: the contact of the account in the parameter `Member`, or else of the stack's account. */
function templateOf(): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  const member = new CfnParameter(stack, 'Member', { default: '' }).valueAsString;
  const hasMember = new CfnCondition(stack, 'HasMember', { expression: Fn.conditionNot(Fn.conditionEquals(member, '')) });
  new AlternateContact(stack, 'Contact', {
    accountId: Fn.conditionIf(hasMember.logicalId, member, Aws.NO_VALUE).toString(),
    alternateContactType: AlternateContactType.SECURITY,
    name: 'Team',
    title: 'On call',
    emailAddress: 'team@example.com',
    phoneNumber: '1',
  });
  return app.synth().getStackByName('Stack').template as Template;
}

const holdersIn = (sandbox: Sandbox) => [OWN, MEMBER].filter(account => sandbox.contacts.get(account, 'SECURITY'));

test("a contact whose account id has no value belongs to the stack's account, and moves when the id gets a value, and back", async () => {
  const template = templateOf();
  const sandbox = await openSandbox({ managementAccount: OWN, memberAccounts: [MEMBER], timeScale: 100 });
  const deployments = [];
  for (const Member of ['', MEMBER, '']) {
    const { status } = await sandbox.deploy({ stackName: 'Stack', account: OWN, template, parameters: { Member } });
    deployments.push([status, holdersIn(sandbox)]);
  }
  expect(deployments).toEqual([['CREATE_COMPLETE', [OWN]], ['UPDATE_COMPLETE', [MEMBER]], ['UPDATE_COMPLETE', [OWN]]]);
  expect((await sandbox.destroy({ stackName: 'Stack', account: OWN })).status).toBe('DELETE_COMPLETE');
  expect(holdersIn(sandbox)).toEqual([]);
});
