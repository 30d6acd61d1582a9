import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Edit, Step } from './model';
import { Corner, Fault, run } from './run';
import { alternateContact } from './systems';
import { Sandbox, Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';

/*
 * What the README's limits name. The proof finds each of them and knows it: were one gone, its test here would fail, and the limit could go.
 * (A Create that is delivered twice at once is in test/lambda/handler.test.ts: here, chance decides which of the two is answered first.)
 */
const add = (values: object = {}): Edit => ({
  edit: 'add',
  declaration: { stack: 'One', account: { as: 'literal', id: '222222222222' }, type: 'SECURITY', retain: false, overwriteExisting: true, provider: 'default', ...values },
});
const step = (edits: Edit[], more: Partial<Step> = {}): Step => ({ edits, byHand: [], disturbances: [], ...more });

const LIMITS: { limit: string; steps: Step[]; fault: Fault; corner: Corner }[] = [
  {
    limit: 'a contact that gets another resource and other values keeps the values when the deployment fails',
    steps: [step([add()]), step([{ edit: 'provider', at: 0, provider: 'P' }, { edit: 'values', at: 0 }], { sibling: 'afterwards' })],
    fault: 'wrong values',
    corner: 'new resource, rolled back',
  },
  {
    limit: 'of two stacks that declare a contact, the one that goes deletes it',
    steps: [step([add(), add({ stack: 'Two' })]), step([{ edit: 'remove', at: 1 }])],
    fault: 'lost',
    corner: 'two stacks',
  },
];

test.each(LIMITS)('$limit', async ({ steps, fault, corner }) => {
  const { findings } = await run(alternateContact, steps);
  expect(findings.map(finding => [finding.fault, finding.corner])).toEqual([[fault, corner]]);
});

test('an Update that is delivered again after its rollback sets its values again', async () => {
  const template = (name: string) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
    const contact = new AlternateContact(stack, 'Contact', {
      alternateContactType: AlternateContactType.SECURITY, name, title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1',
    });
    new CfnResource(stack, 'Sibling', { type: 'AWS::SSM::Parameter', properties: { Value: name } }).node.addDependency(contact);
    return app.synth().getStackByName('Stack').template as Template;
  };
  const sandbox = await Sandbox.start({ managementAccount: '111111111111', timeScale: 100 });
  const target = { stackName: 'Stack', account: '111111111111' };
  try {
    await sandbox.deploy({ ...target, template: template('Old') });
    const { status } = await sandbox.deploy({
      ...target, template: template('New'), fail: { Sibling: 'Update' }, duplicates: event => event.ResourceProperties.Name === 'New' && 30,
    });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(sandbox.contacts.get('111111111111', 'SECURITY')).toMatchObject({ Name: 'Old' });
    await sandbox.idle();
    expect(sandbox.contacts.get('111111111111', 'SECURITY')).toMatchObject({ Name: 'New' });
  } finally {
    await sandbox.close();
  }
});

test('a Create under way when a sibling fails puts a contact that nobody deletes', async () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  new AlternateContact(stack, 'Contact', {
    alternateContactType: AlternateContactType.SECURITY, name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1',
  });
  new CfnResource(stack, 'Sibling', { type: 'AWS::SSM::Parameter' });
  const sandbox = await Sandbox.start({ managementAccount: '111111111111', timeScale: 100 });
  try {
    // The contact is put, but its answer is not taken before the sibling fails.
    sandbox.faults.add({ api: 'ResponseURL', kind: '500', times: 100 });
    const { status } = await sandbox.deploy({
      stackName: 'Stack',
      account: '111111111111',
      template: app.synth().getStackByName('Stack').template as Template,
      fail: { Sibling: { phase: 'Create', afterSeconds: 20 } },
    });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(sandbox.events.at(-1)).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^Stack-AlternateContactSecurity-/) });
    expect(sandbox.contacts.get('111111111111', 'SECURITY')).toBeDefined();
  } finally {
    await sandbox.idle();
    await sandbox.close();
  }
});
