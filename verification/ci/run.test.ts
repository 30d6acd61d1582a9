import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../tools/packages';

interface Step {
  readonly name: string;
  readonly command: string;
  readonly minutes: number;
  readonly report?: boolean;
  readonly tools?: string[];
}

const RUN = join(ROOT, '.ci', 'run');

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'ci-test-')); });
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function ci(...steps: Step[]): { code: number | null; output: string; lastLine: string } {
  const file = join(directory, 'steps.json');
  writeFileSync(file, JSON.stringify(steps));
  const { status, stdout, stderr } = spawnSync(RUN, [file], { encoding: 'utf8', timeout: 50_000 });
  return { code: status, output: stdout + stderr, lastLine: stdout.trimEnd().split('\n').pop() ?? '' };
}

/** A step that runs jest on files of tests with the given text. */
function jest(...files: string[]): Step {
  const folder = join(directory, 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  files.forEach((text, index) => writeFileSync(join(folder, `${index}.test.js`), text));
  const program = join(ROOT, 'node_modules', '.bin', 'jest');
  return { name: 'tests', command: `cd ${folder} && ${program} --passWithNoTests --json --outputFile="$REPORT"`, minutes: 1, report: true };
}

const PASSES = "test('passes', () => undefined);";
const FAILS = "test('fails', () => { throw new Error('on purpose'); });";

test('CI counts tests that pass, fail and do not run, and names those that do not run', () => {
  const { code, output, lastLine } = ci(jest(PASSES, FAILS, `${PASSES} test.skip('left out', () => undefined); test.todo('to come');`));
  expect(lastLine).toBe('2 passed, 1 failed, 2 skipped');
  expect(code).toBe(1);
  expect(output).toContain('not run (pending): left out');
  expect(output).toContain('not run (todo): to come');
});

test('CI passes with what passed, and adds up its steps', () => {
  const { code, lastLine } = ci({ name: 'build', command: 'true', minutes: 1 }, jest(`${PASSES} ${PASSES}`));
  expect({ code, lastLine }).toEqual({ code: 0, lastLine: '3 passed, 0 failed' });
});

test('CI shows the tests that test.only keeps from running', () => {
  expect(ci(jest(`${PASSES} test.only('alone', () => undefined);`)).lastLine).toBe('1 passed, 0 failed, 1 skipped');
});

test.each([
  ['finds no tests', () => jest()],
  ['skips all of its tests', () => jest("test.skip('left out', () => undefined);")],
])('CI fails if a step %s', (_, step) => {
  const { code, output, lastLine } = ci(step());
  expect(code).toBe(1);
  expect(output).toContain('FAILED: step "tests" ran no test');
  expect(lastLine).toMatch(/^0 passed, 1 failed/);
});

test('CI counts a file of tests that can not be loaded as a failure', () => {
  const { code, lastLine } = ci(jest(PASSES, "require('./missing');"));
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI fails if a step that has to report its counts does not', () => {
  const { code, output, lastLine } = ci({ name: 'judges', command: 'echo 5 passed, 0 failed', minutes: 1, report: true });
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '0 passed, 1 failed' });
  expect(output).toContain('FAILED: step "judges" has no report');
});

test('CI fails if a step ends badly after tests that passed', () => {
  const step = jest(PASSES);
  const { code, lastLine } = ci({ ...step, command: `${step.command}; exit 3` });
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI ends a step that takes too long, with its children, and goes on to the next', () => {
  const child = join(directory, 'child');
  // The kernel ends the child in its own time, and where nobody reaps it, it is left as a zombie.
  const isOver = `for _ in {1..50}; do state=$(ps -o stat= -p "$(cat ${child})"); [[ ! $state || $state == Z* ]] && exit; sleep 0.1; done; exit 1`;
  const { code, output, lastLine } = ci(
    { name: 'hangs', command: `sleep 20 > /dev/null 2>&1 & echo $! > ${child}; wait`, minutes: 0.02 },
    { name: 'next', command: isOver, minutes: 1 },
  );
  expect(output).toContain('FAILED: step "hangs" did not end within 0.02 minutes');
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('CI names a missing tool and the step that needs it before any step runs', () => {
  const { code, output, lastLine } = ci(
    { name: 'first', command: 'echo started', minutes: 1 },
    { name: 'languages', command: 'true', minutes: 1, tools: ['cobol'] },
  );
  expect(output).toContain('FAILED: step "languages" needs cobol');
  expect(output).not.toContain('started');
  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '0 passed, 1 failed' });
});

test('CI names Git, Python, Go, Maven and the JDK by their names where nothing but Node.js is installed', () => {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  const { status, stdout } = spawnSync(join(bin, 'node'), [join(ROOT, '.ci', 'steps.js')], { encoding: 'utf8', env: { PATH: bin }, timeout: 50_000 });
  const missing = [...stdout.matchAll(/^FAILED: step "(.+)" needs (.+), but this fails: /gm)].map(([, step, tool]) => [step, tool]);
  const verification = 'engines, judges and languages';
  expect(missing).toEqual([
    [verification, 'Git'], [verification, 'Python 3 with venv and pip'], [verification, 'Go'], [verification, 'Maven'],
    [verification, 'a JDK (javac)'], ['clean tree', 'Git'],
  ]);
  expect(stdout.trimEnd().split('\n').pop()).toBe('0 passed, 6 failed');
  expect(status).toBe(1);
});
