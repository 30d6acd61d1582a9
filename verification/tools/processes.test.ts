import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun, run } from './processes';

const directory = mkdtempSync(join(tmpdir(), 'processes-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Waits up to five seconds until a process has ended, because the kernel may take a moment. Returns its state according to `ps`. */
async function stateAtTheEnd(pid: string): Promise<string> {
  const end = Date.now() + 5_000;
  for (;;) {
    // In a container without an init process, nothing reaps it: it may stay as a zombie, which no longer runs.
    const state = (await run(['ps', '-o', 'stat=', '-p', pid])).stdout.trim().replace(/^Z.*/, '');
    if (state === '' || Date.now() > end) { return state; }
    await sleep(50);
  }
}

test('a command that takes too long is ended with its children, and says so', async () => {
  // The child must not keep the output open, or the command would seem to run until the child ends by itself.
  const { code, output } = await run('sleep 20 > /dev/null 2>&1 & echo $!; wait', { minutes: 0.02 });
  const [pid, ...rest] = output.split('\n');
  expect({ code, rest }).toEqual({ code: 1, rest: ['', 'It did not end within 0.02 minutes, and was ended.'] });
  expect(await stateAtTheEnd(pid)).toBe('');
});

test('a command that must succeed throws its output if it fails', async () => {
  await expect(mustRun('echo out; echo err >&2; exit 3')).rejects.toThrow(/ended with 3:\nout\nerr\n/);
});

test('a command does not get the variables that npm and jest set for their child processes', async () => {
  const variables = await mustRun('env', { cwd: directory });
  expect(variables).toContain('PATH=');
  expect(variables).not.toMatch(/^(npm_|JEST_|NODE_ENV=)/m);
});

test('a server ends, with its children, when the process that started it ends in any way', async () => {
  const leash = spawn(process.execPath, [join(__dirname, 'leash.cjs'), 'sh', '-c', 'sleep 100 & echo $!; wait'], { detached: true });
  const [pid] = await once(leash.stdout, 'data') as [Buffer];
  leash.stdin.destroy(); // as the end of a process closes its pipes
  await once(leash, 'close');
  expect(await stateAtTheEnd(pid.toString().trim())).toBe('');
});
