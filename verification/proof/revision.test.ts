import { App, Stack } from 'aws-cdk-lib';
import { Sandbox, Template } from '../../sandbox';
import { AlternateContactProvider, AlternateContacts } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const OWN = '111111111111';
const target = { stackName: 'Stack', account: OWN };
const VALUES = { title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1' };
const BY_HAND = { Name: 'By hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '2' };

function templateOf(revision?: string): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'us-east-1' } });
  AlternateContactProvider.getOrCreate(stack, { revision });
  new AlternateContacts(stack, 'Contacts', {
    billing: { ...VALUES, name: 'Finance' }, operations: { ...VALUES, name: 'Platform' }, security: { ...VALUES, name: 'SOC' },
  });
  return app.synth().getStackByName('Stack').template as Template;
}

/** The template of a version whose function knows no revision, and refuses what it does not know. */
function templateOfVersionBefore(): Template {
  const template = templateOf();
  const [{ Properties }] = Object.values(template.Resources!).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const code = Properties!.Code as { ZipFile: string };
  const before = code.ZipFile.replace(/,revision:\{member:"Revision"[^}]*\}/, '');
  expect(before).not.toBe(code.ZipFile);
  code.ZipFile = before;
  return template;
}

const namesIn = ({ contacts }: Sandbox) => ['BILLING', 'OPERATIONS', 'SECURITY'].map(type => contacts.get(OWN, type as 'SECURITY')?.Name);
const DECLARED = ['Finance', 'Platform', 'SOC'];

function editByHand({ contacts }: Sandbox): void {
  contacts.put(OWN, { AlternateContactType: 'BILLING', ...BY_HAND });
  contacts.delete(OWN, 'SECURITY');
}
const EDITED = ['By hand', 'Platform', undefined];

test('a new revision repairs what was edited and deleted by hand, in place, and the same revision does not', async () => {
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 100 });
  await sandbox.deploy({ ...target, template: templateOf('1') });
  editByHand(sandbox);
  await sandbox.deploy({ ...target, template: templateOf('1') });
  expect(namesIn(sandbox)).toEqual(EDITED);
  expect((await sandbox.deploy({ ...target, template: templateOf('2') })).status).toBe('UPDATE_COMPLETE');
  expect(namesIn(sandbox)).toEqual(DECLARED);
  expect(sandbox.events.filter(({ RequestType }) => RequestType === 'Delete')).toEqual([]);
  // Without a revision, all are set once more.
  editByHand(sandbox);
  expect((await sandbox.deploy({ ...target, template: templateOf() })).status).toBe('UPDATE_COMPLETE');
  expect(namesIn(sandbox)).toEqual(DECLARED);
});

test('the update from a version that knows no revision sets all contacts, and so does the return to it', async () => {
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 100 });
  await sandbox.deploy({ ...target, template: templateOfVersionBefore() });
  for (const template of [templateOf('1'), templateOfVersionBefore()]) {
    editByHand(sandbox);
    expect((await sandbox.deploy({ ...target, template })).status).toBe('UPDATE_COMPLETE');
    expect(namesIn(sandbox)).toEqual(DECLARED);
  }
});

test('if the update from a version that knows no revision fails, it rolls back to that version, and all contacts are set', async () => {
  const sandbox = await openSandbox({ managementAccount: OWN, timeScale: 100 });
  await sandbox.deploy({ ...target, template: templateOfVersionBefore() });
  editByHand(sandbox);
  const template = templateOf('1');
  const contacts = Object.keys(template.Resources!).filter(id => template.Resources![id].Type === 'Custom::AlternateContact');
  template.Resources!.Last = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' }, DependsOn: contacts };
  const { status } = await sandbox.deploy({ ...target, template, fail: { Last: 'Create' } });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(namesIn(sandbox)).toEqual(DECLARED);
});
