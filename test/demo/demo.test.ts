import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { picture } from '../../demo/picture';
import { BY_HAND, ContactsByAccount, MANAGEMENT, MEMBERS, STORY, stored } from '../../demo/story';

const ROOT = join(__dirname, '../..');

const mailboxes = (contacts: ContactsByAccount) => [MANAGEMENT, ...MEMBERS].map(account =>
  (['billing', 'operations', 'security'] as const).map(type => contacts[account]?.[type]?.emailAddress ?? '-'));

/** The contacts that the demo shows after each step, by account: billing, operations, security. */
const TABLES: [step: string, rows: string[][]][] = [
  ['before', mailboxes(BY_HAND)], ...STORY.map(({ title, contacts }): [string, string[][]] => [title, mailboxes(contacts)]),
];

/** The organizational units that the demo shows: name and number of accounts, billing, operations, security. */
const UNITS: { [step: string]: string[][] } = {
  'an organization': [
    ['Root (1)', '-', '-', '-'],
    ['Shop (22)', '21 none, 1 hand', '-', '-'],
    ['Research (14)', '-', '-', '-'],
    ['Data (16)', '15 none, 1 hand', '-', '-'],
    ['Playground (7)', '-', '-', '-'],
  ],
  'deploy for the whole organization': [
    ['Root (1)', '* invoices', '* platform', '* security'],
    ['Shop (22)', '* invoices', '* shop', '* security'],
    ['Research (14)', '* invoices', '* platform', '* 13 security, 1 lab'],
    // The excluded account keeps what was set by hand.
    ['Data (16)', '* 15 invoices, 1 hand', '* 15 platform, 1 none', '* 15 security, 1 none'],
    ['Playground (7)', '-', '-', '-'],
  ],
  'at the end': [
    ['Root (1)', 'invoices', 'platform', 'security'],
    ['Shop (24)', 'invoices', 'shop', 'security'],
    ['Research (14)', 'invoices', 'platform', '13 security, 1 lab'],
    ['Data (15)', '14 invoices, 1 hand', '14 platform, 1 none', '14 security, 1 none'],
    ['Playground (7)', '-', '-', '-'],
  ],
};

/** The accounts that single steps are about, with their contacts afterwards. */
const ACCOUNTS: { [step: string]: string[][] } = {
  'vend an account': [['444444444444', '* invoices', '* shop', '* security']],
  'edit a contact by hand': [['520000000001', 'invoices', 'platform', '* security']],
  'move an account': [['530000000001', 'invoices', '* shop', 'security']],
  'an account that refuses': [['510000000001', '* invoices', 'shop', 'security'], ['510000000002', '* invoices', 'shop', 'security']],
};

/** The sweeps of each step: their accounts, how they ended, and how many contacts they set. */
const SWEEPS: { [step: string]: string[][] } = {
  'deploy for the whole organization': [['all accounts', 'SUCCEEDED', '156 of 156'], ['all accounts', 'SUCCEEDED', '0 of 156']],
  'vend an account': [['444444444444', 'SUCCEEDED', '3 of 3'], ['444444444444', 'SUCCEEDED', '1 of 3']],
  'edit a contact by hand': [['all accounts', 'SUCCEEDED', '1 of 159']],
  'move an account': [['530000000001', 'SUCCEEDED', '1 of 3']],
  'an account that refuses': [['all accounts', 'SUCCEEDED', '2 of 159']],
};

let stdout: string;
let sections: [step: string, text: string][];
beforeAll(async () => {
  // A demo that fails still prints what went wrong, which the tests then show.
  ({ stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(ROOT, 'demo/demo.ts')], { cwd: ROOT })
    .catch((failure: { stdout: string }) => failure));
  sections = stdout.split(/^== /m).slice(1).map(section => [section.split('\n')[0], section]);
});

/** What a pattern finds in each step, without the steps in which it finds nothing. */
function found(pattern: RegExp): { [step: string]: string[][] } {
  const rowsOf = (text: string) => [...text.matchAll(pattern)].map(([, ...cells]) => cells.map(cell => cell.trim()));
  return Object.fromEntries(sections.map(([step, text]) => [step, rowsOf(text)] as const).filter(([, rows]) => rows.length > 0));
}

/** The mailboxes of the three accounts in each step, with `* ` before those that the demo marks as changed. */
const shownMailboxes = () => found(/^ {2}(?:111111111111|222222222222|333333333333) +((?:\* )?\S+@\S+|(?:\* )?-) +((?:\* )?\S+@\S+|(?:\* )?-) +((?:\* )?\S+@\S+|(?:\* )?-)$/gm);

test('the demo writes plain text in a pipe, in lines of at most 100 columns', () => {
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toContain('\r');
  expect(stdout.split('\n').filter(line => line.length > 100)).toEqual([]);
});

test('the demo shows the contacts of the story after each deployment', () => {
  const unmarked = Object.entries(shownMailboxes()).map(([step, rows]) => [step, rows.map(row => row.map(cell => cell.replace('* ', '')))]);
  expect(Object.fromEntries(unmarked)).toEqual(Object.fromEntries(TABLES));
});

test('the demo marks the contacts that a deployment has changed, and no others', () => {
  const isMarked = Object.entries(shownMailboxes()).map(([step, rows]) => [step, rows.map(row => row.map(cell => cell.startsWith('* ')))]);
  const isChanged = TABLES.map(([step, rows], index) => {
    const [, before] = TABLES[Math.max(index - 1, 0)];
    return [step, rows.map((row, account) => row.map((mailbox, type) => mailbox !== before[account][type]))];
  });
  expect(Object.fromEntries(isMarked)).toEqual(Object.fromEntries(isChanged));
  expect(Object.keys(found(/^ {2}(nothing changed)$/gm))).toEqual(STORY.filter(({ id }) => id === 'rename' || id === 'provider').map(({ title }) => title));
});

test('the stack of the story ends each deployment as the story says', () => {
  const statuses = Object.entries(found(/^ +[\d.]+ s {2}(\w+) +Contacts$/gm)).map(([step, rows]) => [step, rows.at(-1)?.[0]]);
  // CloudFormation has nothing to do where only constructs are renamed.
  const expected = STORY.filter(({ id }) => id !== 'rename').map(({ title, status }) => [title, status]);
  expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(expected));
});

test('the demo says which contacts an account keeps although their resources are deleted', () => {
  const [data, shop] = ['AlternateContactBilling333333333333', 'AlternateContactBilling222222222222'];
  const kept = Object.entries(found(/DELETE_COMPLETE +(\w+) {2}contact kept$/gm)).map(([step, rows]) => [step, rows.flat().sort()]);
  expect(Object.fromEntries(kept)).toEqual({
    'a deployment that fails': [shop, data],
    'give a contact another function': ['AlternateContactSecurity333333333333'],
    'a first deployment that fails': [shop, data],
  });
});

test('the demo calls its times simulated', () => {
  const simulated = Object.keys(found(/^ {2}(simulated time) {2}status/gm));
  expect(simulated).toEqual(Object.keys(found(/^ +(\d+\.\d s) /gm)));
  expect(Object.keys(found(/ (simulated time) {2}result$/gm))).toEqual(Object.keys(SWEEPS));
  expect(Object.keys(found(/^ {2}(simulated time) {2}progress$/gm))).toEqual(Object.keys(SWEEPS));
});

test('the story begins with successes, and then a deployment fails', () => {
  const successes = STORY.findIndex(({ status }) => status.includes('ROLLBACK'));
  expect(STORY.slice(0, successes).map(({ id }) => id)).toEqual(['deploy', 'edit', 'rename', 'swap']);
});

test('the story is about contacts that come, change and go, and about some that nobody may touch', () => {
  const [deployed, edited] = STORY.map(({ contacts }) => stored(contacts));
  const counts = [BY_HAND, ...STORY.map(({ contacts }) => contacts)].map(contacts => Object.keys(stored(contacts)).length);
  expect(counts).toEqual([2, 7, 7, 7, 7, 7, 6, 6, 2, 2, 3]);
  expect(Object.keys(deployed).filter(contact => deployed[contact].EmailAddress !== edited[contact].EmailAddress)).toHaveLength(3);
});

test('the demo shows the right contacts of each organizational unit', () => {
  expect(found(/^ {2}([A-Z][a-z]+ \(\d+\)) +(\S.*?) {2,}(\S.*?) {2,}(\S.*)$/gm)).toEqual(UNITS);
});

test('the demo shows the right contacts of a new account, and of others that were edited, moved or refused', () => {
  expect(found(/^ {2}([45]\d{11}) +((?:\* )?[a-z]+) +((?:\* )?[a-z]+) +((?:\* )?[a-z]+)$/gm)).toEqual(ACCOUNTS);
});

test('the demo shows how each sweep ended, and its progress', () => {
  expect(found(/^ {2}(all accounts|\d{12}) +\d+:\d\d {2}([A-Z]+) +(\d+ of \d+) contacts set/gm)).toEqual(SWEEPS);
  expect(Object.keys(found(/^ +\d+:\d\d {2}(\d+) contacts compared, (\d+) set$/gm))).toEqual(Object.keys(SWEEPS));
});

test('the summary counts deployments and sweeps, and says that all contacts were right', () => {
  expect(sections.at(-1)![1].split('\n').slice(3)).toEqual([
    '  One stack: 10 deployments, 2 of which failed and were rolled back.',
    '  An organization: 61 accounts, 7 sweeps, 164 contacts set.',
    '  After every step, each account had exactly the contacts that it should have.',
    '',
  ]);
});

// If it fails, `npx projen demo:picture` draws the picture anew.
test('the picture of the demo shows what the demo prints', () => {
  // The order of events and the seconds in which they happen differ from run to run.
  const linesOf = (svg: string) => svg.split('\n').filter(line => line.startsWith('<text'))
    .map(line => line.replace(/<[^>]*>/g, '').replace(/^ +\d+\.\d s/, 'N s')).sort();
  const shown = linesOf(readFileSync(join(ROOT, 'docs/images/demo.svg'), 'utf8'));
  expect(shown).toEqual(linesOf(picture(stdout)));
  expect(shown.length).toBeGreaterThan(50);
});
