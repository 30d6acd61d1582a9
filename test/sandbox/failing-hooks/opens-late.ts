import { openSandbox } from '../../open-sandbox';
import { MANAGEMENT } from '../functions';

/** A file of tests whose beforeAll opens its sandbox when it is over its time. */
beforeAll(async () => {
  await new Promise(resolve => setTimeout(resolve, 500));
  await openSandbox({ managementAccount: MANAGEMENT });
}, 100);

test('never passes', () => undefined);
