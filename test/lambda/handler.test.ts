import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { handler as Handler } from '../../lambda';
import { Contact, ContactType, Fault, Sandbox, Template } from '../../sandbox';
import { AlternateContact, AlternateContactProvider, AlternateContactType } from '../../src';

/*
 * The handler in the test's own process, so that its coverage is seen: the real SDK talks to the sandbox's HTTP API. How the deployed
 * function behaves under CloudFormation is the matter of test/proof/.
 */
const OWN = '111111111111';
const MEMBER = '222222222222';
const VALUES = { Name: 'Team', Title: 'On call', EmailAddress: 'team@example.com', PhoneNumber: '+1 555 0100' };
const OTHER_VALUES = { Name: 'Jane Roe', Title: 'CFO', EmailAddress: 'jane.roe@example.com', PhoneNumber: '+1 555 0199' };
const PERSONAL = [...Object.values(VALUES), ...Object.values(OTHER_VALUES)];

interface Received { body: { Status: string; Reason?: string; PhysicalResourceId: string }; raw: string; headers: IncomingHttpHeaders }

let sandbox: Sandbox;
let stackId: string;
let functionArn: string;
let handler: typeof Handler;
let responses: Server;
let refusals: (number | 'drop')[];
let received: Received[];
let output: string;

beforeAll(async () => {
  sandbox = await Sandbox.start({ managementAccount: OWN, memberAccounts: [MEMBER], standaloneAccounts: ['333333333333'] });
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: OWN, region: 'eu-west-1' } });
  for (const accountId of [OWN, MEMBER]) {
    for (const type of [AlternateContactType.BILLING, AlternateContactType.SECURITY]) {
      new AlternateContact(stack, `${accountId}${type}`, {
        accountId, alternateContactType: type, name: 'n', title: 't', emailAddress: 'e@example.com', phoneNumber: '1',
      });
    }
  }
  // For contacts that the stack does not hold.
  AlternateContactProvider.getOrCreate(stack).role.addToPrincipalPolicy(new PolicyStatement({ actions: ['account:*'], resources: ['*'] }));
  const template = app.synth().getStackByName('Stack').template as Template;
  ({ stackId } = await sandbox.deploy({ stackName: 'Stack', account: OWN, region: 'eu-west-1', template }));
  functionArn = String(sandbox.events[0].ServiceToken);

  Object.assign(process.env, sandbox.environmentOf(functionArn));
  // Only now: the clients read the environment when they are made.
  ({ handler } = jest.requireActual<typeof import('../../lambda')>('../../lambda'));
  responses = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const refusal = refusals.shift();
      if (refusal === 'drop') return request.socket.destroy();
      const raw = Buffer.concat(chunks).toString();
      if (!refusal) received.push({ raw, body: JSON.parse(raw), headers: request.headers });
      return response.writeHead(refusal ?? 200).end();
    });
  });
  await new Promise<void>(resolve => responses.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  responses.close();
  await sandbox.close();
});

beforeEach(() => {
  refusals = [];
  received = [];
  output = '';
  sandbox.calls.length = 0;
  for (const account of [OWN, MEMBER]) {
    for (const contact of sandbox.contacts.list(account)) sandbox.contacts.delete(account, contact.AlternateContactType);
  }
  jest.spyOn(process.stdout, 'write').mockImplementation(text => { output += String(text); return true; });
  jest.spyOn(Math, 'random').mockReturnValue(0); // no pauses
});
afterEach(() => {
  jest.restoreAllMocks();
  sandbox.faults.clear();
});

interface Request { RequestType: 'Create' | 'Update' | 'Delete'; PhysicalResourceId?: string; LogicalResourceId?: string }
/** Delivers an event, and returns the one answer. */
async function deliver(request: Request, properties: object = {}, { remaining = 60_000 } = {}): Promise<Received['body']> {
  const { port } = responses.address() as AddressInfo;
  await handler({
    ServiceToken: functionArn,
    ResponseURL: `http://127.0.0.1:${port}/response?signature=x`,
    StackId: stackId,
    RequestId: 'request-1',
    LogicalResourceId: 'AlternateContactSecurity',
    ResourceType: 'Custom::AlternateContact',
    ...request,
    ResourceProperties: { ServiceToken: functionArn, ServiceTimeout: '1200', AlternateContactType: 'SECURITY', ...VALUES, ...properties },
  } as CloudFormationCustomResourceEvent, { invokedFunctionArn: functionArn, getRemainingTimeInMillis: () => remaining } as Context);

  expect(received).toHaveLength(1);
  const [{ body, raw, headers }] = received;
  expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(4096);
  expect(headers['content-type'] ?? '').toBe('');
  expect(body).toMatchObject({ StackId: stackId, RequestId: 'request-1', LogicalResourceId: request.LogicalResourceId ?? 'AlternateContactSecurity' });
  for (const value of PERSONAL) expect(raw + output).not.toContain(value);
  return body;
}
const callsMade = () => sandbox.calls.map(call => `${call.api} ${call.accountId ?? 'own'}`);
const contactOf = (account = OWN, type: ContactType = 'SECURITY') => sandbox.contacts.get(account, type);
const putByHand = (account = OWN, values: Omit<Contact, 'AlternateContactType'> = OTHER_VALUES) =>
  sandbox.contacts.put(account, { AlternateContactType: 'SECURITY', ...values });
const fault = (api: string, name: string, status: number, message = 'no', times = 1000): Fault => ({ api, kind: 'error', name, status, message, times });

describe('Create', () => {
  test('reads, puts and answers the identity', async () => {
    expect(await deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(callsMade()).toEqual(['GetAlternateContact own', 'PutAlternateContact own']);
    expect(contactOf()).toEqual({ AlternateContactType: 'SECURITY', ...VALUES });
  });

  test('names a member', async () => {
    expect(await deliver({ RequestType: 'Create' }, { AccountId: MEMBER })).toMatchObject({ PhysicalResourceId: `${MEMBER}/SECURITY` });
    expect(callsMade()).toEqual([`GetAlternateContact ${MEMBER}`, `PutAlternateContact ${MEMBER}`]);
    expect(contactOf(OWN)).toBeUndefined();
  });

  test('leaves the own account unnamed, also when the template names it', async () => {
    expect(await deliver({ RequestType: 'Create' }, { AccountId: OWN })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(callsMade()).toEqual(['GetAlternateContact own', 'PutAlternateContact own']);
  });

  test('says in the identity that it took a contact over', async () => {
    putByHand();
    expect(await deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY/took-over` });
    expect(contactOf()).toMatchObject(VALUES);
  });

  // A limit that the README names: should a rollback follow and this answer have come first, the contact stays.
  test('that is delivered twice finds what the first delivery put, and cannot tell it from what was there', async () => {
    expect(await deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY` });
    received = [];
    expect(await deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OWN}/SECURITY/took-over` });
    expect(contactOf()).toMatchObject(VALUES);
  });

  test('with OverwriteExisting false fails where another contact is set, and changes nothing', async () => {
    sandbox.contacts.put(MEMBER, { AlternateContactType: 'OPERATIONS', ...OTHER_VALUES });
    const { Status, Reason, PhysicalResourceId } = await deliver({ RequestType: 'Create' },
      { AccountId: MEMBER, AlternateContactType: 'OPERATIONS', OverwriteExisting: 'false' });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`Did not overwrite the OPERATIONS contact of account ${MEMBER}`);
    expect(PhysicalResourceId).toBe('AlternateContactSecurity/not-created');
    expect(callsMade()).not.toContain(`PutAlternateContact ${MEMBER}`);
    expect(contactOf(MEMBER, 'OPERATIONS')).toMatchObject(OTHER_VALUES);
  });

  test('with OverwriteExisting false puts where another resource of the stack holds the contact', async () => {
    putByHand();
    expect(await deliver({ RequestType: 'Create' }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
    expect(callsMade()).toEqual(['GetAlternateContact own', 'ListStackResources own', 'PutAlternateContact own']);
  });

  test.each<[string, object | undefined]>([['nothing', undefined], ['the same', VALUES]])('with OverwriteExisting false puts where %s is set', async (_, existing) => {
    if (existing) putByHand(OWN, VALUES);
    expect(await deliver({ RequestType: 'Create' }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
    expect(contactOf()).toMatchObject(VALUES);
  });
});

describe('Update', () => {
  test.each([`${OWN}/SECURITY`, `${OWN}/SECURITY/took-over`])('of %s puts once and keeps the id', async PhysicalResourceId => {
    putByHand();
    expect(await deliver({ RequestType: 'Update', PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(callsMade()).toEqual(['PutAlternateContact own']);
    expect(contactOf()).toMatchObject(VALUES);
  });

  test('does not mind OverwriteExisting: the contact is the own one', async () => {
    putByHand();
    expect(await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, { OverwriteExisting: 'false' })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('to another account is like a Create, and leaves the old contact to its Delete', async () => {
    putByHand(OWN);
    putByHand(MEMBER);
    expect(await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, { AccountId: MEMBER }))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${MEMBER}/SECURITY/took-over` });
    expect(callsMade()).toEqual([`GetAlternateContact ${MEMBER}`, `PutAlternateContact ${MEMBER}`]);
    expect(contactOf(OWN)).toMatchObject(OTHER_VALUES);
  });

  test('that fails keeps the id', async () => {
    sandbox.faults.add(fault('PutAlternateContact', 'ValidationException', 400));
    expect(await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${OWN}/SECURITY` });
  });
});

describe('Delete', () => {
  // The stack declares no operations contact: nothing in it holds one.
  test('deletes what the id says, whatever the properties say', async () => {
    for (const type of ['SECURITY', 'OPERATIONS'] as const) sandbox.contacts.put(OWN, { AlternateContactType: type, ...VALUES });
    const PhysicalResourceId = `${OWN}/OPERATIONS`;
    expect(await deliver({ RequestType: 'Delete', PhysicalResourceId }, { AlternateContactType: 'SECURITY' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(callsMade()).toEqual(['ListStackResources own', 'DeleteAlternateContact own']);
    expect(contactOf(OWN, 'OPERATIONS')).toBeUndefined();
    expect(contactOf(OWN, 'SECURITY')).toBeDefined();
  });

  test('of a contact that is missing is a success', async () => {
    expect(await deliver({ RequestType: 'Delete', PhysicalResourceId: `${MEMBER}/OPERATIONS` })).toMatchObject({ Status: 'SUCCESS' });
    expect(sandbox.calls.map(call => call.outcome)).toEqual(['ok', 'ResourceNotFoundException']);
  });

  test('does not read the properties: an older library may have written them', async () => {
    sandbox.contacts.put(OWN, { AlternateContactType: 'OPERATIONS', ...VALUES });
    expect(await deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, { AlternateContactType: 'x', Old: 'y', Name: '' }))
      .toMatchObject({ Status: 'SUCCESS' });
    expect(contactOf(OWN, 'OPERATIONS')).toBeUndefined();
  });

  test('that is delivered again after the resource was created anew leaves the contact', async () => {
    putByHand();
    expect(await deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY` })).toMatchObject({ Status: 'SUCCESS' });
    expect(callsMade()).toEqual(['ListStackResources own', 'DescribeStacks own']);
    expect(contactOf()).toMatchObject(OTHER_VALUES);
  });

  test('goes through where the engine shows the resource as live while it deletes it', async () => {
    putByHand();
    const stack = sandbox.stacks.find(stackId, OWN, 'eu-west-1')!;
    stack.setStatus('DELETE_IN_PROGRESS');
    try {
      await deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/SECURITY` });
    } finally {
      stack.setStatus('CREATE_COMPLETE');
    }
    expect(callsMade()).toEqual(['ListStackResources own', 'DescribeStacks own', 'DeleteAlternateContact own']);
    expect(contactOf()).toBeUndefined();
  });

  test.each([`${OWN}/SECURITY`, `${OWN}/SECURITY/took-over`])('of %s leaves the contact that another resource of the stack holds', async PhysicalResourceId => {
    putByHand();
    expect(await deliver({ RequestType: 'Delete', PhysicalResourceId, LogicalResourceId: 'Formerly' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(callsMade()).not.toContain('DeleteAlternateContact own');
    expect(contactOf()).toMatchObject(OTHER_VALUES);
  });

  test.each([
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, true],
    ['ROLLBACK_IN_PROGRESS', undefined, true],
    ['DELETE_IN_PROGRESS', 'The following resource(s) failed to create: [X]. Delete requested by user.', true],
    ['DELETE_IN_PROGRESS', 'User Initiated', false],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, false],
  ])('of a contact that was taken over, in a stack that is in %s (%s), leaves it: %s', async (status, reason, isLeft) => {
    sandbox.contacts.put(OWN, { AlternateContactType: 'OPERATIONS', ...VALUES });
    const stack = sandbox.stacks.find(stackId, OWN, 'eu-west-1')!;
    stack.setStatus(status, reason);
    try {
      expect(await deliver({ RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` })).toMatchObject({ Status: 'SUCCESS' });
    } finally {
      stack.setStatus('CREATE_COMPLETE');
    }
    expect(contactOf(OWN, 'OPERATIONS') !== undefined).toBe(isLeft);
    expect(callsMade()).toEqual(['DescribeStacks own', ...(isLeft ? [] : ['ListStackResources own', 'DeleteAlternateContact own'])]);
  });

  test.each(['AlternateContactSecurity/not-created', 'Stack-AlternateContactSecurity-1ABCDEF', OWN, `${OWN}/security`, `x${OWN}/SECURITY`, `${OWN}/SECURITY/x`])(
    'of %s calls nothing', async PhysicalResourceId => {
      putByHand();
      expect(await deliver({ RequestType: 'Delete', PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
      expect(callsMade()).toEqual([]);
      expect(contactOf()).toMatchObject(OTHER_VALUES);
    });
});

describe('errors', () => {
  const VERBS = [
    ['GetAlternateContact', { RequestType: 'Create' }, 'read the SECURITY contact'],
    ['PutAlternateContact', { RequestType: 'Create' }, 'set the SECURITY contact'],
    ['PutAlternateContact', { RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, 'set the SECURITY contact'],
    ['DeleteAlternateContact', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, 'delete the OPERATIONS contact'],
    ['ListStackResources', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS` }, 'ask the stack'],
    ['DescribeStacks', { RequestType: 'Delete', PhysicalResourceId: `${OWN}/OPERATIONS/took-over` }, 'ask the stack'],
  ] as const;
  const SHORT = { remaining: 15_000 }; // less than a further attempt needs
  const ERRORS: [string, number, string, string][] = [
    ['ValidationException', 400, `value ${VALUES.EmailAddress} at emailAddress failed`, "Compare the values with the service's limits"],
    ['AccessDeniedException', 403, 'User is not authorized (Your organization must first enable trusted access with AWS Account Management.)', 'enable-aws-service-access'],
    ['AccessDeniedException', 403, 'x (The management account can only be managed using the standalone context from the management account.)', 'deploy this contact in a stack of the management account'],
    ['AccessDeniedException', 403, 'x with an explicit deny in a service control policy', 'A service control policy'],
    ['TooManyRequestsException', 429, 'slow down', 'The quota of the organization was used up'],
    ['InternalServerException', 500, 'oops', 'deploy again'],
    ['ServiceUnavailable', 503, '', 'deploy again'],
    ['SomethingNew', 418, `about ${VALUES.PhoneNumber}\n{"forged":"line"}`, 'Deploy again'],
  ];
  test.each(VERBS.flatMap(([api, request, attempt]) =>
    ERRORS.map(([name, status, message, advice]) => ({ api, request, attempt, name, status, message, advice }))))(
    '$name $status of $api on $request.RequestType fails with advice: $advice', async ({ api, request, attempt, name, status, message, advice }) => {
      sandbox.contacts.put(OWN, { AlternateContactType: 'OPERATIONS', ...VALUES });
      sandbox.faults.add(fault(api, name, status, message));
      const { Status, Reason } = await deliver(request, {}, SHORT);
      expect(Status).toBe('FAILED');
      expect(Reason).toContain(`Could not ${attempt}`);
      expect(Reason).toContain(name);
      expect(Reason).toContain(advice);
      expect(Reason).not.toMatch(/\n/);
      expect(sandbox.calls.filter(call => call.api === api)).toHaveLength(1);
      expect(output.trimEnd().split('\n')).toHaveLength(1);
      expect(JSON.parse(output)).toMatchObject({ RequestType: request.RequestType, action: 'failed', Reason });
    });

  // Connections that drop are tested on the deployed function: under jest, the SDK does not take Node's own errors for errors.
  test.each(VERBS.flatMap(([api, request]) => (['429', '500'] as const).map(kind => ({ api, request, kind }))))(
    '$kind of $api on $request.RequestType is tried again until it succeeds', async ({ api, request, kind }) => {
      sandbox.faults.add({ api, kind, times: 3 });
      expect(await deliver(request)).toMatchObject({ Status: 'SUCCESS' });
      expect(sandbox.calls.filter(call => call.api === api)).toHaveLength(4);
    });

  test.each([
    ['of the own account', {}, "Check the permissions of the function's role"],
    ['of a member', { AccountId: MEMBER }, 'Only the management account, or the delegated administrator'],
    ['of an account outside the organization', { AccountId: '999999999999' }, 'Only the management account, or the delegated administrator'],
  ])('a bare AccessDenied %s is tried again for a minute, then fails with advice', async (_, properties, advice) => {
    const start = Date.now();
    let elapsed = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => start + (elapsed += 1000));
    sandbox.faults.add(fault('GetAlternateContact', 'AccessDeniedException', 403, 'User: x is not authorized to perform: account:GetAlternateContact'));
    const { Status, Reason } = await deliver({ RequestType: 'Create' }, properties, { remaining: 900_000 });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(advice);
    expect(Reason).toContain('The service said: User: x is not authorized to perform: account:GetAlternateContact');
    expect(elapsed).toBeGreaterThan(60_000);
    expect(elapsed).toBeLessThan(120_000);
    expect(sandbox.calls.length).toBeGreaterThan(3);
  });

  test('of a denial that repeats a value of the contact, the words are left out', async () => {
    sandbox.faults.add(fault('PutAlternateContact', 'AccessDeniedException', 403, `(denied for ${VALUES.Name})`));
    expect((await deliver({ RequestType: 'Create' })).Reason).not.toContain('The service said');
  });

  test('names the refused fields, and nothing else of a validation', async () => {
    sandbox.faults.add({ ...fault('PutAlternateContact', 'ValidationException', 400), message: VALUES.Name });
    const { Reason } = await deliver({ RequestType: 'Create' }, { EmailAddress: 'x@example.com' });
    expect(Reason).toContain('ValidationException');
  });

  test('a message of 9,000 characters leaves room for the advice', async () => {
    sandbox.faults.add(fault('PutAlternateContact', 'AccessDeniedException', 403, `(trusted access) ${'"é\\'.repeat(3000)}`));
    const { Reason } = await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` });
    expect(Reason).toContain('aws organizations enable-aws-service-access --service-principal account.amazonaws.com');
    expect(Reason!.length).toBeLessThanOrEqual(800);
  });

  test('a put that may have had an effect is left to the Delete of the failed Create', async () => {
    sandbox.faults.add({ api: 'PutAlternateContact', kind: '500', times: 1000 });
    expect(await deliver({ RequestType: 'Create' }, {}, SHORT)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${OWN}/SECURITY` });
  });

  test('but not where it took a contact over', async () => {
    putByHand();
    sandbox.faults.add({ api: 'PutAlternateContact', kind: '500', times: 1000 });
    expect(await deliver({ RequestType: 'Create' }, {}, SHORT)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'AlternateContactSecurity/not-created' });
  });
});

describe('input that was not checked at synthesis', () => {
  const email = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`;
  test.each<[string, unknown]>([
    ['Name', ''], ['Name', '  '], ['Name', 'n'.repeat(65)], ['Name', ['a']], ['Name', { a: 'b' }], ['Name', 7], ['Name', null], ['Name', 'a\u0000b'],
    ['Name', 'x\n{"RequestType":"Delete"}'], ['Name', '\u2028'], ['Title', 't'.repeat(51)], ['Title', ''], ['EmailAddress', email(255)],
    ['EmailAddress', 'nobody'], ['EmailAddress', 'a@example.com\nBcc: b@example.com'], ['PhoneNumber', '1'.repeat(26)], ['PhoneNumber', 'call me'],
    ['PhoneNumber', '1\n'], ['AlternateContactType', 'PRIMARY'], ['AlternateContactType', 'security'], ['AccountId', '1'], ['AccountId', ''],
    ['AccountId', `${OWN}\n`], ['OverwriteExisting', 'maybe'], ['OverwriteExisting', ''],
  ])('%s %j is refused by its name and rule, and nothing is called', async (property, value) => {
    const { Status, Reason } = await deliver({ RequestType: 'Create' }, { [property]: value });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`Nothing was changed: ${property} must be `);
    if (typeof value === 'string' && value.trim().length > 3) expect(Reason).not.toContain(value);
    expect(callsMade()).toEqual([]);
  });

  test.each<[string, string]>([['Name', 'n'.repeat(64)], ['Name', '😀'.repeat(64)], ['Title', 't'.repeat(50)], ['EmailAddress', email(254)], ['PhoneNumber', '1'.repeat(25)]])(
    '%s %j is put', async (property, value) => {
      expect(await deliver({ RequestType: 'Create' }, { [property]: value })).toMatchObject({ Status: 'SUCCESS' });
      expect(contactOf()).toMatchObject({ [property]: value });
    });

  test.each(['AlternateContactType', 'Name', 'Title', 'EmailAddress', 'PhoneNumber'])('a missing %s is refused', async property => {
    expect((await deliver({ RequestType: 'Create' }, { [property]: undefined })).Reason).toContain(`${property} must be `);
    expect(callsMade()).toEqual([]);
  });

  test.each(['Email', 'constructor', '__proto__x'])('an unknown property %s is refused', async property => {
    expect((await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` }, { [property]: 'x' })).Reason)
      .toContain(`${property} is no property of an alternate contact`);
    expect(callsMade()).toEqual([]);
  });
});

describe('the answer', () => {
  test.each<[string, (number | 'drop')[]]>([['refused twice', [500, 403]], ['dropped', ['drop', 'drop', 503]]])('is given again when it is %s', async (_, list) => {
    refusals = list;
    expect(await deliver({ RequestType: 'Create' })).toMatchObject({ Status: 'SUCCESS' });
    expect(callsMade()).toHaveLength(2);
  });

  test('is given in time when the service does not answer', async () => {
    sandbox.faults.add({ api: 'GetAlternateContact', kind: 'slow', seconds: 5 });
    const start = Date.now();
    expect(await deliver({ RequestType: 'Create' }, {}, { remaining: 11_000 })).toMatchObject({ Status: 'FAILED' });
    expect(Date.now() - start).toBeLessThan(4_000);
    await sandbox.idle();
  });

  test('that is never taken is an error, so that Lambda delivers the event again', async () => {
    refusals = Array(1000).fill(500);
    await expect(deliver({ RequestType: 'Delete', PhysicalResourceId: 'x' }, {}, { remaining: 700 })).rejects.toThrow('The answer was refused with HTTP 500');
  });

  test('tells the log what was done, in one line of JSON', async () => {
    await deliver({ RequestType: 'Create' });
    expect(JSON.parse(output)).toEqual({
      RequestType: 'Create', LogicalResourceId: 'AlternateContactSecurity', RequestId: 'request-1', PhysicalResourceId: `${OWN}/SECURITY`, action: 'put',
    });
  });

  test('is given to the same event twice', async () => {
    const first = await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` });
    received = [];
    expect(await deliver({ RequestType: 'Update', PhysicalResourceId: `${OWN}/SECURITY` })).toEqual(first);
  });

  test('of an error that nobody foresaw says its name only', async () => {
    jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => { throw new TypeError(`about ${VALUES.Name}`); });
    expect((await deliver({ RequestType: 'Create' })).Reason).toMatch(/^Could not read the SECURITY contact.*TypeError/);
  });
});
