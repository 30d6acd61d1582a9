import { App, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const OWN = '111111111111';

/** The recipe of docs/faq.md: a condition chooses the values of one contact. */
function templateOf(): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  const stageName = new CfnParameter(stack, 'StageName').valueAsString;
  const isProduction = new CfnCondition(stack, 'IsProduction', { expression: Fn.conditionEquals(stageName, 'production') });
  const choose = (production: string, other: string) => Fn.conditionIf(isProduction.logicalId, production, other).toString();
  new AlternateContact(stack, 'Contact', {
    alternateContactType: AlternateContactType.OPERATIONS,
    name: choose('Platform', 'Developers'),
    title: 'On call',
    emailAddress: choose('platform@example.com', 'developers@example.com'),
    phoneNumber: choose('+1 555 0102', '+1 555 0103'),
  });
  return app.synth().getStackByName('Stack').template as Template;
}

test('a condition on the values chooses what a contact has, and an update changes it in place', async () => {
  const template = templateOf();
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 100 });
  const deployments = [];
  for (const StageName of ['test', 'production', 'test']) {
    const { status } = await sandbox.deploy({ stackName: 'Stack', account: OWN, template, parameters: { StageName } });
    const { Name, EmailAddress, PhoneNumber } = sandbox.contacts.get(OWN, 'OPERATIONS')!;
    deployments.push([status, Name, EmailAddress, PhoneNumber]);
  }
  expect(deployments).toEqual([
    ['CREATE_COMPLETE', 'Developers', 'developers@example.com', '+1 555 0103'],
    ['UPDATE_COMPLETE', 'Platform', 'platform@example.com', '+1 555 0102'],
    ['UPDATE_COMPLETE', 'Developers', 'developers@example.com', '+1 555 0103'],
  ]);
  expect(sandbox.events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Update', 'Update']);
});
