import { join } from 'node:path';
import { parseCommandLine } from './command-line';
import { minutesOf, mustLast, planOf } from './plan';
import { isTestValue, testContact } from './test-values';
import { ROOT } from '../tools/packages';
import { run } from '../tools/processes';

/** Without any credentials, wherever the SDK looks for them. */
const WITHOUT = {
  PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
const command = (...options: string[]) =>
  run([join(ROOT, 'node_modules', '.bin', 'tsx'), join(ROOT, 'verification', 'aws', 'try.ts'), ...options], { cwd: ROOT, env: WITHOUT });

test('without credentials it says what it needs and would do, and succeeds', async () => {
  const { code, output } = await command();
  expect(output).toMatch(/^There are no AWS credentials\. With those of an account that you may change, this deploys, edits and destroys/);
  expect(output).toContain('Usage: npx projen try:aws --account ID');
  expect(code).toBe(0);
});

test('without credentials --yes fails, because it was meant to do something', async () => {
  expect((await command('--yes', '--account', '111111111111')).code).toBe(1);
});

test.each([
  [['--only', 'asked,everything'], '--only knows asked, role, own-account; got everything'],
  [['--account', '1234'], '--account must be an id of 12 digits; got 1234'],
  [['--role', 'reader'], '--role must be the ARN of a role; got reader'],
  [['--force'], "Unknown option '--force'"],
])('it refuses the arguments %j', (options, message) => {
  expect(() => parseCommandLine(options)).toThrow(message);
});

test('it does not start with credentials that may expire before it ends', () => {
  const now = new Date('2030-01-01T00:00:00Z');
  const inMinutes = (minutes: number) => ({ expiration: new Date(now.getTime() + minutes * 60_000) });
  const needed = minutesOf(['asked', 'own-account']);
  expect(() => mustLast(inMinutes(needed), ['asked', 'own-account'], now)).not.toThrow();
  const short = `expire in ${needed - 1} minutes, and this may take ${needed}`;
  expect(() => mustLast(inMinutes(needed - 1), ['asked', 'own-account'], now)).toThrow(short);
  expect(() => mustLast(inMinutes(-5), ['asked'], now)).toThrow('expire in 0 minutes');
  expect(() => mustLast({}, ['asked', 'role', 'own-account'], now)).not.toThrow();
});

test('the plan names account, region, time, cost, what is created, what is overwritten, and what to do if it is interrupted', () => {
  const aws = { accountId: '111111111111', region: 'eu-west-1' } as Parameters<typeof planOf>[0];
  const real = { Name: 'Somebody', EmailAddress: 'somebody@example.org' };
  const left = { Name: testContact('x').name, EmailAddress: testContact('x').emailAddress };
  const plan = planOf(aws, parseCommandLine([]), { BILLING: real, SECURITY: left }, '/home/me/kept');
  expect(plan).toContain(`Account 111111111111, region eu-west-1, at most ${minutesOf(['asked', 'role', 'own-account'])} minutes:`);
  expect(plan).toContain('- asked: asks whether AWS accepts the definitions and the policies. It creates nothing.');
  expect(plan).toContain('The contacts for BILLING are overwritten with test values. /home/me/kept keeps them meanwhile');
  expect(plan).toContain('It costs less than 0.01 USD.');
  expect(plan).toContain('npx projen try:aws --account 111111111111 --clean, then --give-back /home/me/kept');
  expect(plan).not.toContain('Somebody');
  expect(planOf(aws, parseCommandLine(['--only', 'asked']), {}, '/home/me/kept')).not.toContain('contacts for');
});

test('only its own contacts are test values', () => {
  const { name, emailAddress } = testContact('soc');
  expect(isTestValue({ Name: name, EmailAddress: emailAddress })).toBe(true);
  expect(isTestValue({ Name: name, EmailAddress: 'soc@example.org' })).toBe(false);
  expect(isTestValue({ Name: 'Somebody', EmailAddress: emailAddress })).toBe(false);
});
