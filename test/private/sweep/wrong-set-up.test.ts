import { CfnParameter } from 'aws-cdk-lib';
import { failure, OrganizationHarness, SHOP } from './harness';
import type { Execution } from '../../../sandbox';
import { AlternateContactOverride } from '../../../src';
import { EVERYONE } from '../../contacts';

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

describe('a sweep fails soon, changes nothing and says what to do', () => {
  const failureOfLastSweep = () => {
    expect(organization.calls.filter(call => call.startsWith('Put'))).toEqual([]);
    const last = organization.sweeps.at(-1) as Execution;
    expect((last.stoppedAt ?? Infinity) - last.startedAt).toBeLessThan(5 * 60_000);
    return failure(last);
  };

  test.each([true, false])('without trusted access (the service says so: %j)', async explainTrustedAccess => {
    organization = await OrganizationHarness.start(EVERYONE, { trustedAccess: false, explainTrustedAccess });
    expect(failureOfLastSweep()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('aws organizations enable-aws-service-access --service-principal account.amazonaws.com'),
    });
  });

  test('in an ordinary member', async () => {
    organization = await OrganizationHarness.start(EVERYONE, {}, SHOP);
    expect(failureOfLastSweep()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account may not list the accounts of the organization') });
  });

  test('in a delegated administrator of another service', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { organizations: { delegatedAdministrators: [SHOP] } }, SHOP);
    expect(failureOfLastSweep()).toEqual({
      status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining(`register-delegated-administrator --service-principal account.amazonaws.com --account-id ${SHOP}`),
    });
  });

  test('without an organization', async () => {
    organization = await OrganizationHarness.start(EVERYONE, { standaloneAccounts: ['777777777777'] }, '777777777777');
    expect(failureOfLastSweep()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('This account is in no organization') });
  });

  test('with two tokens for one account', async () => {
    organization = await OrganizationHarness.start();
    organization.sandbox.calls.length = 0;
    await organization.deploy({}, { One: SHOP, Two: SHOP }, stack => ({
      ...EVERYONE,
      overrides: ['One', 'Two'].map(name => AlternateContactOverride.exclude([new CfnParameter(stack, name).valueAsString])),
    }));
    expect(failureOfLastSweep()).toEqual({ status: 'FAILED', error: 'WrongSetUp', cause: expect.stringContaining('Two overrides have the same target') });
  });
});
