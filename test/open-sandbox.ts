import { Sandbox, SandboxOptions } from '../sandbox';

const open = new Set<Sandbox>();
let ended = false;

/**
 * Starts a sandbox, and closes it after the last test of the file unless the test has closed it. A sandbox that stays open after a hook that failed
 * would keep jest running: for as long as CloudFormation waits for an answer, or for ever.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await Sandbox.start(options);
  open.add(sandbox);
  if (ended) {
    await closeAll(); // the hook that started it took too long: jest has gone on without it
  }
  return sandbox;
}

async function closeAll(): Promise<void> {
  await Promise.all([...open].map(sandbox => sandbox.close()));
  open.clear();
}

// The long proof runs outside jest, and closes what it starts.
if (typeof afterAll === 'function') {
  afterAll(async () => {
    ended = true;
    await closeAll();
  });
}
