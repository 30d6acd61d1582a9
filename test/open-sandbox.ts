import { Sandbox, SandboxOptions } from '../sandbox';

const open = new Set<Sandbox>();

/**
 * Starts a sandbox that ends with the file of tests at the latest. One that is left open by a hook that fails, or by a test that exceeds its time,
 * would keep jest running for as long as CloudFormation waits for an answer.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await Sandbox.start(options);
  open.add(sandbox);
  return sandbox;
}

// The long proof is no test, and ends what it starts.
if (typeof afterAll === 'function') {
  afterAll(async () => {
    await Promise.all([...open].map(sandbox => sandbox.close()));
    open.clear();
  });
}
