import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../tools/packages';

const JEST = join(ROOT, 'node_modules', '.bin', 'jest');
/** The steps of this project. */
const STEPS = readFileSync(join(ROOT, '.ci', 'steps'), 'utf8');

/** A project with a copy of `.ci/run`. */
let directory: string;
let run: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ci-test-'));
  run = join(directory, '.ci', 'run');
  writeFileSync(join(directory, 'package.json'), '{}');
  mkdirSync(join(directory, '.ci'));
  cpSync(join(ROOT, '.ci', 'run'), run);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const stepsOf = (...lines: string[]) => `tools() { :; }\nsteps() {\n${lines.join('\n')}\n}\n`;

function write(steps: string): void {
  writeFileSync(join(directory, '.ci', 'steps'), steps);
}

const lastLineOf = (output: string) => output.trimEnd().split('\n').pop();

/** Runs the copy with other steps, from another directory. */
function ci(steps: string, env = process.env) {
  write(steps);
  const { status, stdout, stderr } = spawnSync('/bin/bash', [run], { encoding: 'utf8', timeout: 300_000, env });
  return { code: status, output: stdout + stderr, lastLine: lastLineOf(stdout) };
}

/** A step that runs jest on files of tests with the given text. */
function jest(...files: string[]): string {
  files.forEach((text, index) => writeFileSync(join(directory, `${index}.test.js`), text));
  return `tests 5m tests ${JEST} --passWithNoTests`;
}

const PASSES = "test('passes', () => undefined);";
const FAILS = "test('fails', () => { throw new Error('on purpose'); });";
const UNLOADABLE = "require('./missing');";
const LEFT_OUT = "test.skip('left out', () => undefined);";
// The kernel ends the child in its own time, and where nobody reaps it, it is left as a zombie.
const CHILD_IS_OVER = 'for _ in {1..50}; do state=$(ps -o stat= -p "$(cat child)"); [[ ! $state || $state == Z* ]] && exit; sleep 0.1; done; exit 1';

test.each<[string, number, string, () => string[], ...string[]]>([
  ['adds up its steps', 0, '3 passed, 0 failed', () => ['step 1m build true', jest(`${PASSES} ${PASSES}`)]],
  [
    'counts tests that pass, fail and do not run, and names those that do not run', 1, '2 passed, 1 failed, 2 skipped',
    () => [jest(PASSES, FAILS, `${PASSES} ${LEFT_OUT} test.todo('to come');`)],
    'not run (pending): left out', 'not run (todo): to come',
  ],
  [
    'shows the tests that test.only keeps from running', 0, '1 passed, 0 failed, 1 skipped',
    () => [jest(`${PASSES} test.only('alone', () => undefined);`)],
  ],
  [
    'goes on after a step that fails', 1, '1 passed, 1 failed', () => ['step 1m build false', 'step 1m demo true'],
    'FAILED: step "build" ended with 1',
  ],
  ['fails if a step finds no tests', 1, '0 passed, 1 failed', () => [jest()], 'FAILED: step "tests" ran no test'],
  ['fails if a step skips all of its tests', 1, '0 passed, 1 failed, 1 skipped', () => [jest(LEFT_OUT)], 'FAILED: step "tests" ran no test'],
  ['fails if there are no steps', 1, '0 passed, 0 failed', () => [':']],
  ['fails if its list of steps is not bash', 1, '0 passed, 1 failed', () => ['('], 'FAILED: cannot start'],
  ['counts each file of tests that cannot be loaded as a failure', 1, '1 passed, 2 failed', () => [jest(PASSES, UNLOADABLE, UNLOADABLE)]],
  [
    'fails if a step that runs jest leaves no report', 1, '1 passed, 1 failed',
    () => [jest(PASSES), 'tests 1m judges echo 5 passed, 0 failed'],
    'FAILED: step "judges" has no report',
  ],
  [
    'fails if a step ends badly after tests that passed', 1, '1 passed, 1 failed',
    () => [jest(PASSES).replace(JEST, `bash -c '${JEST} "$@"; exit 3' jest`)],
    'FAILED: step "tests" ended with 3',
  ],
  [
    'ends a step that takes too long, with its children, and goes on to the next', 1, '1 passed, 1 failed',
    () => ["step 1s hangs bash -c 'sleep 60 > /dev/null 2>&1 & echo $! > child; wait'", `step 1m next bash -c '${CHILD_IS_OVER}'`],
    'FAILED: step "hangs" was killed: it may take 1s',
  ],
])('CI %s', (_, code, lastLine, steps, ...texts) => {
  const { output, ...ended } = ci(stepsOf(...steps()));
  expect(ended).toEqual({ code, lastLine });
  for (const text of texts) { expect(output).toContain(text); }
});

test('CI that is interrupted ends its step, and fails with the counts so far', async () => {
  write(stepsOf('step 1m first true', "step 5m second bash -c 'echo waiting; sleep 100'", 'step 1m third true'));
  const child = spawn('/bin/bash', [run]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    // More than once, as the impatient do.
    if (/^waiting$/m.test(output)) { child.kill('SIGTERM'); }
  });
  // Whatever the step started, too, has closed its output.
  await new Promise(resolve => { child.on('close', resolve); });
  expect({ code: child.exitCode, lastLine: lastLineOf(output) }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI names what is missing before any step runs where nothing but Node.js and the basic commands of the system is installed', () => {
  const PATH = join(directory, 'bin');
  mkdirSync(PATH);
  for (const command of ['dirname', 'mktemp', 'node', 'rm', 'timeout']) {
    symlinkSync(execFileSync('/bin/bash', ['-c', `type -P ${command}`], { encoding: 'utf8' }).trim(), join(PATH, command));
  }
  expect(ci(stepsOf('step 1m build node --version'), { PATH })).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
  const { code, output, lastLine } = ci(STEPS, { PATH });
  const missing = [...output.matchAll(/^FAILED: (.+) is missing, because this fails: /gm)].map(([, tool]) => tool);
  expect(missing).toEqual(['npm', 'Git', 'Python 3 with venv and pip', 'Go', 'Maven', 'a JDK (javac)']);
  expect(output).not.toContain('==');
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '0 passed, 6 failed' });
});

test('the last step fails, and names them, if a file has changed or is new', () => {
  const lastStep = stepsOf(STEPS.split('\n').filter(line => line.startsWith('  ')).pop() ?? '');
  const git = (...options: string[]) => execFileSync('git', ['-C', directory, '-c', 'user.name=CI', '-c', 'user.email=ci@example.com', ...options]);
  write(lastStep);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  expect(ci(lastStep)).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
  for (const [file, line] of [['package.json', ' M package.json\n'], ['new.json', '?? new.json\n']]) {
    appendFileSync(join(directory, file), '\n');
    const { output, ...ended } = ci(lastStep);
    expect(ended).toEqual({ code: 1, lastLine: '0 passed, 1 failed' });
    expect(output).toContain(line);
    git('stash', '--quiet', '--include-untracked');
  }
});
