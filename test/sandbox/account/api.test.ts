import { StoredContact, Sandbox, SandboxOptions } from '../../../sandbox';
import { ContactOptions } from '../../../sandbox/account/contacts';
import { openSandbox } from '../../open-sandbox';
import { SteppedClock } from '../../stepped-clock';
import { functionOf, MANAGEMENT, MEMBER } from '../functions';

const CONTACT: StoredContact = { AlternateContactType: 'SECURITY', Name: 'Team', Title: 'On call', EmailAddress: 'team@example.com', PhoneNumber: '+1 555 0100' };
/** Sends one command with the real client, and returns its output or the error's name, status and message. */
const SEND = `
const sdk = require('@aws-sdk/client-account');
const cloudFormation = require('@aws-sdk/client-cloudformation');
exports.handler = async ({ client = {}, command, input, service = 'account' }) => {
  const Client = service === 'account' ? sdk.AccountClient : cloudFormation.CloudFormationClient;
  const Command = { ...sdk, ...cloudFormation }[command + 'Command'];
  try {
    const { $metadata, ...output } = await new Client({ maxAttempts: 1, ...client }).send(new Command(input));
    return output;
  } catch (error) {
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  }
};`;

let sandbox: Sandbox;
let arn: string;
const start = async (options: Partial<SandboxOptions> = {}, place: { account?: string; region?: string } = {}) => {
  sandbox = await openSandbox({ managementAccount: MANAGEMENT, memberAccounts: [MEMBER], timeScale: 20, reuseProcesses: true, ...options });
  arn = await functionOf(sandbox, SEND, place);
};
afterEach(() => sandbox.close());

const send = async (command: string, input: object, more: object = {}) => (await sandbox.lambda.invoke(arn, { command, input, ...more })).result;
const get = (input: object = {}, more: object = {}) => send('GetAlternateContact', { AlternateContactType: 'SECURITY', ...input }, more);
const put = (input: object = {}) => send('PutAlternateContact', { ...CONTACT, ...input });
const remove = (input: object = {}) => send('DeleteAlternateContact', { AlternateContactType: 'SECURITY', ...input });
const MISSING = { name: 'ResourceNotFoundException', status: 404 };

describe('endpoints', () => {
  test.each([
    ['us-east-1', {}],
    ['eu-west-1', {}],
    ['eu-west-1', { useDualstackEndpoint: true }],
    ['cn-north-1', {}],
    ['cn-north-1', { useDualstackEndpoint: true }],
    ['us-gov-east-1', {}],
    ['eusc-de-east-1', {}],
  ])('a function in %s with the client %p reaches Account Management, and CloudFormation in its region', async (region, client) => {
    await start({}, { region });
    expect(await get({}, { client })).toMatchObject(MISSING);
    expect(await send('DescribeStacks', {}, { client, service: 'cloudformation' })).toMatchObject({ Stacks: [{ StackName: 'functions', StackStatus: 'CREATE_COMPLETE' }] });
  });

  test('CloudFormation finds only the stacks of its region', async () => {
    await start({}, { region: 'eu-west-1' });
    const describe = (StackName: string, region: string) => send('DescribeStacks', { StackName }, { client: { region }, service: 'cloudformation' });
    expect(await describe('functions', 'eu-west-1')).toMatchObject({ Stacks: [{ StackName: 'functions' }] });
    expect(await describe('functions', 'us-east-1')).toEqual({ name: 'ValidationError', message: 'Stack with id functions does not exist', status: 400 });
  });

  test.each([
    ['https://account.eu-west-1.amazonaws.com'], ['https://account.amazonaws.com'], ['https://cloudformation.eu-west-9.example.com'],
    ['https://sts.us-east-1.amazonaws.com'],
  ])('there is no host %s', async endpoint => {
    await start();
    expect(await get({}, { client: { endpoint } })).toMatchObject({ message: expect.stringContaining(`getaddrinfo ENOTFOUND ${new URL(endpoint).host}`) });
  });

  test('a function cannot fetch from any other host', async () => {
    await start();
    const fetching = await functionOf(sandbox, 'exports.handler = async () => fetch("https://example.com").catch(error => error.cause.code);', { stackName: 'fetch' });
    expect(await sandbox.lambda.invoke(fetching, {})).toEqual({ result: 'ENOTFOUND' });
  });

  test('a signature for another region or service is refused', async () => {
    await start({}, { region: 'eu-west-1' });
    const endpoint = 'https://account.us-east-1.amazonaws.com';
    expect(await get({}, { client: { endpoint } })).toEqual({ name: 'InvalidSignatureException', message: 'Credential should be scoped to a valid region. ', status: 403 });
    expect(await send('DescribeStacks', {}, { client: { endpoint: 'https://cloudformation.us-east-1.amazonaws.com' }, service: 'cloudformation' }))
      .toEqual({ name: 'SignatureDoesNotMatch', message: 'Credential should be scoped to a valid region. ', status: 403 });
    const byHand = await functionOf(sandbox, `const https = require('node:https');
      exports.handler = ({ host, path, service }) => new Promise((resolve, reject) => {
        const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/' + service + '/aws4_request';
        https.request({ host, path, method: 'POST', headers: { authorization } }, async response => {
          const chunks = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve(response.statusCode + ' ' + Buffer.concat(chunks));
        }).on('error', reject).end('{}');
      });`, { stackName: 'by-hand' });
    for (const [service, path] of [['account', '/getAlternateContact'], ['cloudformation', '/']]) {
      const { result } = await sandbox.lambda.invoke(byHand, { host: `${service}.us-east-1.amazonaws.com`, path, service: 'iam' });
      expect(result).toMatch(/^403 /);
      expect(result).toContain(`Credential should be scoped to correct service: '${service}'. `);
    }
  });

  test('credentials of one partition are unknown in another', async () => {
    await start();
    expect(await get({}, { client: { region: 'cn-north-1' } })).toMatchObject({ name: 'UnrecognizedClientException', status: 403 });
    expect(await send('DescribeStacks', {}, { client: { region: 'cn-north-1' }, service: 'cloudformation' })).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
  });

  test('a handler in the process of the test reaches the services by the endpoints in its environment', async () => {
    await start({}, { region: 'eu-west-1' });
    const { AWS_ENDPOINT_URL_ACCOUNT, AWS_ENDPOINT_URL_CLOUDFORMATION } = sandbox.environmentOf(arn);
    expect([AWS_ENDPOINT_URL_ACCOUNT, AWS_ENDPOINT_URL_CLOUDFORMATION]).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
    expect(await get({}, { client: { endpoint: AWS_ENDPOINT_URL_ACCOUNT } })).toMatchObject(MISSING);
    const environment = await functionOf(sandbox, 'exports.handler = async () => Object.keys(process.env).filter(name => name.includes("ENDPOINT"));', { stackName: 'environment' });
    expect(await sandbox.lambda.invoke(environment, {})).toEqual({ result: [] });
  });
});

describe('reads with a delay', () => {
  const values = (Name: string) => ({ AlternateContact: { ...CONTACT, Name } });
  let clock: SteppedClock;
  /** Time stands still while calls are made, however long they take. */
  const startStopped = async (options: ContactOptions) => {
    clock = new SteppedClock(1);
    await start({ clock, ...options });
    clock.stop();
  };

  test('see a write or a deletion only after the delay', async () => {
    await startStopped({ readDelaySeconds: 30 });
    await put();
    expect(await get()).toMatchObject(MISSING);
    clock.advance(31);
    expect(await get()).toEqual(values('Team'));
    await remove();
    expect(await get()).toEqual(values('Team'));
    expect(await remove()).toMatchObject(MISSING);
    clock.advance(31);
    expect(await get()).toMatchObject(MISSING);
  });

  test('see each write after its delay, and never before an earlier write', async () => {
    const delays = [20, 80, 0];
    await startStopped({ readDelaySeconds: () => delays.shift() ?? 0 });
    await put({ Name: 'one' });
    await put({ Name: 'two' });
    await put({ Name: 'three' });
    expect(await get()).toMatchObject(MISSING);
    clock.advance(25);
    expect(await get()).toEqual(values('one'));
    clock.advance(60);
    expect(await get()).toEqual(values('three'));
  });

  test('from several replicas may return to an older value', async () => {
    const replicas = [0, 1, 0.5, 0.5, 1];
    await startStopped({ readDelaySeconds: 60, readReplica: () => replicas.shift() ?? 1 });
    await put();
    expect(await get()).toEqual(values('Team'));
    expect(await get()).toMatchObject(MISSING);
    expect(await get()).toMatchObject(MISSING);
    clock.advance(31);
    expect(await get()).toEqual(values('Team'));
    expect(await get()).toMatchObject(MISSING);
    clock.advance(30);
    expect(await get()).toEqual(values('Team'));
  });

  test('see changes by hand, and everything before them, at once', async () => {
    await startStopped({ readDelaySeconds: 30 });
    await put();
    sandbox.contacts.delete(MANAGEMENT, 'SECURITY');
    await put({ Name: 'later' });
    expect(await get()).toMatchObject(MISSING);
    sandbox.contacts.put(MANAGEMENT, { ...CONTACT, Name: 'by hand' });
    expect(await get()).toEqual(values('by hand'));
    clock.advance(31);
    expect(await get()).toEqual(values('by hand'));
  });
});

describe('an account that is closed or has left the organization', () => {
  const denied = (action: string) => ({
    name: 'AccessDeniedException',
    status: 403,
    message: expect.stringMatching(new RegExp(`^User: arn:aws:sts::${MANAGEMENT}:assumed-role/\\S+ is not authorized to perform: account:${action}AlternateContact$`)),
  });

  test('can be read, but not changed, if it is closed', async () => {
    await start();
    expect(await put({ AccountId: MEMBER })).toEqual({});
    sandbox.organization.close(MEMBER);
    expect(await get({ AccountId: MEMBER })).toEqual({ AlternateContact: CONTACT });
    expect(await put({ AccountId: MEMBER })).toEqual(denied('Put'));
    expect(await remove({ AccountId: MEMBER })).toEqual(denied('Delete'));
    expect(sandbox.contacts.get(MEMBER, 'SECURITY')).toEqual(CONTACT);
  });

  test('can be managed only from itself, if it has left', async () => {
    await start();
    const own = await functionOf(sandbox, SEND, { account: MEMBER });
    sandbox.organization.leave(MEMBER);
    expect(await get({ AccountId: MEMBER })).toEqual(denied('Get'));
    expect(await put({ AccountId: MEMBER })).toEqual(denied('Put'));
    expect(await remove({ AccountId: MEMBER })).toEqual(denied('Delete'));
    expect((await sandbox.lambda.invoke(own, { command: 'PutAlternateContact', input: CONTACT })).result).toEqual({});
  });

  test('is closed if CloudFormation deletes it', async () => {
    await start();
    const template = { Resources: { Account: { Type: 'AWS::Organizations::Account', Properties: { AccountName: 'shop', Email: 'shop@example.com' } } } };
    await sandbox.deploy({ stackName: 'vending', account: MANAGEMENT, template, accountIds: { Account: '444444444444' } });
    expect(await put({ AccountId: '444444444444' })).toEqual({});
    await sandbox.destroy({ stackName: 'vending', account: MANAGEMENT });
    expect(await put({ AccountId: '444444444444' })).toEqual(denied('Put'));
  });
});

describe('an account that was just created', () => {
  test('can neither be read nor changed until its access delay is over', async () => {
    const clock = new SteppedClock(1);
    await start({ clock, accessDelaySeconds: 180 });
    clock.stop();
    const AccountId = sandbox.tree.createAccount();
    const denied = { name: 'AccessDeniedException', status: 403, message: expect.stringMatching(/is not authorized to perform: account:\w+$/) };
    expect([await get({ AccountId }), await put({ AccountId }), await remove({ AccountId })]).toEqual([denied, denied, denied]);
    clock.advance(180);
    expect(await get({ AccountId })).toMatchObject(MISSING);
    expect(await put({ AccountId })).toEqual({});
  });
});
