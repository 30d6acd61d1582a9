import { App } from 'aws-cdk-lib';
import { ContactsStackSet, contactsTemplate } from '../examples/account-vending/stack-set-stack';
import { VendingStack } from '../examples/account-vending/vending-stack';
import { Sandbox, Template } from '../sandbox';

const MANAGEMENT = '111111111111';
const mailboxesOf = (sandbox: Sandbox, account: string) => sandbox.contacts.list(account).map(contact => contact.EmailAddress);

test('account vending creates the accounts and sets their contacts, and destroys what it may', async () => {
  const app = new App();
  new VendingStack(app, 'AccountVending');
  const template = app.synth().getStackByName('AccountVending').template as Template;
  const sandbox = await Sandbox.start({ managementAccount: MANAGEMENT, timeScale: 50, quotas: 'documented', policyDelaySeconds: 5 });
  try {
    const target = { stackName: 'AccountVending', account: MANAGEMENT };
    const accountIds = { shop: '222222222222', data: '333333333333' };
    expect(await sandbox.deploy({ ...target, template, accountIds })).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(mailboxesOf(sandbox, '222222222222')).toEqual(['invoices@example.com', 'platform@example.com', 'security@example.com']);
    expect(mailboxesOf(sandbox, '333333333333')).toEqual(['invoices@example.com', 'data@example.com', 'security@example.com']);
    expect(mailboxesOf(sandbox, MANAGEMENT)).toEqual([]);

    expect(await sandbox.destroy(target)).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(sandbox.organization.members).toEqual(new Set(Object.values(accountIds)));
    expect(mailboxesOf(sandbox, '222222222222')).toEqual([]);
    expect(sandbox.violations).toEqual([]);
  } finally {
    await sandbox.close();
  }
});

test('the template of the stack set sets the contacts from inside a member, without trusted access', async () => {
  const app = new App();
  new ContactsStackSet(app, 'ContactsEverywhere', 'ou-exam-ple00000');
  const [stackSet] = Object.values((app.synth().getStackByName('ContactsEverywhere').template as Template).Resources ?? {});
  const template = JSON.parse(String(stackSet.Properties!.TemplateBody)) as Template;
  expect(template).toEqual(contactsTemplate());
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
