import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Breach, Deployment, ContactEvent } from './deployment';
import { BrokenContact, KNOWN_LIMITS, KnownLimit, knownLimitOf } from './limits';
import { contactNameOf, ContactDeclaration, Step } from './model';
import { run } from './run';
import { add, ADDITION, step } from './steps';
import { alternateContact } from './systems';
import { StoredContact, Sandbox, Template } from '../../sandbox';
import { AlternateContact, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';

const DECLARED: ContactDeclaration = { ...ADDITION, path: 'Contact', values: 1 };
const KEY = '222222222222/SECURITY';
const OTHER_KEY = '222222222222/BILLING';

/** The input of a rule: the breach at a contact, and the deployment. */
interface Question { readonly broken?: Partial<BrokenContact>; readonly deployment?: Partial<Deployment> }
const OLD = contactNameOf(DECLARED);
const NEW = contactNameOf({ ...DECLARED, values: 2 });
const REQUEST: ContactEvent = {
  requestType: 'Update', logicalId: 'Contact', isNew: false, key: KEY, name: NEW, isCancelled: false, isRepeated: false, isDenied: false, isRefused: false,
};

/** By default, an Update of two contacts is rolled back, and leaves one of them with the new values. */
function limitOf({ broken, deployment }: Question): KnownLimit | undefined {
  const both = (values: number) => new Map([[KEY, { ...DECLARED, values }], [OTHER_KEY, { ...DECLARED, type: 'BILLING' as const, values }]]);
  return knownLimitOf({ breach: 'wrong values', key: KEY, is: NEW, ...broken }, {
    succeeded: false,
    before: both(1),
    after: both(2),
    elsewhere: new Set(),
    was: new Map([[KEY, OLD], [OTHER_KEY, OLD]]),
    unsettled: new Set(),
    ...deployment,
    requests: [REQUEST, { ...REQUEST, key: OTHER_KEY }, ...deployment?.requests ?? []],
  });
}

const otherContact = { key: OTHER_KEY };
const otherValues = { is: 'Somebody else' };
const lost = { breach: 'lost', is: undefined } as const;
const RULES: { readonly limit: KnownLimit; readonly question: Question; readonly wider: Record<string, Question> }[] = [
  {
    limit: 'declared in two stacks',
    question: {
      broken: lost,
      deployment: { succeeded: true, after: new Map(), elsewhere: new Set([KEY, OTHER_KEY]), requests: [{ ...REQUEST, requestType: 'Delete' }] },
    },
    wider: {
      'another contact': { broken: otherContact },
      'a contact that no other stack declares': { deployment: { elsewhere: new Set([OTHER_KEY]) } },
      'a contact that is still declared here': { deployment: { after: new Map([[KEY, DECLARED]]) } },
      'a contact that no Delete is about': { deployment: { requests: [] } },
      'a resource that is orphaned': { broken: { breach: 'orphaned' } },
      'values that are wrong': { broken: { breach: 'wrong values', is: NEW } },
    },
  },
  {
    limit: 'cancelled while under way',
    question: { deployment: { requests: [{ ...REQUEST, isCancelled: true }] } },
    wider: { 'another contact': { broken: otherContact }, 'values that the event does not set': { broken: otherValues }, 'a contact that is lost': { broken: lost } },
  },
  {
    limit: 'delivered again',
    question: { deployment: { requests: [{ ...REQUEST, isRepeated: true }] } },
    wider: {
      'another contact': { broken: otherContact },
      'values that the event does not set': { broken: otherValues },
      'a contact that is lost': { broken: lost },
      'a deployment that succeeds': { deployment: { succeeded: true } },
    },
  },
  {
    limit: 'new resource and values, rolled back',
    question: { deployment: { requests: [{ ...REQUEST, isNew: true }] } },
    wider: {
      'another contact': { broken: otherContact },
      'values that the new resource does not set': { broken: otherValues },
      'a contact that is lost': { broken: lost },
      'a contact that was not declared before': { broken: { breach: 'left behind' }, deployment: { before: new Map() } },
      'a deployment that succeeds': { deployment: { succeeded: true } },
    },
  },
  {
    limit: 'changed just before',
    question: { broken: { breach: 'left behind' }, deployment: { before: new Map(), unsettled: new Set([KEY]), requests: [{ ...REQUEST, isNew: true }] } },
    wider: {
      'another contact': { broken: otherContact },
      'values that the Create does not set': { broken: otherValues },
      'a contact that was declared before': { deployment: { before: new Map([[KEY, DECLARED]]) } },
      'a contact that was changed long before': { deployment: { unsettled: new Set([OTHER_KEY]) } },
      'a contact that no Create is about': { broken: lost, deployment: { requests: [] } },
      'a deployment that succeeds': { deployment: { succeeded: true } },
    },
  },
  {
    limit: 'first or last nested stack',
    question: {
      broken: { breach: 'orphaned' },
      deployment: { succeeded: true, after: new Map([[KEY, { ...DECLARED, nest: 'A' }]]), requests: [{ ...REQUEST, requestType: 'Delete', isDenied: true }] },
    },
    wider: {
      'another contact': { broken: otherContact },
      'a contact that is lost': { broken: lost },
      'a deployment that fails': { broken: { breach: 'failed without cause' }, deployment: { succeeded: false } },
      'a tree that had nested stacks before': { deployment: { before: new Map([[KEY, { ...DECLARED, nest: 'B' }]]) } },
      'a Delete that was not denied': { deployment: { requests: [{ ...REQUEST, requestType: 'Delete' }] } },
    },
  },
  {
    limit: 'swapped without overwriting',
    question: {
      broken: { breach: 'failed without cause' },
      deployment: {
        after: new Map([[KEY, { ...DECLARED, overwriteExisting: false }]]), requests: [{ ...REQUEST, requestType: 'Update', isNew: true, isRefused: true }],
      },
    },
    wider: {
      'another contact': { broken: otherContact },
      'a contact that is lost': { broken: lost },
      'a contact that was not declared before': { deployment: { before: new Map() } },
      'a contact that may be overwritten': { deployment: { after: new Map([[KEY, DECLARED]]) } },
      'a Create that was refused': { deployment: { requests: [{ ...REQUEST, requestType: 'Create', isNew: true, isRefused: true }] } },
      'an Update that was not refused': { deployment: { requests: [{ ...REQUEST, requestType: 'Update', isNew: true }] } },
      'a deployment that succeeds': { deployment: { succeeded: true } },
    },
  },
];

test('every limit has a rule that is tested', () => {
  expect(RULES.map(({ limit }) => limit)).toEqual(KNOWN_LIMITS);
});

describe.each(RULES)('the rule for "$limit"', ({ question, limit, wider }) => {
  test('explains its case', () => {
    expect(limitOf(question)).toBe(limit);
  });

  test.each(Object.entries(wider))('does not explain %s', (_, { broken, deployment }) => {
    expect(limitOf({ broken: { ...question.broken, ...broken }, deployment: { ...question.deployment, ...deployment } })).toBeUndefined();
  });
});

/*
 * The limits of docs/limits.md. The proof finds each of them and recognizes it. If a limit no longer exists, its test here fails, and the document can drop it.
 * (A Create that is delivered twice at once is in test/lambda/take-over.test.ts, because here chance decides which of the two responds first.)
 */
const SCENARIOS: { title: string; steps: Step[]; breaches: Breach[]; limit: KnownLimit }[] = [
  {
    title: 'a contact that gets another resource and other values keeps the new values when the deployment fails',
    steps: [step([add()]), step([{ edit: 'provider', at: 0, provider: 'P' }, { edit: 'values', at: 0 }], { sibling: 'afterwards' })],
    breaches: ['wrong values'],
    limit: 'new resource and values, rolled back',
  },
  {
    title: 'so does one that was deleted by hand before',
    steps: [
      step([add()]),
      step([{ edit: 'provider', at: 0, provider: 'P' }, { edit: 'values', at: 0 }], {
        byHand: [{ account: '222222222222', type: 'SECURITY', action: 'delete' }], sibling: 'afterwards',
      }),
    ],
    breaches: ['wrong values'],
    limit: 'new resource and values, rolled back',
  },
  {
    title: 'of two stacks that declare a contact, the one that removes it deletes it',
    steps: [step([add(), add({ stack: 'Two' })]), step([{ edit: 'remove', at: 1 }])],
    breaches: ['lost'],
    limit: 'declared in two stacks',
  },
  {
    title: 'the resource of the last contact of a root that moves to the first nested stack is orphaned, and the contact stays',
    steps: [step([add()]), step([{ edit: 'nest', at: 0, nest: 'A' }])],
    breaches: ['orphaned'],
    limit: 'first or last nested stack',
  },
  {
    title: 'a contact that must not overwrite is refused when it moves with other values from the last nested stack to the root, and stays as it was',
    steps: [step([add({ nest: 'A', overwriteExisting: false })]), step([{ edit: 'dissolveNest', at: 0 }, { edit: 'values', at: 0 }])],
    breaches: ['failed without cause'],
    limit: 'first or last nested stack',
  },
  {
    title: 'a contact that leaves the app while another moves to the first nested stack stays on its account',
    steps: [step([add(), add({ type: 'BILLING' })]), step([{ edit: 'nest', at: 0, nest: 'A' }, { edit: 'remove', at: 1 }])],
    breaches: ['orphaned', 'orphaned', 'left behind'],
    limit: 'first or last nested stack',
  },
];

test.each(SCENARIOS)('$title', async ({ steps, breaches, limit }) => {
  const { findings } = await run(alternateContact, { steps });
  expect(findings.map(finding => [finding.breach, finding.limit])).toEqual(breaches.map(breach => [breach, limit]));
});

/** Synthesizes a stack with a contact and, after it or at the same time, a sibling that can fail. */
function templateOf({ name = 'Team', isAfter = true } = {}): Template {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const contact = new AlternateContact(stack, 'Contact', {
    alternateContactType: AlternateContactType.SECURITY, name, title: 'On call', emailAddress: 'team@example.com', phoneNumber: '1',
  });
  const sibling = new CfnResource(stack, 'Sibling', { type: 'AWS::SSM::Parameter', properties: { Value: name } });
  if (isAfter) { sibling.node.addDependency(contact); }
  return app.synth().getStackByName('Stack').template as Template;
}
const target = { stackName: 'Stack', account: '111111111111' };

test('contacts that swap their accounts and must not overwrite may refuse each other, and stay as they were', async () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const [one, other] = ['One', 'Other'].map(id => new AlternateContact(stack, id, {
    accountId: new CfnParameter(stack, `${id}Account`).valueAsString,
    alternateContactType: AlternateContactType.SECURITY,
    name: id,
    title: 'On call',
    emailAddress: 'team@example.com',
    phoneNumber: '1',
    overwriteExisting: false,
  }));
  other.node.addDependency(one);
  const template = app.synth().getStackByName('Stack').template as Template;
  const sandbox = await openSandbox({ managementAccount: '111111111111', memberAccounts: ['222222222222', '333333333333'], timeScale: 100 });
  const names = () => ['222222222222', '333333333333'].map(account => sandbox.contacts.get(account, 'SECURITY')?.Name);

  await sandbox.deploy({ ...target, template, parameters: { OneAccount: '222222222222', OtherAccount: '333333333333' } });
  const { status, reason } = await sandbox.deploy({ ...target, template, parameters: { OneAccount: '333333333333', OtherAccount: '222222222222' } });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reason).toContain('Did not overwrite the SECURITY contact of account 222222222222');
  expect(names()).toEqual(['One', 'Other']);
});

/** Takes a contact over in a deployment that fails, destroys the stack, and returns the remaining contact. */
async function nameAfterFailure(disableRollback: boolean): Promise<{ statuses: string[]; name?: string }> {
  const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 100 });
  sandbox.contacts.put('111111111111', { AlternateContactType: 'SECURITY', Name: 'By hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '2' });
  const deployed = await sandbox.deploy({ ...target, template: templateOf(), fail: { Sibling: 'Create' }, disableRollback });
  const destroyed = await sandbox.destroy(target);
  return { statuses: [deployed.status, destroyed.status], name: sandbox.contacts.get('111111111111', 'SECURITY')?.Name };
}

test('a creation that fails under --no-rollback and is then destroyed deletes the contact that it took over', async () => {
  expect(await nameAfterFailure(true)).toEqual({ statuses: ['CREATE_FAILED', 'DELETE_COMPLETE'], name: undefined });
});

test('a creation that fails and rolls back keeps the contact that it took over, also when it is then destroyed', async () => {
  expect(await nameAfterFailure(false)).toEqual({ statuses: ['ROLLBACK_COMPLETE', 'DELETE_COMPLETE'], name: 'Team' });
});

test('a creation that fails, and whose rollback fails, is then destroyed and deletes the contact that it took over', async () => {
  const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 100 });
  sandbox.contacts.put('111111111111', { AlternateContactType: 'SECURITY', Name: 'By hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '2' });
  const template = templateOf();
  template.Resources!.Last = { Type: 'AWS::SSM::Parameter', Properties: { Value: 'x' }, DependsOn: ['Sibling'] };
  // The rollback does not reach the contact: the sibling that needs it cannot be deleted.
  const deployed = await sandbox.deploy({ ...target, template, fail: { Last: 'Create', Sibling: 'Delete' } });
  expect([deployed.status, sandbox.contacts.get('111111111111', 'SECURITY')?.Name]).toEqual(['ROLLBACK_FAILED', 'Team']);
  expect((await sandbox.destroy(target)).status).toBe('DELETE_COMPLETE');
  expect(sandbox.contacts.get('111111111111', 'SECURITY')).toBeUndefined();
});

test('an Update to another account that fails although its put took effect leaves the contact there', async () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  new AlternateContact(stack, 'Contact', {
    accountId: new CfnParameter(stack, 'Account').valueAsString,
    alternateContactType: AlternateContactType.SECURITY,
    name: 'Team',
    title: 'On call',
    emailAddress: 'team@example.com',
    phoneNumber: '1',
  });
  const template = app.synth().getStackByName('Stack').template as Template;
  const sandbox = await openSandbox({ managementAccount: '111111111111', memberAccounts: ['222222222222', '333333333333'], timeScale: 200 });
  const names = () => ['222222222222', '333333333333'].map(account => sandbox.contacts.get(account, 'SECURITY')?.Name);

  await sandbox.deploy({ ...target, template, parameters: { Account: '222222222222' } });
  sandbox.faults.add({ api: 'PutAlternateContact', kind: 'drop-after', times: 10_000, match: ({ accountId }) => accountId === '333333333333' });
  const { status } = await sandbox.deploy({ ...target, template, parameters: { Account: '333333333333' } });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(names()).toEqual(['Team', 'Team']);
  expect(sandbox.events.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId]))
    .toEqual([['Create', undefined], ['Update', '222222222222/SECURITY'], ['Update', '222222222222/SECURITY']]);
});

/** Fails an Update whose event is delivered again after that many seconds, and returns the contact's names before and after the second delivery. */
async function namesAroundSecondDelivery(seconds: number): Promise<(string | undefined)[]> {
  const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 100 });
  const name = () => sandbox.contacts.get('111111111111', 'SECURITY')?.Name;
  await sandbox.deploy({ ...target, template: templateOf({ name: 'Old' }) });
  const { status } = await sandbox.deploy({
    ...target, template: templateOf({ name: 'New' }), fail: { Sibling: 'Update' }, duplicates: event => event.ResourceProperties.Name === 'New' && seconds,
  });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  const before = name();
  await sandbox.idle();
  return [before, name()];
}

test('an Update that is delivered again after its rollback sets its values again', async () => {
  expect(await namesAroundSecondDelivery(300)).toEqual(['Old', 'New']);
});

test.each([['changed', 'Newer'], ['removed', undefined]])('so does one that is delivered again after a later deployment has %s the contact', async (_, after) => {
  const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 200 });
  const name = () => sandbox.contacts.get('111111111111', 'SECURITY')?.Name;
  await sandbox.deploy({ ...target, template: templateOf({ name: 'Old' }) });
  await sandbox.deploy({ ...target, template: templateOf({ name: 'New' }), duplicates: ({ RequestType }) => RequestType === 'Update' && 300 });
  const template = templateOf({ name: after });
  if (!after) {
    template.Resources!.Sibling = { ...template.Resources!.Sibling, DependsOn: undefined };
    delete template.Resources![Object.keys(template.Resources!).find(id => template.Resources![id].Type === 'Custom::AlternateContact')!];
  }
  const { status } = await sandbox.deploy({ ...target, template });
  expect([status, name()]).toEqual(['UPDATE_COMPLETE', after]);
  await sandbox.idle();
  expect(name()).toBe('New');
});

test('an Update that is delivered again when CloudFormation no longer waits for it sets nothing', async () => {
  expect(await namesAroundSecondDelivery(1_300)).toEqual(['Old', 'Old']);
});

describe('a Delete that is delivered again, after the contact was removed and somebody else has set it,', () => {
  const contactId = Object.keys(templateOf().Resources!).find(id => id.startsWith('AlternateContactSecurity'))!;
  /** Removes the contact and sets it by hand. Its Delete is delivered again after a minute, while the sibling is updated or at rest. Returns the contact. */
  async function leftAfterSecondDelivery(isAtRest: boolean): Promise<StoredContact | undefined> {
    const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 50 });
    await sandbox.deploy({ ...target, template: templateOf() });
    const without = (name: string) => {
      const { [contactId]: _removed, Sibling, ...Resources } = templateOf({ name, isAfter: false }).Resources!;
      return { ...templateOf(), Resources: { ...Resources, Sibling } };
    };
    await sandbox.deploy({ ...target, template: without('Second'), duplicates: ({ RequestType }) => RequestType === 'Delete' && 60 });
    sandbox.contacts.put('111111111111', { AlternateContactType: 'SECURITY', Name: 'By hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '2' });
    if (!isAtRest) { await sandbox.deploy({ ...target, template: without('Third'), seconds: { Sibling: 120 } }); }
    await sandbox.idle();
    expect(sandbox.logs.filter(({ line }) => line.includes('"RequestType":"Delete"'))).toHaveLength(2);
    return sandbox.contacts.get('111111111111', 'SECURITY');
  }

  test('deletes it during another deployment', async () => {
    expect(await leftAfterSecondDelivery(false)).toBeUndefined();
  });

  test('leaves it at rest', async () => {
    expect(await leftAfterSecondDelivery(true)).toMatchObject({ Name: 'By hand' });
  });
});

test('a Create under way when a sibling fails puts a contact that is not deleted', async () => {
  const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 100 });
  // The contact is put, but its response is not accepted before the sibling fails.
  sandbox.faults.add({ api: 'ResponseURL', kind: '500', times: 100 });
  const { status } = await sandbox.deploy({ ...target, template: templateOf({ isAfter: false }), fail: { Sibling: { phase: 'Create', afterSeconds: 20 } } });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(sandbox.events.at(-1)).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^Stack-AlternateContactSecurity-/) });
  expect(sandbox.contacts.get('111111111111', 'SECURITY')).toBeDefined();
});

describe('while reads lag,', () => {
  const byHand: StoredContact = { AlternateContactType: 'SECURITY', Name: 'By hand', Title: 'CFO', EmailAddress: 'cfo@example.com', PhoneNumber: '2' };

  /** Creates a contact, changes it by hand at the moment of its put, fails the deployment, and returns the remaining contact. */
  async function leftAfter(isThere: boolean, change: (contacts: Sandbox['contacts']) => void): Promise<StoredContact | undefined> {
    // The change becomes readable at the same moment as the put after it, so that no read can fall between the two.
    const delays = [15, 0];
    const sandbox = await openSandbox({ managementAccount: '111111111111', timeScale: 100, readDelaySeconds: () => delays.shift() ?? 0 });
    if (isThere) { sandbox.contacts.put('111111111111', byHand); }
    sandbox.faults.add({
      api: 'PutAlternateContact',
      kind: '500',
      // Called at the moment of the put. The put then succeeds.
      match: () => {
        change(sandbox.contacts);
        return false;
      },
    });
    const { status } = await sandbox.deploy({ ...target, template: templateOf(), fail: { Sibling: 'Create' } });
    expect(status).toBe('ROLLBACK_COMPLETE');
    return sandbox.contacts.get('111111111111', 'SECURITY');
  }

  test('a contact that is deleted at the moment of the put counts as taken over, and stays when the deployment fails', async () => {
    expect(await leftAfter(true, contacts => contacts.delete('111111111111', 'SECURITY', 'api'))).toMatchObject({ Name: 'Team' });
  });

  test('a contact that is set by hand at the moment of the put is not seen, and is lost when the deployment fails', async () => {
    expect(await leftAfter(false, contacts => contacts.put('111111111111', byHand, 'api'))).toBeUndefined();
  });
});
