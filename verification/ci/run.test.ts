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

/** Writes the file that names the tools and the steps. */
function write(text: string): void {
  writeFileSync(join(directory, '.ci', 'steps'), text);
}

const lastLineOf = (output: string) => output.trimEnd().split('\n').pop() ?? '';

/** Runs what is written, from another directory. */
function ci(text: string, env = process.env): { code: number | null; output: string; lastLine: string } {
  write(text);
  const { status, stdout, stderr } = spawnSync('/bin/bash', [run], { encoding: 'utf8', timeout: 300_000, env });
  return { code: status, output: stdout + stderr, lastLine: lastLineOf(stdout) };
}

const steps = (...lines: string[]) => `tools() { needs Bash true; }\nsteps() {\n${lines.join('\n')}\n}\n`;

/** A step that runs jest on files of tests with the given text. */
function jest(...files: string[]): string {
  files.forEach((text, index) => writeFileSync(join(directory, `${index}.test.js`), text));
  return `tests 5m tests ${JEST} --passWithNoTests`;
}

const PASSES = "test('passes', () => undefined);";
const FAILS = "test('fails', () => { throw new Error('on purpose'); });";

test('CI counts tests that pass, fail and do not run, and names those that do not run', () => {
  const { code, output, lastLine } = ci(steps(jest(PASSES, FAILS, `${PASSES} test.skip('left out', () => undefined); test.todo('to come');`)));
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '2 passed, 1 failed, 2 skipped' });
  expect(output).toContain('not run (pending): left out');
  expect(output).toContain('not run (todo): to come');
});

test('CI passes with what passed, and adds up its steps', () => {
  const { code, lastLine } = ci(steps('step 1m build true', jest(`${PASSES} ${PASSES}`)));
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '3 passed, 0 failed' });
});

test('CI goes on after a step that fails', () => {
  const { code, output, lastLine } = ci(steps('step 1m build false', 'step 1m demo true'));
  expect(output).toContain('FAILED: step "build" ended with 1');
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI shows the tests that test.only keeps from running', () => {
  expect(ci(steps(jest(`${PASSES} test.only('alone', () => undefined);`))).lastLine).toBe('1 passed, 0 failed, 1 skipped');
});

test.each([
  ['finds no tests', () => jest()],
  ['skips all of its tests', () => jest("test.skip('left out', () => undefined);")],
])('CI fails if a step %s', (_, step) => {
  const { code, output, lastLine } = ci(steps(step()));
  expect(code).toBe(1);
  expect(output).toContain('FAILED: step "tests" ran no test');
  expect(lastLine).toMatch(/^0 passed, 1 failed/);
});

test.each([
  ['there are no steps', steps(':'), 0],
  ['the list of steps is not bash', 'steps() {', 1],
])('CI fails if %s', (_, text, failed) => {
  expect(ci(text)).toMatchObject({ code: 1, lastLine: `0 passed, ${failed} failed` });
});

test('CI counts a file of tests that cannot be loaded as a failure', () => {
  const { code, lastLine } = ci(steps(jest(PASSES, "require('./missing');")));
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI fails if a step that runs jest leaves no report', () => {
  const { code, output, lastLine } = ci(steps(jest(PASSES), 'tests 1m judges echo 5 passed, 0 failed'));
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
  expect(output).toContain('FAILED: step "judges" has no report');
});

test('CI fails if a step ends badly after tests that passed', () => {
  jest(PASSES);
  const { code, lastLine } = ci(steps(`tests 5m tests bash -c '${JEST} "$@"; exit 3' jest`));
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI ends a step that takes too long, with its children, and goes on to the next', () => {
  // The kernel ends the child in its own time, and where nobody reaps it, it is left as a zombie.
  const isOver = 'for _ in {1..50}; do state=$(ps -o stat= -p "$(cat child)"); [[ ! $state || $state == Z* ]] && exit; sleep 0.1; done; exit 1';
  const { code, output, lastLine } = ci(steps(
    "step 1s hangs bash -c 'sleep 60 > /dev/null 2>&1 & echo $! > child; wait'",
    `step 1m next bash -c '${isOver}'`,
  ));
  expect(output).toContain('FAILED: step "hangs" was killed: it may take 1s');
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI that is interrupted ends its step, and fails with the counts so far', async () => {
  write(steps('step 1m first true', "step 1h second bash -c 'echo waiting; sleep 3600'", 'step 1m third true'));
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
}, 60_000);

describe('where nothing but Node.js and the basic commands of the system is installed', () => {
  let onlyBasics: NodeJS.ProcessEnv;
  beforeEach(() => {
    const PATH = join(directory, 'bin');
    mkdirSync(PATH);
    for (const command of ['dirname', 'mktemp', 'node', 'rm', 'timeout']) {
      symlinkSync(execFileSync('/bin/bash', ['-c', `type -P ${command}`], { encoding: 'utf8' }).trim(), join(PATH, command));
    }
    onlyBasics = { PATH };
  });

  test('CI names what is missing before any step runs', () => {
    const { code, output, lastLine } = ci(STEPS, onlyBasics);
    const missing = [...output.matchAll(/^FAILED: (.+) is missing, because this fails: /gm)].map(([, tool]) => tool);
    expect(missing).toEqual(['npm', 'Git', 'Python 3 with venv and pip', 'Go', 'Maven', 'a JDK (javac)']);
    expect(output).not.toContain('==');
    expect({ code, lastLine }).toEqual({ code: 1, lastLine: '0 passed, 6 failed' });
  });

  test('CI runs steps that need no more', () => {
    expect(ci(steps('step 1m build node --version'), onlyBasics)).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
  });
});

describe('the last step', () => {
  const lastStep = STEPS.split('\n').filter(line => line.startsWith('  ')).pop() ?? '';
  beforeEach(() => {
    const git = (...options: string[]) => execFileSync('git', ['-C', directory, '-c', 'user.name=CI', '-c', 'user.email=ci@example.com', ...options]);
    write(steps(lastStep));
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'all');
  });

  test('passes if the tree is as it was committed', () => {
    expect(ci(steps(lastStep))).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
  });

  test.each([['package.json', 'M'], ['new.json', '??']])('fails, and names it, if %s has changed', (file, status) => {
    appendFileSync(join(directory, file), '\n');
    const { code, output, lastLine } = ci(steps(lastStep));
    expect({ code, lastLine }).toEqual({ code: 1, lastLine: '0 passed, 1 failed' });
    expect(output).toContain(`${status} ${file}`);
  });
});
