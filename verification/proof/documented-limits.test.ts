/* The limits of docs/limits.md that take two contacts, or none of the events that go wrong. */
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const [OWN, ONE, OTHER] = ['111111111111', '222222222222', '333333333333'];
const target = { stackName: 'Stack', account: OWN };

/** Synthesizes a stack with a contact for each name: of a literal account, or of one that the parameter of this name holds. */
function templateOf(accounts: { readonly [name: string]: string | undefined }): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  for (const [name, accountId] of Object.entries(accounts)) {
    new AlternateContact(stack, name, {
      accountId: accountId ?? new CfnParameter(stack, `${name}Account`).valueAsString,
      alternateContactType: AlternateContactType.SECURITY,
      name,
      title: 'On call',
      emailAddress: 'team@example.com',
      phoneNumber: '1',
    });
  }
  return app.synth().getStackByName('Stack').template as Template;
}

const open = async () => {
  const sandbox = await openSandbox({ managementAccount: OWN, memberAccounts: [ONE, OTHER], timeScale: 100 });
  return { sandbox, names: () => [ONE, OTHER].map(account => sandbox.contacts.get(account, 'SECURITY')?.Name) };
};

test('of two tokens that are one account, the one that stays keeps the values of the one that leaves', async () => {
  const { sandbox, names } = await open();
  const template = templateOf({ First: undefined, Second: undefined });
  await sandbox.deploy({ ...target, template, parameters: { FirstAccount: OTHER, SecondAccount: ONE } });
  await sandbox.deploy({ ...target, template, parameters: { FirstAccount: ONE, SecondAccount: ONE } });
  expect(names()).toEqual(['First', undefined]);
  const { status } = await sandbox.deploy({ ...target, template: templateOf({ Second: undefined }), parameters: { SecondAccount: ONE } });
  expect([status, names()]).toEqual(['UPDATE_COMPLETE', ['First', undefined]]);
});

test("a token that moves onto a literal's account replaces its values, and leaves its own when it moves away", async () => {
  const { sandbox, names } = await open();
  const template = templateOf({ Literal: ONE, Token: undefined });
  const moves = [];
  for (const TokenAccount of [OTHER, ONE, OTHER]) {
    const { status } = await sandbox.deploy({ ...target, template, parameters: { TokenAccount } });
    moves.push([status, names()]);
  }
  expect(moves).toEqual([
    ['CREATE_COMPLETE', ['Literal', 'Token']],
    ['UPDATE_COMPLETE', ['Token', undefined]],
    ['UPDATE_COMPLETE', ['Token', 'Token']],
  ]);
});

test('a deployment without a change does not see that a contact was edited or deleted by hand', async () => {
  const { sandbox, names } = await open();
  const template = templateOf({ Edited: ONE, Deleted: OTHER });
  await sandbox.deploy({ ...target, template });
  sandbox.contacts.put(ONE, { AlternateContactType: 'SECURITY', Name: 'By hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '2' });
  sandbox.contacts.delete(OTHER, 'SECURITY');
  expect(await sandbox.deploy({ ...target, template })).toMatchObject({ reason: 'No updates are to be performed.' });
  expect(names()).toEqual(['By hand', undefined]);
  expect(sandbox.events).toHaveLength(2);
});
