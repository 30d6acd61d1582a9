import { openSandbox } from '../../open-sandbox';
import { MANAGEMENT } from '../functions';

/** A file of tests whose beforeAll throws while a sandbox is open. */
beforeAll(async () => {
  await openSandbox({ managementAccount: MANAGEMENT });
  throw new Error('on purpose');
});

test('never passes', () => undefined);
