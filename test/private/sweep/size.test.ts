import { SOC, templateOf } from './fixtures';
import { MANAGEMENT, OrganizationHarness, SHOP } from './harness';
import { AlternateContactOverride, type AlternateContactSet } from '../../../src';
import { declare, type DeclaredTarget } from '../../../src/private/sweep/declaration';
import { tooLarge } from '../../../src/private/sweep/size';
import { accounts, contact } from '../../contacts';

const KIBIBYTES = 1_024;

const overrides = (count: number, contacts: (id: string) => AlternateContactSet = () => SOC): DeclaredTarget[] =>
  accounts(count).map(target => ({ target, contacts: contacts(target) }));
const ownContact = (id: string) => ({ security: contact(`on-call-${id}`) });
const problemOf = (targets: DeclaredTarget[]) => tooLarge(declare({}, targets));

/** The largest number that is accepted. */
function largest(targets: (count: number) => DeclaredTarget[]): number {
  let [accepted, refused] = [1, 20_000];
  while (refused - accepted > 1) {
    const middle = Math.floor((accepted + refused) / 2);
    if (problemOf(targets(middle)).length === 0) { accepted = middle; } else { refused = middle; }
  }
  return accepted;
}

let organization: OrganizationHarness | undefined;
afterEach(async () => {
  await organization?.sandbox.close();
  organization = undefined;
});

test.each<[string, (count: number) => DeclaredTarget[], RegExp]>([
  ['overrides', overrides, /^too many overrides: (\d+) take (\d+) bytes, and Step Functions holds 258048, which is about (\d+) of them\. Declare fewer, /],
  ['different contacts', count => overrides(count, ownContact), /^too many different contacts: (\d+) take (\d+) bytes, and Step Functions holds 258048, which is about (\d+) of them\. /],
])('the largest accepted number of %s can be swept, and one more is refused', async (_, targets, message) => {
  const most = largest(targets);
  const [problem, ...more] = problemOf(targets(most + 1));
  expect(more).toEqual([]);
  expect(problem).toMatch(message);
  const [, , bytes, about] = message.exec(problem) ?? [];
  expect(Number(bytes)).toBeGreaterThan(252 * KIBIBYTES);
  expect(Math.abs(Number(about) - most)).toBeLessThan(5);

  const members = accounts(most).slice(-2);
  const declared = targets(most).map(({ target, contacts = SOC }) => ({ target, contacts }));
  const isShared = declared[0].contacts === SOC;
  organization = await OrganizationHarness.start({
    overrides: isShared ? [AlternateContactOverride.forAccounts(declared.map(({ target }) => target), SOC)]
      : declared.map(({ target, contacts }) => AlternateContactOverride.forAccounts([target], contacts)),
  }, { memberAccounts: [...members, SHOP] });
  expect((await organization.run({})).status).toBe('SUCCEEDED');
  expect(members.map(account => organization?.contactsOf(account)[2])).toEqual(members.map(account => isShared ? 'soc' : `on-call-${account}`));
  expect(organization.contactsOf(MANAGEMENT)).toEqual([undefined, undefined, undefined]);
});

test.each<[string, DeclaredTarget[]]>([
  ['a target', Array.from({ length: 3_500 }, (_, i) => ({ target: `\${Token[Unit.${i}]}`, contacts: SOC }))],
  ['a value', overrides(800, id => ({ security: { ...contact(id), emailAddress: `\${Token[Mail.${id}]}` } }))],
])('%s that is a token counts as the longest value that it may stand for', (_, targets) => {
  expect(problemOf(targets.slice(0, 500))).toEqual([]);
  expect(problemOf(targets)[0]).toMatch(/^too many/);
});

test('characters count by their bytes', () => {
  const wide = (id: string) => ({ security: { ...contact('x'), name: '字'.repeat(60), title: id } });
  expect(problemOf(overrides(700, wide))).toEqual([]);
  expect(problemOf(overrides(1_000, wide))[0]).toMatch(/^too many different contacts/);
});

test('an app with too many overrides is not synthesized, and the error says how many fit', () => {
  const override = (count: number) => AlternateContactOverride.forAccounts(accounts(count), SOC);
  expect(() => templateOf({ ...SOC, overrides: [override(20_000)] }))
    .toThrow(/too many overrides: 20001 take \d+ bytes, and Step Functions holds 258048, which is about 1\d{4} of them\. Declare fewer/);
  expect(() => templateOf({ ...SOC, overrides: [override(10_000)] })).not.toThrow();
});

test('an app with too many different contacts is not synthesized, and the error says how many fit', () => {
  const differentContacts = (count: number) => accounts(count).map(id => AlternateContactOverride.forAccounts([id], ownContact(id)));
  expect(() => templateOf({ ...SOC, overrides: differentContacts(2_500) })).toThrow(/too many different contacts: 2501 take \d+ bytes, .* about \d{4} of them/);
  expect(() => templateOf({ ...SOC, overrides: differentContacts(1_500) })).not.toThrow();
});
