import { App, BootstraplessSynthesizer, CfnParameter, Stack } from 'aws-cdk-lib';
import { openSandbox } from './open-sandbox';
import { type Execution, type Sandbox, type SandboxOptions, type Template, VirtualClock } from '../sandbox';
import { AlternateContactOverride, OrganizationAlternateContacts, OrganizationAlternateContactsProps as Props, SweepMode } from '../src';

/*
 * What a sweep does, on the sandbox's Step Functions and its clock, which jumps. The generated organizations are elsewhere: these are the cases that
 * the documentation names.
 */

const MANAGEMENT = '111111111111';
const DELEGATED = '999999999999';
const [SHOP, DATA, LAB] = ['222222222222', '333333333333', '444444444444'];
const TYPES = ['BILLING', 'OPERATIONS', 'SECURITY'] as const;

const contact = (name: string) => ({ name, title: 'On call', emailAddress: `${name}@example.com`, phoneNumber: '+1 555 0100' });
const EVERYONE = { billing: contact('finance'), operations: contact('platform'), security: contact('soc') };

class World {
  static async start(props: Props = EVERYONE, options: Partial<SandboxOptions> = {}, account = MANAGEMENT): Promise<World> {
    const clock = new VirtualClock();
    const sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [SHOP, DATA, LAB, DELEGATED], quotas: 'documented', clock, ...options });
    const world = new World(clock, sandbox, account);
    await world.deploy(props);
    return world;
  }

  private constructor(readonly clock: VirtualClock, readonly sandbox: Sandbox, private readonly account: string) {}

  /** Deploys and waits until the sweeps have ended that the deployment starts. */
  async deploy(props: Props, parameters?: Record<string, string>, more?: (stack: Stack) => Props): Promise<void> {
    const app = new App();
    const stack = new Stack(app, 'Contacts', { env: { account: this.account, region: 'us-east-1' }, synthesizer: new BootstraplessSynthesizer() });
    new OrganizationAlternateContacts(stack, 'Contacts', { ...props, ...more?.(stack) });
    const template = app.synth().getStackByName('Contacts').template as Template;
    const result = await this.clock.until(this.sandbox.deploy({ stackName: 'Contacts', account: this.account, region: 'us-east-1', template, parameters }));
    expect(result.status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    await this.settle();
  }

  /** Lets the executions end that have started or are about to. */
  async settle(): Promise<void> {
    await this.clock.advance(90);
    await this.clock.until(this.sandbox.stepFunctions.idle());
  }

  async run(input: unknown): Promise<Execution> {
    const execution = this.sandbox.stepFunctions.start(this.sandbox.stepFunctions.executions[0].identity.machineArn, input);
    await this.clock.until(execution.ended);
    return execution;
  }

  get sweeps(): Execution[] {
    return this.sandbox.stepFunctions.executions.filter(({ input }) => !JSON.stringify(input).includes('afterSeconds'));
  }

  /** The names of an account's contacts, by type. */
  contactsOf(account: string): (string | undefined)[] {
    return TYPES.map(type => this.sandbox.contacts.get(account, type)?.Name);
  }

  edit(account: string, type: typeof TYPES[number]): void {
    this.sandbox.contacts.put(account, { AlternateContactType: type, Name: 'somebody', Title: 'x', EmailAddress: 'somebody@example.org', PhoneNumber: '1' });
  }

  get calls(): string[] {
    return this.sandbox.calls.map(({ api, accountId, contactType }) => `${api} ${accountId ?? 'own'} ${contactType ?? ''}`);
  }
}

const output = (execution: Execution) => execution.outcome.output as { [member: string]: unknown };
const failure = ({ status, outcome: { error, cause } }: Execution) => ({ status, error, cause });

let world: World;
afterEach(() => world?.sandbox.close());

describe('a sweep of all accounts', () => {
  test('sets what is declared, by account, unit and default, and leaves excluded accounts alone', async () => {
    world = await World.start({
      ...EVERYONE,
      overrides: [
        AlternateContactOverride.forOrganizationalUnits(['r-sb01'], { operations: contact('root') }),
        AlternateContactOverride.forAccounts([DATA], { security: contact('lab') }),
        AlternateContactOverride.exclude([LAB]),
      ],
    });
    expect([MANAGEMENT, SHOP, DATA, LAB].map(account => world.contactsOf(account))).toEqual([
      ['finance', 'root', 'soc'], ['finance', 'root', 'soc'], ['finance', 'root', 'lab'], [undefined, undefined, undefined],
    ]);
    const execution = await world.run({});
    expect(output(execution)).toEqual({ mode: 'enforce', accounts: 4, contacts: 12, contactsSet: 0, accountsSet: [], leftAlone: 1, notActive: 0 });
  });

  test('leaves a type alone that is not declared', async () => {
    world = await World.start({ security: contact('soc') });
    expect(world.contactsOf(SHOP)).toEqual([undefined, undefined, 'soc']);
    expect(world.calls.filter(call => call.includes('BILLING'))).toEqual([]);
  });

  test('puts only what differs, and names the own account by leaving its id out', async () => {
    world = await World.start();
    world.edit(SHOP, 'OPERATIONS');
    world.edit(MANAGEMENT, 'SECURITY');
    world.sandbox.calls.length = 0;
    const execution = await world.run({});
    expect(world.calls.filter(call => call.startsWith('Put')).sort()).toEqual([`PutAlternateContact ${SHOP} OPERATIONS`, 'PutAlternateContact own SECURITY']);
    expect(output(execution)).toMatchObject({ contactsSet: 2, accountsSet: [`${MANAGEMENT} SECURITY`, `${SHOP} OPERATIONS`] });
    expect([world.contactsOf(SHOP), world.contactsOf(MANAGEMENT)]).toEqual([['finance', 'platform', 'soc'], ['finance', 'platform', 'soc']]);
  });

  test('changes nothing in report only mode, and tells accounts and types', async () => {
    world = await World.start({ ...EVERYONE, mode: SweepMode.REPORT_ONLY });
    world.edit(SHOP, 'BILLING');
    const execution = await world.run({});
    expect(output(execution)).toMatchObject({
      mode: 'report only', contactsThatDiffer: 15, accountsThatDiffer: expect.arrayContaining([`${SHOP} BILLING,OPERATIONS,SECURITY`]),
    });
    expect(world.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    expect(world.contactsOf(SHOP)).toEqual(['somebody', undefined, undefined]);
  });

  test('from a delegated administrator skips the management account, and says so', async () => {
    world = await World.start(EVERYONE, { delegatedAdministrators: [DELEGATED] }, DELEGATED);
    expect(output(await world.run({}))).toMatchObject({ accounts: 4, managementAccount: `${MANAGEMENT} was skipped: its contacts can only be set from itself` });
    expect([MANAGEMENT, SHOP, DELEGATED].map(account => world.contactsOf(account)[2])).toEqual([undefined, 'soc', 'soc']);
  });

  test('leaves accounts alone that are not active, and counts them', async () => {
    world = await World.start();
    world.sandbox.tree.setState(SHOP, 'SUSPENDED');
    world.edit(SHOP, 'SECURITY');
    expect(output(await world.run({}))).toMatchObject({ accounts: 4, notActive: 1 });
    expect(world.contactsOf(SHOP)[2]).toBe('somebody');
  });

  test('is started by a deployment, with the definition that it brings', async () => {
    world = await World.start(EVERYONE, { stepFunctions: { definitionDelaySeconds: 30 } });
    await world.deploy({ ...EVERYONE, security: contact('new') });
    expect(world.contactsOf(SHOP)[2]).toBe('new');
  });
});

describe('a run for named accounts', () => {
  test('looks at these alone', async () => {
    world = await World.start();
    [SHOP, DATA].forEach(account => world.edit(account, 'SECURITY'));
    world.sandbox.calls.length = 0;
    expect(output(await world.run({ accountIds: [SHOP, SHOP] }))).toMatchObject({ accounts: 1, contactsSet: 1 });
    expect([SHOP, DATA].map(account => world.contactsOf(account)[2])).toEqual(['soc', 'somebody']);
    expect(world.calls.filter(call => call.startsWith('List'))).toEqual([]);
  });

  test('tries an account again that is not there yet, and fails if it never comes', async () => {
    world = await World.start();
    const execution = await world.run({ accountIds: [SHOP, '555555555555'] });
    expect(failure(execution)).toEqual({
      status: 'FAILED',
      error: 'AccountsNotSet',
      cause: '1 of 2 accounts could not be set. All others are as declared. The next sweep tries again. The accounts and their errors: '
        + '555555555555 Organizations.AccountNotFoundException',
    });
    expect(world.sandbox.calls.filter(({ api }) => api === 'DescribeAccount')).toHaveLength(2 + 4);
  });

  test.each([[{ accountIds: [] }], [{ accountIds: 'all' }], [{ accounts: [SHOP] }], [[]]])('refuses %j, and does nothing', async input => {
    world = await World.start();
    world.sandbox.calls.length = 0;
    expect(failure(await world.run(input))).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(world.calls).toEqual([]);
  });
});

describe('an account that refuses', () => {
  const refuse = (times: number) => world.sandbox.faults.add({
    api: 'PutAlternateContact', kind: 'error', status: 403, name: 'AccessDeniedException', message: 'soc@example.com', times, match: call => call.accountId === DATA,
  });

  test('is tried again within half an hour, while all others are set', async () => {
    world = await World.start();
    [SHOP, DATA].forEach(account => world.edit(account, 'SECURITY'));
    refuse(2);
    const execution = await world.run({});
    expect(output(execution)).toMatchObject({ accounts: 5, contactsSet: 2 });
    expect([SHOP, DATA].map(account => world.contactsOf(account)[2])).toEqual(['soc', 'soc']);
  });

  test('fails the execution in the end, with its id and the name of the error', async () => {
    world = await World.start();
    [SHOP, DATA].forEach(account => world.edit(account, 'SECURITY'));
    refuse(1_000);
    const begun = world.clock.now();
    expect(failure(await world.run({}))).toEqual({
      status: 'FAILED',
      error: 'AccountsNotSet',
      cause: `1 of 5 accounts could not be set. All others are as declared. The next sweep tries again. The accounts and their errors: ${DATA} Account.AccessDeniedException`,
    });
    expect((world.clock.now() - begun) / 60_000).toBeGreaterThan(30);
    expect(world.contactsOf(SHOP)[2]).toBe('soc');
  });
});

describe('a wrong set-up fails soon, says what to do and changes nothing:', () => {
  const firstFailure = () => {
    expect(world.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    const last = world.sweeps.at(-1) as Execution;
    expect((last.stoppedAt ?? Infinity) - last.startedAt).toBeLessThan(5 * 60_000);
    return failure(last);
  };

  test.each([true, false])('no trusted access (told: %j)', async explainTrustedAccess => {
    world = await World.start(EVERYONE, { trustedAccess: false, explainTrustedAccess });
    expect(firstFailure()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
    });
  });

  test('an ordinary member', async () => {
    world = await World.start(EVERYONE, {}, SHOP);
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account may not list the accounts of the organization') });
  });

  test('a delegated administrator of something else', async () => {
    world = await World.start(EVERYONE, { organizations: { delegatedAdministrators: [SHOP] } }, SHOP);
    expect(firstFailure()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining(`register-delegated-administrator --service-principal account.amazonaws.com --account-id ${SHOP}`),
    });
  });

  test('no organization', async () => {
    world = await World.start(EVERYONE, { standaloneAccounts: ['777777777777'] }, '777777777777');
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account is in no organization') });
  });

  test('two tokens for one account', async () => {
    world = await World.start();
    world.sandbox.calls.length = 0;
    await world.deploy({}, { One: SHOP, Two: SHOP }, stack => ({
      ...EVERYONE,
      overrides: ['One', 'Two'].map(name => AlternateContactOverride.exclude([new CfnParameter(stack, name).valueAsString])),
    }));
    expect(firstFailure()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('Two overrides have the same target') });
  });
});

test('a list that stays throttled fails the execution, after what is listed was set', async () => {
  world = await World.start(EVERYONE, { memberAccounts: Array.from({ length: 40 }, (_, i) => String(200000000000 + i)) });
  let lists = 0;
  world.sandbox.faults.add({ api: 'ListAccounts', kind: '429', times: 10_000, match: () => ++lists > 1 });
  world.edit('200000000000', 'SECURITY');
  expect(failure(await world.run({}))).toEqual({
    status: 'FAILED', error: 'AccountsNotListed', cause: expect.stringContaining('Organizations did not list the accounts: Organizations.TooManyRequestsException'),
  });
  expect(world.contactsOf('200000000000')[2]).toBe('soc');
});

test('of two sweeps that begin in the same millisecond one stops the other and finishes', async () => {
  world = await World.start();
  world.edit(SHOP, 'SECURITY');
  const { stepFunctions } = world.sandbox;
  const { machineArn } = stepFunctions.executions[0].identity;
  const sweeps = [stepFunctions.start(machineArn, {}), stepFunctions.start(machineArn, {})];
  expect(sweeps[0].startedAt).toBe(sweeps[1].startedAt);
  await world.settle();
  const [older, newer] = sweeps.sort((one, other) => one.identity.arn < other.identity.arn ? -1 : 1);
  expect(failure(older)).toMatchObject({ status: 'ABORTED', error: 'Superseded' });
  expect(newer.status).toBe('SUCCEEDED');
  expect(world.contactsOf(SHOP)[2]).toBe('soc');
});
