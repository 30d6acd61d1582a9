import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { contactsWith, Declare, MEMBER, Migration, NEW, OLD, OWN } from './migration';
import { ALL, ContactToDeclare, load, placeOf } from '../contenders/contender';

/*
 * The steps of docs/migrating.md, deployed in the sandbox, which records every change of a contact: none may be deleted at any moment, even if it is set
 * again at once. Each step that is there to prevent that is also left out, to see that a contact is lost without it.
 */

/** A way in which contacts are declared today. */
type Source = (stack: Stack, contact: ContactToDeclare) => void;

/** The type of the public registry requires the account. */
const registryType: Source = (stack, { path, accountId = stack.account, type, values, retain }) => {
  const resource = new CfnResource(...placeOf(stack, path), {
    type: 'AwsCommunity::Account::AlternateContact', properties: { AccountId: accountId, AlternateContactType: type, ...values },
  });
  if (retain) { resource.applyRemovalPolicy(RemovalPolicy.RETAIN); }
};

/** Without `onDelete`, an AwsCustomResource does nothing when it is deleted. Here, that is how it lets go. */
const withoutDeletion: Source = (stack, { path, accountId, type, values, retain }) => {
  const key = { AccountId: accountId, AlternateContactType: type };
  new AwsCustomResource(...placeOf(stack, path), {
    onUpdate: {
      service: 'account',
      action: 'PutAlternateContact',
      parameters: { ...key, ...values },
      physicalResourceId: PhysicalResourceId.of(`${accountId ?? stack.account}-${type}`),
    },
    onDelete: retain ? undefined : { service: 'account', action: 'DeleteAlternateContact', parameters: key },
    installLatestAwsSdk: false,
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
  });
};

const sourceOf = (id: typeof ALL[number]): Source => (stack, contact) => load(id).declare(stack, contact);

/** Every contender, and what is not one. */
const SOURCES: [string, Source][] = [
  ...ALL.filter(id => id !== 'ours').map((id): [string, Source] => [id, sourceOf(id)]),
  ['aws-custom-resource, which loses its onDelete', withoutDeletion],
  ['AwsCommunity::Account::AlternateContact', registryType],
];

const declareWith = (source: Source, values = OLD, retain = false): Declare =>
  stack => contactsWith(values).forEach(contact => source(stack, { ...contact, retain }));
const ours = (values = NEW, more: Partial<ContactToDeclare> = {}): Declare =>
  stack => contactsWith(values).forEach(contact => load('ours').declare(stack, { ...contact, path: `New${contact.path}`, ...more }));

describe.each(SOURCES)('contacts of %s', (_, source) => {
  test('stay at every moment while they move to this library, and if the first attempt fails', async () => {
    const migration = await Migration.start();
    const statuses = [
      await migration.deploy(declareWith(source)),
      await migration.deploy(declareWith(source, OLD, true)),
      await migration.deploy(ours(), { fails: true }),
      await migration.deploy(ours()),
    ].map(({ status }) => status);
    expect({ statuses, names: migration.names, deleted: migration.deleted }).toEqual({
      statuses: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE'], names: ['New', 'New'], deleted: [],
    });
  });

  test('are lost under a green deployment if the old resources do not let go first', async () => {
    const migration = await Migration.start();
    await migration.deploy(declareWith(source));
    const { status, orphans } = await migration.deploy(ours());
    expect({ status, orphans, names: migration.names }).toEqual({ status: 'UPDATE_COMPLETE', orphans: [], names: [] });
  });
});

describe('a contact that is lost', () => {
  const lose = async () => {
    const migration = await Migration.start();
    await migration.deploy(declareWith(registryType));
    await migration.deploy(ours());
    expect(migration.names).toEqual([]);
    return migration;
  };

  test('does not come back with the same template, but with one that changes a value of it', async () => {
    const migration = await lose();
    expect((await migration.deploy(ours())).reason).toBe('No updates are to be performed.');
    expect(migration.names).toEqual([]);
    await migration.deploy(ours({ ...NEW, Name: 'Newer' }));
    expect(migration.names).toEqual(['Newer', 'Newer']);
  });

  test('comes back when somebody sets it by hand, and is managed as before', async () => {
    const migration = await lose();
    contactsWith(NEW).forEach(({ accountId, type, values }) => migration.byTool(values, accountId ?? OWN, type as 'BILLING' | 'SECURITY'));
    expect(migration.names).toEqual(['New', 'New']);
    await migration.deploy(ours({ ...NEW, Name: 'Newer' }));
    expect(migration.names).toEqual(['Newer', 'Newer']);
    await migration.destroy();
    expect(migration.names).toEqual([]);
  });
});

/** The contact of one account, which a stack of the management account, or of the account itself, can declare. */
const single = (source: Source, values = OLD, more: Partial<ContactToDeclare> = {}): Declare =>
  stack => source(stack, { path: 'Contact', accountId: MEMBER, type: 'BILLING', values, ...more });

describe.each<[string, Source, string]>([
  ['another stack with this library', sourceOf('ours'), OWN],
  ['another stack with a hand-written custom resource', sourceOf('hand-written'), OWN],
  ['a StackSet with this library, which has a stack in the account', sourceOf('ours'), MEMBER],
])('a contact of %s', (_, source, account) => {
  const old = { stackName: 'Old', account };
  test.each([['stays at every moment if the other stack lets go first', true, ['New']], ['is lost if the other stack does not let go first', false, []]])('%s', async (__, retain, names) => {
    const migration = await Migration.start();
    await migration.deploy(single(source), old);
    if (retain) { await migration.deploy(single(source, OLD, { retain }), old); }
    await migration.deploy(single(sourceOf('ours'), NEW));
    await migration.destroy(old);
    expect(migration.names).toEqual(names);
    expect(migration.deleted).toHaveLength(1 - names.length);
  });
});

describe('a contact of a tool outside of CloudFormation, such as Terraform,', () => {
  test('stays at every moment if the tool only forgets it', async () => {
    const migration = await Migration.start();
    migration.byTool(OLD);
    await migration.deploy(single(sourceOf('ours'), NEW));
    expect({ names: migration.names, deleted: migration.deleted }).toEqual({ names: ['New'], deleted: [] });
  });

  test('is lost if the tool destroys it after the deployment', async () => {
    const migration = await Migration.start();
    migration.byTool(OLD);
    await migration.deploy(single(sourceOf('ours'), NEW));
    migration.byTool(undefined);
    expect(migration.names).toEqual([]);
  });

  test('stays if the deployment that takes it over fails', async () => {
    const migration = await Migration.start();
    migration.byTool(OLD);
    await migration.deploy(() => undefined);
    expect((await migration.deploy(single(sourceOf('ours'), NEW), { fails: true })).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect({ names: migration.names, deleted: migration.deleted }).toEqual({ names: ['New'], deleted: [] });
  });
});

test('contacts that move between the provider that a stack shares and others stay at every moment', async () => {
  const migration = await Migration.start();
  const statuses = [];
  for (const provider of [undefined, 'Provider', 'Another', undefined]) {
    const { status, orphans } = await migration.deploy(ours(NEW, { provider }));
    statuses.push([status, orphans]);
  }
  expect(statuses).toEqual([['CREATE_COMPLETE', []], ...Array<unknown>(3).fill(['UPDATE_COMPLETE', []])]);
  expect({ names: migration.names, deleted: migration.deleted }).toEqual({ names: ['New', 'New'], deleted: [] });
});
