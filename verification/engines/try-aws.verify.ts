import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BACKENDS } from './account-backends';
import { startMinistack } from './ministack';
import { Closers, closeWorkbench, openWorkbench, OWN_ACCOUNT, Workbench } from './workbench';
import { REGION } from '../../demo/story';
import { ask } from '../aws/asked';
import { Chapter, CHAPTERS } from '../aws/chapters';
import type { CheckResult } from '../aws/checks';
import { Aws, connect } from '../aws/clients';
import { readContacts, writeContact } from '../aws/contacts';
import { tryOwnAccount } from '../aws/own-account';
import { fileFor } from '../aws/safe-keeping';
import { stacksLeft } from '../aws/stacks';
import { testStates } from '../aws/test-states';
import { visitsInSandbox } from '../aws/visits';
import { ROOT } from '../tools/packages';
import { freePort, run, startServer } from '../tools/processes';

/** ministack forgets a resource that it could not create, where AWS sends a Delete for it. */
const MISSING = ['Delete AlternateContactOperations: nothing'];
const REAL = { Name: 'Somebody', Title: 'Head of Billing', EmailAddress: 'somebody@example.org', PhoneNumber: '+1 555 0199' };

function onMinistack(chapter: Chapter): Chapter {
  return { ...chapter, events: chapter.events?.filter(event => !MISSING.includes(event)) };
}

const closers: Closers = [];
let workbench: Workbench;
let aws: Aws;
/** The environment of a person who runs the command here. */
let env: { [name: string]: string | undefined };
beforeAll(async () => {
  workbench = await openWorkbench(REGION);
  const account = await BACKENDS.moto(workbench);
  closers.push(() => account.close());
  const engine = await startMinistack(workbench, account);
  const home = join(workbench.directory, 'home');
  mkdirSync(home);
  env = { ...workbench.env, HOME: home, AWS_ENDPOINT_URL: engine, AWS_ENDPOINT_URL_ACCOUNT: account.url };
  Object.assign(process.env, env);
  aws = await connect(REGION) as Aws;
});
afterAll(() => closeWorkbench(workbench, closers));

const COMMAND = [join(ROOT, 'node_modules', '.bin', 'tsx'), join(ROOT, 'verification', 'aws', 'try.ts')];
const tryAws = (...options: string[]) => run([...COMMAND, '--account', OWN_ACCOUNT, ...options], { cwd: ROOT, env });

describe('npx projen try:aws, on ministack with the alternate contacts of moto', () => {
  test('ends every chapter as it must', async () => {
    const results: CheckResult[] = [];
    await tryOwnAccount(aws, result => results.push(result), { directory: workbench.directory, logSeconds: 1, change: onMinistack });
    expect(results.filter(({ differences }) => differences.length)).toEqual([]);
    expect(results.map(({ check }) => check)).toEqual(CHAPTERS.map(({ check }) => check));
  });

  test('touches no account but the one that it is given', async () => {
    const { code, output } = await run([...COMMAND, '--account', '999999999999', '--yes'], { cwd: ROOT, env });
    expect(code).toBe(1);
    expect(output).toContain(`The credentials belong to account ${OWN_ACCOUNT}, not to 999999999999. Nothing was done.`);
  });

  test('touches no contact that holds real values without --overwrite', async () => {
    await writeContact(aws.account, 'BILLING', REAL);
    const { code, output } = await tryAws('--yes', '--only', 'own-account');
    expect(code).toBe(1);
    expect(output).toContain('The account has a contact for BILLING.');
    expect(await readContacts(aws.account)).toEqual({ BILLING: expect.objectContaining(REAL) });
    expect(existsSync(fileFor(aws, env.HOME))).toBe(false);
  });

  test('killed at any moment, it leaves nothing that --clean and --give-back do not set right', async () => {
    const [program, ...options] = [...COMMAND, '--account', OWN_ACCOUNT, '--yes', '--overwrite', '--only', 'own-account'];
    // In the foreground of nobody: SIGKILL ends it, as a laptop that is closed would, and leaves the CDK CLI to itself.
    const child = spawn(program, options, { cwd: ROOT, env: env as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      if (chunk.toString().includes('as assumed  create')) { break; }
    }
    process.kill(-(child.pid as number), 'SIGKILL');
    await sleep(1_000);

    const file = fileFor(aws, env.HOME);
    expect(statSync(file).mode % 0o1000).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(REAL.EmailAddress);
    expect((await readContacts(aws.account)).BILLING).not.toMatchObject(REAL);
    expect((await tryAws('--yes', '--overwrite', '--only', 'own-account')).output).toContain(`--give-back ${file}`);

    expect((await tryAws('--clean')).code).toBe(0);
    expect(await stacksLeft(aws)).toEqual([]);
    expect((await tryAws('--give-back', file)).code).toBe(0);
    expect(await readContacts(aws.account)).toEqual({ BILLING: expect.objectContaining(REAL) });
    expect(existsSync(file)).toBe(false);
  });
});

describe('what is only asked, with a server that checks it against the models of AWS', () => {
  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = [join(workbench.bin, 'python'), join(__dirname, 'model_server.py'), String(port)];
    await startServer('models', server, workbench.env, url, join(workbench.directory, 'models.log'));
    Object.assign(process.env, { AWS_ENDPOINT_URL: url });
  });

  test('every request is valid', async () => {
    const results: CheckResult[] = [];
    await ask(aws, result => results.push(result));
    expect(results.map(({ check }) => check)).toEqual(['validate-definition', 'test-states', 'validate-policies']);
    const [definition, states, policies] = results;
    expect([definition.differences, policies.differences]).toEqual([[], []]);
    // The server gives a meaningless answer to each.
    expect(states.differences.length).toBeGreaterThan(30);
    expect(states.differences.filter(difference => !/ goes to nowhere, in the sandbox to /.test(difference))).toEqual([]);
  });

  test('an invalid request is refused', async () => {
    const { definition, visits: [visit] } = await visitsInSandbox();
    const { differences } = await testStates(aws, { definition, visits: [{ ...visit, state: { ...visit.state, name: 'x'.repeat(81) } }] });
    expect(differences).toEqual([expect.stringMatching(/FAILED with ValidationException$/)]);
  });
});
