import { CustomResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Declare, MEMBER, Migration, NEW, OLD, OWN } from './migration';
import { AlternateContactOverride, AlternateContacts, OrganizationAlternateContacts } from '../../src';
import { sharedRoleOf } from '../contenders/hand-written-parts';
import { detailsFrom } from '../tools/details';

/* The steps of docs/migrating.md from and to OrganizationAlternateContacts. The sandbox records every change of a contact. */

const [MINE, SHARED] = [detailsFrom({ ...OLD }), detailsFrom({ ...NEW })];

const perAccount = (removalPolicy?: RemovalPolicy): Declare => stack => {
  for (const accountId of [undefined, MEMBER]) { new AlternateContacts(stack, `Contacts${accountId ?? ''}`, { accountId, security: MINE, removalPolicy }); }
};
const forAll = (...overrides: AlternateContactOverride[]): Declare => stack => {
  new OrganizationAlternateContacts(stack, 'Organization', { security: SHARED, overrides });
};

/** Waits until the sweep that a deployment starts has ended. */
async function sweepIn({ sandbox }: Migration): Promise<void> {
  await sandbox.clock.sleep(90);
  await sandbox.stepFunctions.idle();
  expect(sandbox.stepFunctions.executions.at(-1)?.status).toBe('SUCCEEDED');
}

/** What the function of AWS's Security Reference Architecture does with the events of its stack: it sets contacts, and deletes none with its stack. */
const REFERENCE_ARCHITECTURE = `
const { AccountClient, PutAlternateContactCommand } = require('@aws-sdk/client-account');
exports.handler = async event => {
  const { StackId, RequestId, LogicalResourceId, ResponseURL, RequestType, ResourceProperties: { Contact, Accounts } } = event;
  if (RequestType !== 'Delete') {
    for (const AccountId of Accounts) { await new AccountClient({}).send(new PutAlternateContactCommand({ ...Contact, AccountId: AccountId || undefined })); }
  }
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'ACCOUNT-ALTERNATE-CONTACTS', StackId, RequestId, LogicalResourceId });
  await new Promise((resolve, reject) => require('https')
    .request(ResponseURL, { method: 'PUT', headers: { 'content-length': Buffer.byteLength(body) } }, response => response.resume().on('end', resolve))
    .on('error', reject).end(body));
};`;

const referenceArchitecture: Declare = (stack: Stack) => {
  const { functionArn } = new Function(stack, 'Handler', {
    code: Code.fromInline(REFERENCE_ARCHITECTURE), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, role: sharedRoleOf(stack),
  });
  new CustomResource(stack, 'Resource', { serviceToken: functionArn, properties: { Contact: { AlternateContactType: 'SECURITY', ...OLD }, Accounts: ['', MEMBER] } });
};

test.each<[string, boolean, string[]]>([
  ['stay at every moment if they are retained first', true, []],
  ['are missing from the deployment to its sweep if they are not', false, [`${OWN}/SECURITY`, `${MEMBER}/SECURITY`]],
])('contacts of accounts that move to OrganizationAlternateContacts %s', async (_, retain, deleted) => {
  const migration = await Migration.start();
  await migration.deploy(perAccount());
  if (retain) { await migration.deploy(perAccount(RemovalPolicy.RETAIN)); }
  const { status } = await migration.deploy(forAll());
  expect(status).toBe('UPDATE_COMPLETE');
  await sweepIn(migration);
  expect(migration.names).toEqual(['New', 'New']);
  expect([...migration.deleted].sort()).toEqual(deleted);
});

test('the contacts of an organization that move back to one resource per contact stay at every moment, without a step before', async () => {
  const migration = await Migration.start();
  await migration.deploy(forAll());
  await sweepIn(migration);
  expect((await migration.deploy(perAccount())).status).toBe('UPDATE_COMPLETE');
  expect({ names: migration.names, deleted: migration.deleted }).toEqual({ names: ['Old', 'Old'], deleted: [] });
});

test('one account that leaves OrganizationAlternateContacts for a contact of its own stays with it, also at the next sweep', async () => {
  const migration = await Migration.start();
  await migration.deploy(forAll());
  await sweepIn(migration);
  await migration.deploy(stack => {
    forAll(AlternateContactOverride.exclude([MEMBER]))(stack);
    new AlternateContacts(stack, 'Contacts', { accountId: MEMBER, security: MINE });
  });
  await sweepIn(migration);
  expect({ names: migration.names, deleted: migration.deleted }).toEqual({ names: ['New', 'Old'], deleted: [] });
});

test('the stacks of a StackSet that are deleted after the first sweep leave the contacts if they retain them, and otherwise not', async () => {
  const migration = await Migration.start();
  const inAccount = (removalPolicy?: RemovalPolicy): Declare => stack => { new AlternateContacts(stack, 'Contacts', { security: MINE, removalPolicy }); };
  for (const [stackName, account, policies] of [['Kept', MEMBER, [undefined, RemovalPolicy.RETAIN]], ['Lost', OWN, [undefined]]] as const) {
    for (const policy of policies) { await migration.deploy(inAccount(policy), { stackName, account }); }
  }
  await migration.deploy(forAll());
  await sweepIn(migration);
  await migration.destroy({ stackName: 'Kept', account: MEMBER });
  await migration.destroy({ stackName: 'Lost', account: OWN });
  expect(migration.deleted).toEqual([`${OWN}/SECURITY`]);
  await migration.sandbox.close();
});

test("AWS's reference architecture deletes no contact with its stack, so it can go after the first sweep", async () => {
  const migration = await Migration.start();
  await migration.deploy(referenceArchitecture, { stackName: 'sra' });
  expect(migration.names).toEqual(['Old', 'Old']);
  await migration.deploy(forAll());
  await sweepIn(migration);
  await migration.destroy({ stackName: 'sra' });
  expect({ names: migration.names, deleted: migration.deleted }).toEqual({ names: ['New', 'New'], deleted: [] });
});
