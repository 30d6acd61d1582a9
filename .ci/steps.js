/*
 * Installs, tests, builds and judges the project on a machine that has Node.js, npm and the tools that steps.json names, and nothing else.
 * Its last line counts what ran.
 *
 *   bash .ci/run [steps.json]
 *
 * A step is a shell command. One with `"report": true` runs jest, which writes its --json to the file that $REPORT names; it fails if it ran no test.
 * Any other step counts as one.
 */
const { spawn, spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join, resolve } = require('node:path');

/** How to see that a tool is there, and what it is called. */
const TOOLS = {
  git: ['Git', 'git --version'],
  python: ['Python 3 with venv and pip', 'python3 -c "import venv, ensurepip"'],
  go: ['Go', 'go version'],
  maven: ['Maven', 'mvn --version'],
  jdk: ['a JDK (javac)', 'javac -version'],
};

/** The tools that are missing, each with the steps that need it. */
function missingTools(steps) {
  const needed = new Set(steps.flatMap(({ tools = [] }) => tools));
  const missing = new Set([...needed].filter(tool => !TOOLS[tool] || spawnSync(TOOLS[tool][1], { shell: true }).status !== 0));
  return steps.flatMap(({ name, tools = [] }) => tools.filter(tool => missing.has(tool))
    .map(tool => `"${name}" needs ${TOOLS[tool] ? `${TOOLS[tool][0]}, but this fails: ${TOOLS[tool][1]}` : `${tool}, which nothing can find`}`));
}

/** Runs a command to its end, or ends it and its children after so many minutes. Returns what went wrong, if anything did. */
function execute({ command, minutes }, env) {
  const child = spawn(command, { shell: '/bin/bash', env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  const end = signal => { try { process.kill(-child.pid, signal); } catch { /* it is over */ } };
  const stop = () => { end('SIGKILL'); process.exit(1); };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return new Promise(done => {
    let problem;
    const timer = setTimeout(() => {
      problem = `did not end within ${minutes} minutes, and was ended`;
      end('SIGKILL');
    }, minutes * 60_000);
    child.on('error', error => { problem = error.message; });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      done(problem ?? (code === 0 ? undefined : `ended with ${signal ?? code}`));
    });
  });
}

/** What jest counts. A file of tests that could not run is a failure that jest does not count among the tests. */
function countsOf(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const { status, fullName } of report.testResults.flatMap(({ assertionResults }) => assertionResults)) {
    if (['pending', 'todo', 'skipped'].includes(status)) console.log(`not run (${status}): ${fullName}`);
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function runStep(step, directory) {
  const { name, command, report } = step;
  console.log(`\n== ${name}: ${command}`);
  const started = Date.now();
  const file = join(directory, 'report.json');
  rmSync(file, { force: true });
  const problem = await execute(step, { CI: 'true', REPORT: file });
  let counts = { passed: problem ? 0 : 1, failed: 0, skipped: 0 };
  const problems = problem ? [problem] : [];
  if (report) {
    try {
      counts = countsOf(file);
      if (!problem && counts.passed + counts.failed === 0) problems.push('ran no test');
    } catch (error) {
      counts.passed = 0;
      problems.push(`has no report: ${error.message}`);
    }
  }
  // What ends badly has failed at least once.
  if (problems.length > 0 && counts.failed === 0) counts.failed = 1;
  for (const text of problems) console.log(`FAILED: step "${name}" ${text}`);
  console.log(`-- ${name}: ${line(counts)} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  return counts;
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

async function main() {
  const file = resolve(process.argv[2] ?? join(__dirname, 'steps.json'));
  const steps = JSON.parse(readFileSync(file, 'utf8'));
  process.chdir(dirname(__dirname));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const missing = missingTools(steps);
  for (const text of missing) console.log(`FAILED: step ${text}`);
  total.failed = missing.length;
  if (missing.length === 0) {
    const directory = mkdtempSync(join(tmpdir(), 'ci-'));
    process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
    for (const step of steps) {
      const counts = await runStep(step, directory);
      for (const key of Object.keys(total)) total[key] += counts[key];
    }
  }
  console.log(line(total));
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

void main();
