import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ContactsStackSet } from '../examples/account-vending/stack-set-stack';
import { VendingStack } from '../examples/account-vending/vending-stack';
import { keepContacts } from '../examples/organization-wide/contacts';
import { allowForwardedEvents } from '../examples/organization-wide/event-bus-policy';
import { Sandbox, Template as SandboxTemplate, VirtualClock } from '../sandbox';
import { OrganizationEventForwarder } from '../src';

const MANAGEMENT = '111111111111';
const mailboxesOf = (sandbox: Sandbox, account: string) => sandbox.contacts.list(account).map(contact => contact.EmailAddress);

test('the vending stack creates the accounts and sets their contacts, and retains both when it is deleted', async () => {
  const app = new App();
  new VendingStack(app, 'AccountVending');
  const template = app.synth().getStackByName('AccountVending').template as SandboxTemplate;
  const sandbox = await Sandbox.start({ managementAccount: MANAGEMENT, timeScale: 50, quotas: 'documented', policyDelaySeconds: 5 });
  try {
    const target = { stackName: 'AccountVending', account: MANAGEMENT };
    const [shop, data] = Object.entries(template.Resources!).flatMap(([id, { Type }]) => Type === 'AWS::Organizations::Account' ? [id] : []);
    expect(template.Resources![data].DependsOn).toEqual([shop]);
    const accountIds = { [shop]: '222222222222', [data]: '333333333333' };
    expect(await sandbox.deploy({ ...target, template, accountIds })).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(mailboxesOf(sandbox, '222222222222')).toEqual(['invoices@example.com', 'platform@example.com', 'security@example.com']);
    expect(mailboxesOf(sandbox, '333333333333')).toEqual(['invoices@example.com', 'data@example.com', 'security@example.com']);
    expect(mailboxesOf(sandbox, MANAGEMENT)).toEqual([]);

    expect(await sandbox.destroy(target)).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(sandbox.organization.members).toEqual(new Set(Object.values(accountIds)));
    // The accounts are retained, and so are their contacts.
    expect(mailboxesOf(sandbox, '222222222222')).toEqual(['invoices@example.com', 'platform@example.com', 'security@example.com']);
    expect(sandbox.violations).toEqual([]);
  } finally {
    await sandbox.close();
  }
});

test('the template of the stack set sets the contacts of a member from inside it, without trusted access', async () => {
  const app = new App();
  new ContactsStackSet(app, 'ContactsEverywhere', 'ou-exam-ple00000');
  const [stackSet] = Object.values((app.synth().getStackByName('ContactsEverywhere').template as SandboxTemplate).Resources ?? {});
  const template = JSON.parse(String(stackSet.Properties!.TemplateBody)) as SandboxTemplate;
  const contacts = Object.values(template.Resources ?? {}).filter(({ Type }) => Type === 'Custom::AlternateContact');
  expect(contacts.map(contact => [contact.Properties?.AlternateContactType, contact.Properties?.AccountId, contact.DeletionPolicy])).toEqual([
    ['BILLING', undefined, 'Retain'], ['OPERATIONS', undefined, 'Retain'], ['SECURITY', undefined, 'Retain'],
  ]);
  expect(String(stackSet.Properties!.TemplateBody).length).toBeLessThan(51_200);

  const sandbox = await Sandbox.start({ managementAccount: MANAGEMENT, memberAccounts: ['222222222222'], trustedAccess: false, timeScale: 50 });
  try {
    expect(await sandbox.deploy({ stackName: 'StackSet-Contacts', account: '222222222222', template })).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(mailboxesOf(sandbox, '222222222222')).toEqual(['invoices@example.com', 'platform@example.com', 'security@example.com']);
    expect(new Set(sandbox.calls.map(call => call.accountId))).toEqual(new Set([undefined]));
  } finally {
    await sandbox.close();
  }
});

test('the organization-wide example allows only the management account to forward events to a delegated administrator', () => {
  const stack = new Stack(new App(), 'Delegated', { env: { account: '999999999999', region: 'eu-west-1' } });
  allowForwardedEvents(stack, MANAGEMENT);
  Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
    EventBusName: Match.absent(), // the default bus
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: MANAGEMENT },
      Action: 'events:PutEvents',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:eu-west-1:999999999999:event-bus/default']] },
    },
  });
});

test('the organization-wide example allows its alarms and events to publish to the encrypted topic', () => {
  const stack = new Stack();
  keepContacts(stack);
  const template = Template.fromStack(stack);
  for (const Service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Allow', Action: 'sns:Publish', Principal: { Service } })]) },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Principal: { Service } })]) },
    });
  }
});

test('the organization-wide example sets the contacts of every account except the excluded ones, and of a new account whose event is forwarded', async () => {
  const REGION = 'eu-west-1';
  const [SHOP, PLAYGROUND] = ['ou-ab12-11111111', 'ou-ab12-99999999'];
  const [LAB, EXCLUDED, IN_SHOP, IN_PLAYGROUND, NEW] = ['222222222222', '333333333333', '444444444444', '555555555555', '666666666666'];
  const app = new App();
  const stackIn = (region: string) => new Stack(app, `In-${region}`, { env: { account: MANAGEMENT, region }, synthesizer: new BootstraplessSynthesizer() });
  keepContacts(stackIn(REGION));
  new OrganizationEventForwarder(stackIn('us-east-1'), 'Forwarder', { targetRegion: REGION });

  const clock = new VirtualClock();
  const sandbox = await Sandbox.start({
    clock, managementAccount: MANAGEMENT, memberAccounts: [LAB, EXCLUDED, IN_SHOP, IN_PLAYGROUND], quotas: 'documented',
  });
  const { tree, stepFunctions } = sandbox;
  try {
    for (const [unit, account] of [[SHOP, IN_SHOP], [PLAYGROUND, IN_PLAYGROUND]]) {
      tree.createOrganizationalUnit(tree.root, unit);
      tree.moveAccount(account, unit);
    }
    for (const { stackName, template, environment: { region } } of app.synth().stacks) {
      const deployed = sandbox.deploy({ stackName, account: MANAGEMENT, region, template: template as SandboxTemplate });
      expect(await clock.until(deployed)).toMatchObject({ status: 'CREATE_COMPLETE' });
    }
    await clock.advance(90);
    await clock.until(stepFunctions.idle());
    const everyone = ['invoices@example.com', 'platform@example.com', 'security@example.com'];
    const inShop = ['invoices@example.com', 'shop@example.com', 'security@example.com'];
    expect(mailboxesOf(sandbox, MANAGEMENT)).toEqual(everyone);
    expect(mailboxesOf(sandbox, LAB)).toEqual(['invoices@example.com', 'platform@example.com', 'lab@example.com']);
    expect(mailboxesOf(sandbox, IN_SHOP)).toEqual(inShop);
    expect([EXCLUDED, IN_PLAYGROUND].map(account => mailboxesOf(sandbox, account))).toEqual([[], []]);

    tree.createAccount(NEW);
    await clock.advance(2);
    await clock.until(stepFunctions.idle());
    expect(mailboxesOf(sandbox, NEW)).toEqual(everyone);
    tree.moveAccount(NEW, SHOP);
    await clock.advance(2);
    await clock.until(stepFunctions.idle());
    expect(mailboxesOf(sandbox, NEW)).toEqual(inShop);
  } finally {
    await sandbox.close();
  }
});
