import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { accounts, contact, DATA, DELEGATED, EVERYONE, failure, LAB, MANAGEMENT, output, SHOP, OrganizationHarness } from './harness';
import { CONTACT_TYPES, type Execution } from '../../../sandbox';
import { AlternateContactOverride, type OrganizationAlternateContactsProps as Props, SweepMode } from '../../../src';

/*
 * What a sweep does, on the sandbox's Step Functions and its clock, which jumps. The generated organizations are elsewhere: these are the cases that
 * the documentation names.
 */

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

describe('a sweep of all accounts', () => {
  test('sets what is declared, by account, unit and default, and leaves excluded accounts alone', async () => {
    organization = await OrganizationHarness.start({
      ...EVERYONE,
      overrides: [
        AlternateContactOverride.forOrganizationalUnits(['r-sb01'], { operations: contact('root') }),
        AlternateContactOverride.forAccounts([DATA], { security: contact('lab') }),
        AlternateContactOverride.exclude([LAB]),
      ],
    });
    expect([MANAGEMENT, SHOP, DATA, LAB].map(account => organization.contactsOf(account))).toEqual([
      ['finance', 'root', 'soc'], ['finance', 'root', 'soc'], ['finance', 'root', 'lab'], [undefined, undefined, undefined],
    ]);
    const execution = await organization.run({});
    expect(output(execution)).toEqual({ mode: 'enforce', accounts: 4, contacts: 12, contactsSet: 0, accountsSet: [], leftAlone: 1, notActive: 0 });
  });

  test('leaves a type alone that is not declared', async () => {
    organization = await OrganizationHarness.start({ security: contact('soc') });
    expect(organization.contactsOf(SHOP)).toEqual([undefined, undefined, 'soc']);
    expect(organization.calls.filter(call => call.includes('BILLING'))).toEqual([]);
  });

  test('puts only what differs, and names the own account by leaving its id out', async () => {
    organization = await OrganizationHarness.start();
    organization.edit(SHOP, 'OPERATIONS');
    organization.edit(MANAGEMENT, 'SECURITY');
    organization.sandbox.calls.length = 0;
    const execution = await organization.run({});
    expect(organization.calls.filter(call => call.startsWith('Put')).sort()).toEqual([`PutAlternateContact ${SHOP} OPERATIONS`, 'PutAlternateContact own SECURITY']);
    expect(output(execution)).toMatchObject({ contactsSet: 2, accountsSet: [`${MANAGEMENT} SECURITY`, `${SHOP} OPERATIONS`] });
    expect([organization.contactsOf(SHOP), organization.contactsOf(MANAGEMENT)]).toEqual([['finance', 'platform', 'soc'], ['finance', 'platform', 'soc']]);
  });

  test('changes nothing in report only mode, and tells accounts and types', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    organization.edit(SHOP, 'BILLING');
    const execution = await organization.run({});
    expect(output(execution)).toMatchObject({
      mode: 'report only', contactsThatDiffer: 15, accountsThatDiffer: expect.arrayContaining([`${SHOP} BILLING,OPERATIONS,SECURITY`]),
    });
    expect(organization.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    expect(organization.contactsOf(SHOP)).toEqual(['somebody', undefined, undefined]);
  });

  test('from a delegated administrator skips the management account, and says so', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { delegatedAdministrators: [DELEGATED] }, DELEGATED);
    expect(output(await organization.run({}))).toMatchObject({ accounts: 4, managementAccount: `${MANAGEMENT} was skipped: its contacts can only be set from itself` });
    expect([MANAGEMENT, SHOP, DELEGATED].map(account => organization.contactsOf(account)[2])).toEqual([undefined, 'soc', 'soc']);
  });

  test('leaves accounts alone that are not active, and counts them', async () => {
    organization = await OrganizationHarness.start();
    organization.sandbox.tree.setState(SHOP, 'SUSPENDED');
    organization.edit(SHOP, 'SECURITY');
    expect(output(await organization.run({}))).toMatchObject({ accounts: 4, notActive: 1 });
    expect(organization.contactsOf(SHOP)[2]).toBe('somebody');
  });

  test('is started by a deployment, with the definition that it brings', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { stepFunctions: { definitionDelaySeconds: 30 } });
    await organization.deploy({ ...EVERYONE, security: contact('new') });
    expect(organization.contactsOf(SHOP)[2]).toBe('new');
  });
});

describe('a run for named accounts', () => {
  test('looks at these alone', async () => {
    organization = await OrganizationHarness.start();
    [SHOP, DATA].forEach(account => organization.edit(account, 'SECURITY'));
    organization.sandbox.calls.length = 0;
    expect(output(await organization.run({ accountIds: [SHOP, SHOP] }))).toMatchObject({ accounts: 1, contactsSet: 1 });
    expect([SHOP, DATA].map(account => organization.contactsOf(account)[2])).toEqual(['soc', 'somebody']);
    expect(organization.calls.filter(call => call.startsWith('List'))).toEqual([]);
  });

  test('tries an account again that is not there yet, and fails if it never comes', async () => {
    organization = await OrganizationHarness.start();
    const execution = await organization.run({ accountIds: [SHOP, '555555555555'] });
    expect(failure(execution)).toEqual({
      status: 'FAILED',
      error: 'AccountsNotSet',
      cause: '1 of 2 accounts could not be set. All others are as declared. The next sweep tries again. The accounts that failed, by error: '
        + 'Organizations.AccountNotFoundException: 555555555555.',
    });
    expect(organization.sandbox.calls.filter(({ api }) => api === 'DescribeAccount')).toHaveLength(2 + 4);
  });

  test.each([[{ accountIds: [] }], [{ accountIds: 'all' }], [{ accounts: [SHOP] }], [[]]])('refuses %j, and does nothing', async input => {
    organization = await OrganizationHarness.start();
    organization.sandbox.calls.length = 0;
    expect(failure(await organization.run(input))).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(organization.calls).toEqual([]);
  });
});

describe('an account that refuses', () => {
  const refuse = (times: number) => organization.sandbox.faults.add({
    api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', message: 'soc@example.com', times, match: call => call.accountId === DATA,
  });

  test('is tried again within half an hour, while all others are set', async () => {
    organization = await OrganizationHarness.start();
    [SHOP, DATA].forEach(account => organization.edit(account, 'SECURITY'));
    refuse(2);
    const execution = await organization.run({});
    expect(output(execution)).toMatchObject({ accounts: 5, contactsSet: 2 });
    expect([SHOP, DATA].map(account => organization.contactsOf(account)[2])).toEqual(['soc', 'soc']);
  });

  test('fails the execution in the end, with its id and the name of the error', async () => {
    organization = await OrganizationHarness.start();
    [SHOP, DATA].forEach(account => organization.edit(account, 'SECURITY'));
    refuse(1_000);
    const begun = organization.clock.now();
    expect(failure(await organization.run({}))).toEqual({
      status: 'FAILED',
      error: 'AccountsNotSet',
      cause: '1 of 5 accounts could not be set. All others are as declared. The next sweep tries again. '
        + `The accounts that failed, by error: Account.AccessDeniedException: ${DATA}.`,
    });
    expect((organization.clock.now() - begun) / 60_000).toBeGreaterThan(30);
    expect(organization.contactsOf(SHOP)[2]).toBe('soc');
  });
});

describe('an account that refuses one type', () => {
  const refuse = (api: string, times: number) => organization.sandbox.faults.add({
    api, kind: 'error', status: 403, name: 'AccessDeniedException', times, match: call => call.accountId === DATA && call.contactType === 'OPERATIONS',
  });

  test('is reported once in report only mode, when it answers', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    refuse('GetAlternateContact', 1);
    const { accountsThatDiffer, ...report } = output(await organization.run({}));
    expect(report).toMatchObject({ accounts: 5, contacts: 15, contactsThatDiffer: 15 });
    expect([...accountsThatDiffer as string[]].sort()).toEqual([MANAGEMENT, SHOP, DATA, LAB, DELEGATED].map(id => `${id} BILLING,OPERATIONS,SECURITY`));
  });

  test('is told in report only mode with the accounts that differ, if it never answers', async () => {
    organization = await OrganizationHarness.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    refuse('GetAlternateContact', Infinity);
    const { status, error, cause } = failure(await organization.run({}));
    expect([status, error]).toEqual(['FAILED', 'AccountsNotCompared']);
    expect(cause).toContain('1 of 5 accounts could not be compared. 4 of the others differ from the declaration: ');
    expect(cause).toContain(`${SHOP} BILLING,OPERATIONS,SECURITY`);
    expect(cause).toContain(`by error: Account.AccessDeniedException: ${DATA}.`);
    expect(cause).not.toContain('as declared');
  });

  test('is counted and listed once, with what was put at each try', async () => {
    organization = await OrganizationHarness.start();
    CONTACT_TYPES.forEach(type => organization.edit(DATA, type));
    refuse('PutAlternateContact', 1);
    const { accountsSet, ...result } = output(await organization.run({}));
    expect(result).toMatchObject({ accounts: 5, contacts: 15, contactsSet: 3 });
    expect(accountsSet).toEqual([`${DATA} BILLING,SECURITY,OPERATIONS`]);
  });
});

describe('members that refuse do not prove a wrong set-up', () => {
  const refuse = (...ids: string[]) => organization.sandbox.faults.add({
    api: '*', kind: 'error', status: 403, name: 'AccessDeniedException', times: Infinity, match: ({ accountId = '' }) => ids.includes(accountId),
  });

  test('if there are only one or two: all others are set', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: [SHOP, DATA] });
    organization.edit(MANAGEMENT, 'SECURITY');
    refuse(SHOP, DATA);
    expect(failure(await organization.run({}))).toMatchObject({ error: 'AccountsNotSet', cause: expect.stringContaining(`Account.AccessDeniedException: ${SHOP}, ${DATA}.`) });
    expect(organization.contactsOf(MANAGEMENT)[2]).toBe('soc');
  });

  test('if another one answers: all others are set', async () => {
    const members = accounts(30);
    organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: members });
    organization.edit(members[29], 'SECURITY');
    refuse(...members.slice(0, 9));
    expect(failure(await organization.run({}))).toMatchObject({ error: 'AccountsNotSet', cause: expect.stringMatching(/^9 of 31 accounts/) });
    expect(organization.contactsOf(members[29])[2]).toBe('soc');
  });

  test('if they are excluded: they are not even asked', async () => {
    const members = accounts(15);
    const overrides = [AlternateContactOverride.exclude(members.slice(0, 14))];
    organization = await OrganizationHarness.start({ ...EVERYONE, overrides }, { memberAccounts: members });
    refuse(...members.slice(0, 14));
    expect((await organization.run({})).status).toBe('SUCCEEDED');
  });
});

test('a run for named accounts that are all denied says what to check', async () => {
  organization = await OrganizationHarness.start();
  organization.sandbox.organization.trustedAccess = false;
  expect(failure(await organization.run({ accountIds: [SHOP, DATA] }))).toMatchObject({
    error: 'AccountsNotSet', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
  });
});

describe('a wrong set-up fails soon, says what to do and changes nothing:', () => {
  const firstFailure = () => {
    expect(organization.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    const last = organization.sweeps.at(-1) as Execution;
    expect((last.stoppedAt ?? Infinity) - last.startedAt).toBeLessThan(5 * 60_000);
    return failure(last);
  };

  test.each([true, false])('no trusted access (told: %j)', async explainTrustedAccess => {
    organization = await OrganizationHarness.start(EVERYONE, { trustedAccess: false, explainTrustedAccess });
    expect(firstFailure()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
    });
  });

  test('an ordinary member', async () => {
    organization = await OrganizationHarness.start(EVERYONE, {}, SHOP);
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account may not list the accounts of the organization') });
  });

  test('a delegated administrator of something else', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { delegatedAdministrators: [SHOP] } }, SHOP);
    expect(firstFailure()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining(`register-delegated-administrator --service-principal account.amazonaws.com --account-id ${SHOP}`),
    });
  });

  test('no organization', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { standaloneAccounts: ['777777777777'] }, '777777777777');
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account is in no organization') });
  });

  test('two tokens for one account', async () => {
    organization = await OrganizationHarness.start();
    organization.sandbox.calls.length = 0;
    await organization.deploy({}, { One: SHOP, Two: SHOP }, stack => ({
      ...EVERYONE,
      overrides: ['One', 'Two'].map(name => AlternateContactOverride.exclude([new CfnParameter(stack, name).valueAsString])),
    }));
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('Two overrides have the same target') });
  });
});

test('a list that stays throttled fails the execution, after what is listed was set', async () => {
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: Array.from({ length: 40 }, (_, i) => String(200000000000 + i)) });
  let lists = 0;
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => ++lists > 1 });
  organization.edit('200000000000', 'SECURITY');
  expect(failure(await organization.run({}))).toEqual({
    status: 'FAILED', error: 'AccountsNotListed', cause: expect.stringContaining('Organizations did not list the accounts: Organizations.TooManyRequestsException'),
  });
  expect(organization.contactsOf('200000000000')[2]).toBe('soc');
});

test('where a later page cannot be listed, the pages before it are set, and the cause names the accounts that failed', async () => {
  const members = accounts(120);
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: members });
  members.forEach(account => organization.edit(account, 'SECURITY'));
  let lists = 0;
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => ++lists > 3 });
  organization.sandbox.faults.add({ api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', times: 100, match: ({ accountId }) => accountId === members[3] });
  expect(failure(await organization.run({}))).toMatchObject({
    error: 'AccountsNotListed', cause: expect.stringMatching(new RegExp(`could not be set\\. .* Account\\.AccessDeniedException: ${members[3]}\\.$`)),
  });
  // The management account is on the first page too.
  expect(members.filter(account => organization.contactsOf(account)[2] === 'soc')).toEqual(members.slice(0, 59).filter(account => account !== members[3]));
});

test('a list that fails now and then is tried again as often as it goes on', async () => {
  organization = await OrganizationHarness.start(EVERYONE, { memberAccounts: accounts(200) });
  let lists = 0;
  // A child tries seven times before it gives up. It lists a page, and cannot list the next one.
  organization.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => lists++ % 8 !== 0 });
  expect((await organization.run({})).status).toBe('SUCCEEDED');
});

test('a thousand running executions do not keep a sweep from starting', async () => {
  organization = await OrganizationHarness.start();
  const { stepFunctions } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const waiting = Array.from({ length: 1_000 }, () => stepFunctions.start(machineArn, { afterSeconds: 86_400 }));
  await organization.clock.advance(1);
  const execution = await organization.run({});
  expect(execution.status).toBe('SUCCEEDED');
  expect(execution.history.length).toBeLessThan(250);
  expect(waiting.every(({ status }) => status === 'RUNNING')).toBe(true);
}, 60_000);

test('of two sweeps that begin in the same millisecond one stops the other and finishes', async () => {
  organization = await OrganizationHarness.start();
  organization.edit(SHOP, 'SECURITY');
  const { stepFunctions } = organization.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const sweeps = [stepFunctions.start(machineArn, {}), stepFunctions.start(machineArn, {})];
  expect(sweeps[0].startedAt).toBe(sweeps[1].startedAt);
  await organization.settle();
  const [older, newer] = sweeps.sort((one, other) => one.identity.arn < other.identity.arn ? -1 : 1);
  expect(failure(older)).toMatchObject({ status: 'ABORTED', error: 'Superseded' });
  expect(newer.status).toBe('SUCCEEDED');
  expect(organization.contactsOf(SHOP)[2]).toBe('soc');
});

test('an account that is named before it is active gets its contacts when it is', async () => {
  organization = await OrganizationHarness.start({ ...EVERYONE, followAccountEvents: false });
  organization.sandbox.tree.createAccount('555555555555', 'PENDING_ACTIVATION');
  organization.sandbox.clock.after(5 * 60, () => organization.sandbox.tree.setState('555555555555', 'ACTIVE'));
  expect(output(await organization.run({ accountIds: ['555555555555'] }))).toMatchObject({ accounts: 1, contactsSet: 3, notActive: 0 });
  expect(organization.contactsOf('555555555555')).toEqual(['finance', 'platform', 'soc']);
});

test('an account that moves while it waits for its turn gets what is declared for where it then is', async () => {
  const [EXCLUDED, OVERRIDDEN] = ['ou-sb01-11111111', 'ou-sb01-22222222'];
  const members = accounts(400);
  organization = await OrganizationHarness.start({
    ...EVERYONE,
    overrides: [AlternateContactOverride.exclude([EXCLUDED]), AlternateContactOverride.forOrganizationalUnits([OVERRIDDEN], { operations: contact('shop') })],
    followAccountEvents: false,
  }, { memberAccounts: members });
  const { tree, stepFunctions } = organization.sandbox;
  for (const unit of [EXCLUDED, OVERRIDDEN]) { tree.createOrganizationalUnit(tree.root, unit); }
  for (const account of members) { organization.edit(account, 'OPERATIONS'); }
  const sweep = stepFunctions.start(stepFunctions.executions[0].identity.machineArn, {});
  await organization.clock.advance(60);
  const [one, two, three] = members.slice(-3);
  tree.moveAccount(one, EXCLUDED);
  tree.moveAccount(two, OVERRIDDEN);
  await organization.clock.until(sweep.ended);
  expect([one, two, three].map(account => organization.contactsOf(account)[1])).toEqual(['somebody', 'shop', 'platform']);
  expect(output(sweep)).toMatchObject({ contactsSet: 399, leftAlone: 1 });
});

test('a declaration for a few accounts lists many accounts in few rounds, because each round takes events of the history', async () => {
  const members = accounts(2_000);
  const overrides = [AlternateContactOverride.forAccounts([members[3], members[1_999]], { security: contact('soc') })];
  organization = await OrganizationHarness.start({ overrides }, { memberAccounts: members });
  const sweep = await organization.run({});
  expect(output(sweep)).toMatchObject({ accounts: 2, leftAlone: 1_999 });
  expect(sweep.history.length).toBeLessThan(200);
}, 60_000);

describe('an account that is created', () => {
  test.each(['accountId', 'account.accountId', 'method only'] as const)('starts one run, for itself alone (its id is at %s in the other event about it)', async joinedAccountAt => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { joinedAccountAt } });
    const before = organization.sweeps.length;
    organization.sandbox.tree.createAccount('555555555555');
    await organization.settle();
    expect(organization.sweeps.slice(before).map(({ input }) => input)).toEqual([{ accountIds: ['555555555555'] }]);
    expect(organization.contactsOf('555555555555')).toEqual(['finance', 'platform', 'soc']);
  });

  test.each(['accountId', 'account.accountId', 'method only'] as const)('is not needed for one that joins by invitation (its id is at %s)', async joinedAccountAt => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { joinedAccountAt }, standaloneAccounts: ['666666666666'] });
    organization.sandbox.tree.join('666666666666');
    await organization.settle();
    expect(organization.contactsOf('666666666666')).toEqual(['finance', 'platform', 'soc']);
  });
});

describe('the rule for completed sweeps', () => {
  /** The statuses of the executions whose events reach the target, after a deployment, its sweeps and a run that fails. */
  const told = async (propsOf: (stack: Stack) => Partial<Props> = () => ({})) => {
    organization = await OrganizationHarness.start();
    await organization.deploy(EVERYONE, undefined, stack => ({ ...EVERYONE, ...propsOf(stack) }), (contacts, stack) =>
      contacts.onSweepCompleted('Completed', { target: new SnsTopic(new Topic(stack, 'Topic')) }));
    organization.sandbox.faults.add({ api: '*', kind: 'error', status: 403, name: 'AccessDeniedException', times: Infinity, match: call => call.accountId === DATA });
    await organization.run({ accountIds: [DATA] });
    await organization.settle();
    return organization.sandbox.deliveries.filter(({ outcome }) => outcome === 'not modelled')
      .map(({ input }) => (input as { detail: { status: string; input?: string; output?: string } }).detail);
  };

  test('matches sweeps, but not executions that wait for a deployment', async () => {
    const events = await told();
    expect(events.map(({ status, input }) => [status, input])).toEqual([['SUCCEEDED', '{}'], ['FAILED', `{"accountIds":["${DATA}"]}`]]);
    expect(JSON.parse(events[0].output ?? '')).toMatchObject({ accounts: 5 });
  });

  test('matches with an encryption key too, where the events have no input and no result', async () => {
    const events = await told(stack => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000') }));
    expect(events.map(({ status }) => status)).toEqual(expect.arrayContaining(['SUCCEEDED', 'FAILED']));
    expect(events.every(event => !('input' in event) && !('output' in event))).toBe(true);
  });
});

test('the first sweep does not depend on a rule that may miss the end of its own stack, also where the schedule is cron', async () => {
  organization = await OrganizationHarness.start({ ...EVERYONE, schedule: ScheduleExpression.cron({ minute: '0', hour: '3' }) }, { eventBridge: { ruleDelaySeconds: 600 } });
  expect(organization.sweeps).toHaveLength(1);
  expect(organization.contactsOf(SHOP)).toEqual(['finance', 'platform', 'soc']);
});
