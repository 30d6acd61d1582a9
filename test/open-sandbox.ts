import { Sandbox, SandboxOptions } from '../sandbox';

const open = new Set<Sandbox>();
let ended = false;

/**
 * Starts a sandbox, and closes it after the last test of the file unless the test has closed it. A sandbox that stays open after a failed hook would
 * keep jest running until CloudFormation stops waiting for a response, or forever.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await Sandbox.start(options);
  open.add(sandbox);
  if (ended) {
    // The hook took too long, and jest has continued without it.
    await closeAll();
  }
  return sandbox;
}

async function closeAll(): Promise<void> {
  await Promise.all([...open].map(sandbox => sandbox.close()));
  open.clear();
}

// The long proof runs without jest, and closes its sandboxes itself.
if (typeof afterAll === 'function') {
  afterAll(async () => {
    ended = true;
    await closeAll();
  });
}
