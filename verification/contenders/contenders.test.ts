import { readdirSync, rmSync } from 'node:fs';
import { App, CfnResource, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { ACCOUNT, ALL, ContactToDeclare, ContenderId, load, measuredOn, REGION, sampleContact } from './contender';
import type { Template } from '../../sandbox';
import { openSandbox } from '../../test/open-sandbox';

/* A contender must do its job: one that fails where it need not would make this library look good. */
const MEMBERS = ['200000000000', '200000000001'];

const outdirs: string[] = [];
afterAll(() => outdirs.forEach(outdir => rmSync(outdir, { recursive: true, force: true })));

/** Synthesizes a stack with contacts and, after them, a sibling that can fail. */
function assemblyOf(id: ContenderId, contacts: ContactToDeclare[], siblingValue = 'stays'): { template: Template; assetDirectory: string } {
  const stack = new Stack(new App(), 'Stack', {
    env: { account: ACCOUNT, region: REGION }, synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  contacts.forEach(contact => load(id).declare(stack, contact));
  const others = [...stack.node.children];
  new CfnResource(stack, 'Sibling', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: siblingValue } }).node.addDependency(...others);
  const { directory, stacks: [{ template }] } = (stack.node.root as App).synth();
  outdirs.push(directory);
  return { template: template as Template, assetDirectory: directory };
}

test('each contender has a file and a description', () => {
  const files = readdirSync(__dirname).filter(name => /^(?!(?:hand-written-parts|contender)\.ts$)[\w-]+\.ts$/.test(name)).map(name => name.replace('.ts', ''));
  expect(files.sort()).toEqual([...ALL].sort());
});

describe.each(ALL)('%s', id => {
  test("sets, edits, keeps and deletes the contacts of the stack's account and of others", async () => {
    const own = { ...sampleContact(0), path: 'Group/Own', accountId: undefined };
    const [edited, kept] = [sampleContact(0), { ...sampleContact(1), retain: true }];
    const sandbox = await openSandbox({ managementAccount: ACCOUNT, memberAccounts: MEMBERS, timeScale: 20, responseUrl: 's3' });
    const target = { stackName: 'Stack', account: ACCOUNT, region: REGION };
    const titles = () => [ACCOUNT, ...MEMBERS].flatMap(account => sandbox.contacts.list(account).map(({ Title }) => Title));

    await sandbox.deploy({ ...target, ...assemblyOf(id, [own, edited, kept]) });
    expect(titles()).toEqual(['Team Lead 0', 'Team Lead 0', 'Team Lead 1']);
    await sandbox.deploy({ ...target, ...assemblyOf(id, [own, sampleContact(0, 1, 2), kept]) });
    expect(titles()).toEqual(['Team Lead 0', 'Team Lead 0, 2', 'Team Lead 1']);
    sandbox.contacts.delete(MEMBERS[0], 'BILLING', 'hand');
    const { status } = await sandbox.destroy(target);
    expect({ status, titles: titles(), violations: sandbox.violations }).toEqual({ status: 'DELETE_COMPLETE', titles: ['Team Lead 1'], violations: [] });
  });
});

describe.each(measuredOn('deployment'))('%s', id => {
  const answersWithItsLogStream = id.startsWith('aws-custom-resource');
  test(`${answersWithItsLogStream ? 'deletes' : 'keeps'} the contact that somebody set by hand when its put is refused`, async () => {
    const sandbox = await openSandbox({ managementAccount: ACCOUNT, memberAccounts: MEMBERS, timeScale: 20, responseUrl: 's3' });
    sandbox.contacts.put(MEMBERS[0], { AlternateContactType: 'BILLING', ...sampleContact(0).values });
    sandbox.faults.add({ api: 'PutAlternateContact', kind: 'error', status: 400, name: 'ValidationException', message: 'no', times: 1 });
    const { status } = await sandbox.deploy({ stackName: 'Stack', account: ACCOUNT, region: REGION, ...assemblyOf(id, [sampleContact(0)]) });
    expect(status).toBe('ROLLBACK_COMPLETE');
    // Its Delete does not know that the Create failed: see aws-custom-resource-handler.
    expect(sandbox.contacts.list(MEMBERS[0])).toHaveLength(answersWithItsLogStream ? 0 : 1);
  });

  // aws-custom-resource-handler accepts any HTTP status as a delivery, so CloudFormation waits in vain, and the rollback fails.
  const isStuck = id.startsWith('aws-custom-resource');
  test(`${isStuck ? 'leaves its stack stuck' : 'sends its response again'} when the response bucket answers once with a 500 during the rollback`, async () => {
    const sandbox = await openSandbox({ managementAccount: ACCOUNT, memberAccounts: MEMBERS, timeScale: isStuck ? 500 : 50, responseUrl: 's3' });
    const target = { stackName: 'Stack', account: ACCOUNT, region: REGION };
    await sandbox.deploy({ ...target, ...assemblyOf(id, [sampleContact(0)]) });
    let answers = 0;
    sandbox.faults.add({ api: 'ResponseURL', kind: '500', times: 1, match: () => (answers += 1) > 1 });
    const { status } = await sandbox.deploy({ ...target, ...assemblyOf(id, [sampleContact(0, 1, 2)], 'fails'), fail: { Sibling: 'Update' } });
    expect(status).toBe(isStuck ? 'UPDATE_ROLLBACK_FAILED' : 'UPDATE_ROLLBACK_COMPLETE');
  });
});
