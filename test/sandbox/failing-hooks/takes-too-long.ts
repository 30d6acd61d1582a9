import { openSandbox } from '../../open-sandbox';
import { functionOf, MANAGEMENT } from '../functions';

/** A file of tests whose beforeAll is over its time while CloudFormation waits for a custom resource. */
beforeAll(async () => {
  const sandbox = await openSandbox({ managementAccount: MANAGEMENT });
  const silent = await functionOf(sandbox, 'exports.handler = async () => undefined;');
  const template = { Resources: { Silent: { Type: 'Custom::Silent', Properties: { ServiceToken: silent } } } };
  await sandbox.deploy({ stackName: 'waits-for-an-hour', account: MANAGEMENT, template });
}, 1_000);

test('never passes', () => undefined);
