import { App, Duration, Stack } from 'aws-cdk-lib';
import { BREAKS } from './breaks';
import { positiveIntegers } from './search';
import { alternateContact, System } from './systems';
import { SandboxOptions, Template } from '../../sandbox';
import { AlternateContact, AlternateContactProvider, AlternateContacts, AlternateContactType } from '../../src';
import { openSandbox } from '../../test/open-sandbox';
import { leastSeconds, QUOTAS } from '../benchmarks/quota';

/*
 * Hundreds of contacts. The benchmarks measure how long they take. Every night LOAD is 490, nearly as many as a stack holds; here it is half of that,
 * which the quotas hold up in the same way.
 */
const [LOAD] = positiveIntegers('LOAD', process.env.LOAD ?? '240');
/** The accounts of each of two stacks. */
const HALF = Math.floor(LOAD / 5);
const OWN = '111111111111';
const VALUES = { name: 'Team', title: 'On call', emailAddress: 'team@example.com', phoneNumber: '+1 555 0100' };
const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(200000000000 + index));

type Declare = (stack: Stack) => void;
const securityContacts = (members: string[], providerId?: string, timeout?: Duration): Declare => stack => {
  const provider = providerId === undefined ? undefined : new AlternateContactProvider(stack, providerId, { timeout });
  for (const accountId of members) {
    new AlternateContact(stack, accountId, { accountId, alternateContactType: AlternateContactType.SECURITY, ...VALUES, provider });
  }
};

function templateOf(stackName: string, declare: Declare, system: System): Template {
  const app = new App();
  declare(new Stack(app, stackName, { env: { account: OWN, region: 'us-east-1' } }));
  const template = app.synth().getStackByName(stackName).template as Template;
  system.transform?.(template);
  return template;
}

/** Deploys the stacks of each round at the same time, and returns the result of the last round. */
async function deploy(
  memberAccounts: string[], rounds: { [stackName: string]: Declare }[], options: Partial<SandboxOptions>, system: System = alternateContact,
) {
  const sandbox = await openSandbox({ managementAccount: OWN, memberAccounts, policyDelaySeconds: 5, ...options });
  let statuses: string[] = [];
  for (const stacks of rounds) {
    const results = await Promise.all(Object.entries(stacks).map(([stackName, declare]) =>
      sandbox.deploy({ stackName, account: OWN, template: templateOf(stackName, declare, system) })));
    statuses = results.map(({ status }) => status);
  }
  await sandbox.idle();
  const result = {
    statuses,
    contacts: memberAccounts.flatMap(account => sandbox.contacts.list(account)).length,
    violations: sandbox.violations,
    throttled: sandbox.calls.filter(call => call.outcome === 'TooManyRequestsException').length,
    atOnce: sandbox.peakConcurrentExecutions,
  };
  await sandbox.close();
  return result;
}

test(`${LOAD} contacts of a stack, created at once, are all set`, async () => {
  const members = accounts(LOAD);
  const result = await deploy(members, [{ Contacts: securityContacts(members) }], { quotas: 'documented', timeScale: 5 });
  expect(result).toMatchObject({ statuses: ['CREATE_COMPLETE'], contacts: LOAD, violations: [] });
  expect(result.throttled).toBeGreaterThan(LOAD);
});

test(`${LOAD} contacts of a stack are all set where 10 functions may run at once`, async () => {
  const members = accounts(LOAD);
  const result = await deploy(members, [{ Contacts: securityContacts(members) }], { quotas: 'documented', timeScale: 25, concurrentExecutions: 10 });
  expect(result).toMatchObject({ statuses: ['CREATE_COMPLETE'], contacts: LOAD, violations: [], atOnce: 10 });
});

/** Creates a stack of contacts without quotas, which starts as many functions, and destroys it with the documented quotas, on a fast clock. */
async function destroyAll(timeout: Duration, timeScale: number) {
  const members = accounts(LOAD);
  // The sandbox reads these at each call.
  const unlimited = { rate: 1e6, burst: 1e6 };
  const quotas = { put: unlimited, get: unlimited, delete: { ...unlimited } };
  const sandbox = await openSandbox({ managementAccount: OWN, memberAccounts: members, quotas, cloudFormationQuotas: 'inferred', timeScale });
  const target = { stackName: 'Contacts', account: OWN };
  const template = templateOf('Contacts', securityContacts(members, 'Provider', timeout), alternateContact);
  expect(await sandbox.deploy({ ...target, template })).toMatchObject({ status: 'CREATE_COMPLETE' });
  await sandbox.idle();
  Object.assign(quotas.delete, QUOTAS.aws.delete);
  const begun = sandbox.clock.now();
  const { status } = await sandbox.destroy(target);
  const result = {
    status,
    left: members.flatMap(account => sandbox.contacts.list(account)).length,
    seconds: (sandbox.clock.now() - begun) / 1000,
    deletes: sandbox.calls.filter(({ api }) => api === 'DeleteAlternateContact').length,
    atOnce: sandbox.peakConcurrentExecutions,
  };
  await sandbox.close();
  return result;
}

test(`${LOAD} contacts of a stack, deleted at once, are all deleted`, async () => {
  const { seconds, deletes, ...result } = await destroyAll(Duration.minutes(15), 12);
  expect(result).toEqual({ status: 'DELETE_COMPLETE', left: 0, atOnce: LOAD });
  // The quota was in force, and the functions paused long enough between their calls.
  expect(seconds).toBeGreaterThan(leastSeconds(LOAD, QUOTAS.aws.delete));
  expect(deletes).toBeLessThan(10 * LOAD);
});

test(`contacts are left behind if a function has only two minutes to delete ${LOAD} of them`, async () => {
  // On a slower clock, because the functions that create the contacts have two minutes too, and need real time.
  const { status, left } = await destroyAll(Duration.minutes(2), 6);
  expect(status).toBe('DELETE_FAILED');
  // One is deleted per second.
  expect(left).toBeGreaterThan(LOAD - 180);
});

test(`three contacts of each of ${2 * HALF} accounts, in two stacks at the same time, are all set`, async () => {
  const members = accounts(2 * HALF);
  const half = (part: string[]): Declare => stack => part.forEach(accountId =>
    new AlternateContacts(stack, accountId, { accountId, billing: VALUES, operations: VALUES, security: VALUES }));
  const result = await deploy(members, [{ One: half(members.slice(0, HALF)), Two: half(members.slice(HALF)) }], { quotas: 'documented', timeScale: 5 });
  expect(result).toMatchObject({ statuses: ['CREATE_COMPLETE', 'CREATE_COMPLETE'], contacts: 6 * HALF, violations: [] });
});

describe('120 contacts that another provider takes over, more resources than a page of ListStackResources holds,', () => {
  const members = accounts(120);
  const rounds = [{ Contacts: securityContacts(members) }, { Contacts: securityContacts(members, 'Provider') }];

  test('all stay', async () => {
    expect(await deploy(members, rounds, { timeScale: 20 })).toMatchObject({ statuses: ['UPDATE_COMPLETE'], contacts: 120, violations: [] });
  });

  test('are lost in part if only the first page is read', async () => {
    const system = await BREAKS['Delete reads only the first page']();
    const { statuses, contacts } = await deploy(members, rounds, { timeScale: 20 }, system);
    expect(statuses).toEqual(['UPDATE_COMPLETE']);
    expect(contacts).toBeLessThan(120);
  });
});
