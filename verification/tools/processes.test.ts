import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun, run } from './processes';

const directory = mkdtempSync(join(tmpdir(), 'processes-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Waits until a process runs no more, five seconds at most: the kernel ends it in its own time. Says how `ps` then shows it. */
async function stateAtTheEnd(pid: string): Promise<string> {
  const end = Date.now() + 5_000;
  for (;;) {
    // Nobody reaps it in a container without an init process, so it may be left as a zombie: it runs no more.
    const state = (await run(['ps', '-o', 'stat=', '-p', pid])).stdout.trim().replace(/^Z.*/, '');
    if (state === '' || Date.now() > end) { return state; }
    await sleep(50);
  }
}

test('a command that takes too long is ended with its children, and says so', async () => {
  // The child does not hold the output open: otherwise the command would seem to run until the child ends by itself.
  const { code, output } = await run('sleep 20 > /dev/null 2>&1 & echo $!; wait', { minutes: 0.02 });
  const [pid, ...rest] = output.split('\n');
  expect({ code, rest }).toEqual({ code: 1, rest: ['', 'It did not end within 0.02 minutes, and was ended.'] });
  expect(await stateAtTheEnd(pid)).toBe('');
});

test('a command that must succeed throws what it wrote', async () => {
  await expect(mustRun('echo out; echo err >&2; exit 3')).rejects.toThrow(/ended with 3:\nout\nerr\n/);
});

test('a command does not see what npm and jest tell their child processes', async () => {
  const variables = await mustRun('env', { cwd: directory });
  expect(variables).toContain('PATH=');
  expect(variables).not.toMatch(/^(npm_|JEST_|NODE_ENV=)/m);
});

test('a server ends, with its children, when the process that started it ends in any way', async () => {
  const leash = spawn(process.execPath, [join(__dirname, 'leash.cjs'), 'sh', '-c', 'sleep 100 & echo $!; wait'], { detached: true });
  const [pid] = await once(leash.stdout, 'data') as [Buffer];
  leash.stdin.destroy(); // what the end of a process does to its pipes
  await once(leash, 'close');
  expect(await stateAtTheEnd(pid.toString().trim())).toBe('');
});
