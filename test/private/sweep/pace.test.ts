import { OrganizationHarness, SHOP } from './harness';
import { accounts, EVERYONE } from '../../contacts';

/* How fast a sweep calls, on the clock of the sandbox, which records each call. */

let organization: OrganizationHarness;
afterEach(() => organization?.sandbox.close());

const MEMBERS = accounts(39);

/** Runs a sweep of 40 accounts. Returns the times of its calls to an API, in seconds. */
async function sweep(api: string, { quotaShare, isEdited = true }: { quotaShare?: number; isEdited?: boolean } = {}): Promise<number[]> {
  organization = await OrganizationHarness.start({ ...EVERYONE, quotaShare }, { memberAccounts: MEMBERS });
  if (isEdited) { for (const type of ['BILLING', 'OPERATIONS', 'SECURITY'] as const) { MEMBERS.forEach(account => organization.edit(account, type)); } }
  organization.sandbox.calls.length = 0;
  expect((await organization.run({})).status).toBe('SUCCEEDED');
  return organization.sandbox.calls.filter(call => call.api === api).map(({ at }) => at / 1_000);
}

/** The calls per second, after those that a quota allows at once. */
const rateOf = (times: number[]) => {
  const later = times.filter(time => time > times[0] + 5);
  return (later.length - 1) / (later[later.length - 1] - later[0]);
};

test.each([[undefined, 4], [0.4, 2]])('a sweep with the quota share %j puts %d contacts per second at most, and hardly fewer', async (quotaShare, most) => {
  const rate = rateOf(await sweep('PutAlternateContact', { quotaShare }));
  expect(rate).toBeLessThan(most * 1.1);
  expect(rate).toBeGreaterThan(most * 0.6);
});

test('a sweep that finds nothing to put gets 8 contacts per second at most, and hardly fewer', async () => {
  const rate = rateOf(await sweep('GetAlternateContact', { isEdited: false }));
  expect(rate).toBeLessThan(8 * 1.1);
  expect(rate).toBeGreaterThan(8 * 0.6);
});

test('a throttled call is tried again at once, and not with the accounts that failed after minutes', async () => {
  organization = await OrganizationHarness.start();
  organization.edit(SHOP, 'SECURITY');
  for (const api of ['DescribeAccount', 'GetAlternateContact', 'PutAlternateContact']) {
    organization.sandbox.faults.add({ api, kind: '429', times: 6 });
  }
  const run = await organization.run({ accountIds: [SHOP] });
  expect(organization.contactsOf(SHOP)[2]).toBe('soc');
  expect(organization.sandbox.calls.filter(({ api }) => api === 'DescribeAccount').length).toBe(7);
  expect(run.history.filter(({ type }) => type === 'MapStateEntered')).toHaveLength(2);
});
