import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BY_HAND, ContactsByAccount, MANAGEMENT, MEMBERS, STORY, stored } from '../../demo/story';

const ROOT = join(__dirname, '../..');

const mailboxes = (contacts: ContactsByAccount) => [MANAGEMENT, ...MEMBERS].map(account =>
  (['billing', 'operations', 'security'] as const).map(type => contacts[account]?.[type]?.emailAddress ?? '-'));

/** What the demo says that the accounts have after each step: billing, operations, security. */
const TABLES = Object.fromEntries([['before', mailboxes(BY_HAND)], ...STORY.map(({ title, contacts }) => [title, mailboxes(contacts)])]);

/** What it says of the organization: accounts, billing, operations, security of each unit. */
const UNITS: { [step: string]: string[][] } = {
  'an organization': [
    ['Root', '1', '-', '-', '-'],
    ['Shop', '22', '21 -, 1 hand', '-', '-'],
    ['Research', '14', '-', '-', '-'],
    ['Data', '16', '15 -, 1 hand', '-', '-'],
    ['Playground', '7', '-', '-', '-'],
  ],
  'deploy for the whole organization': [
    ['Root', '1', 'invoices', 'platform', 'security'],
    ['Shop', '22', 'invoices', 'shop', 'security'],
    ['Research', '14', 'invoices', 'platform', '13 security, 1 lab'],
    // The excluded account keeps what was set by hand.
    ['Data', '16', '15 invoices, 1 hand', '15 platform, 1 -', '15 security, 1 -'],
    ['Playground', '7', '-', '-', '-'],
  ],
  'at the end': [
    ['Root', '1', 'invoices', 'platform', 'security'],
    ['Shop', '24', 'invoices', 'shop', 'security'],
    ['Research', '14', 'invoices', 'platform', '13 security, 1 lab'],
    ['Data', '15', '14 invoices, 1 hand', '14 platform, 1 -', '14 security, 1 -'],
    ['Playground', '7', '-', '-', '-'],
  ],
};

/** The accounts that single steps are about, with their contacts afterwards. */
const ACCOUNTS: { [step: string]: string[][] } = {
  'vend an account': [['444444444444', 'invoices', 'shop', 'security']],
  'edit a contact by hand': [['520000000001', 'invoices', 'platform', 'security']],
  'move an account': [['530000000001', 'invoices', 'shop', 'security']],
  'an account that refuses': [['510000000001', 'invoices', 'shop', 'security'], ['510000000002', 'invoices', 'shop', 'security']],
};

/** How the sweeps of each step ended: whom they swept, and how many contacts they set. */
const SWEEPS: { [step: string]: string[][] } = {
  'deploy for the whole organization': [['all accounts', 'SUCCEEDED', '156 of 156'], ['all accounts', 'SUCCEEDED', '0 of 156']],
  'vend an account': [['444444444444', 'SUCCEEDED', '3 of 3'], ['444444444444', 'SUCCEEDED', '1 of 3']],
  'edit a contact by hand': [['all accounts', 'SUCCEEDED', '1 of 159']],
  'move an account': [['530000000001', 'SUCCEEDED', '1 of 3']],
  // The three contacts of the account that refuses are counted at each of its three tries.
  'an account that refuses': [['all accounts', 'SUCCEEDED', '2 of 159']],
};

let stdout: string;
let sections: [step: string, text: string][];
beforeAll(async () => {
  ({ stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(ROOT, 'demo/demo.ts')], { cwd: ROOT }));
  sections = stdout.split(/^== /m).slice(1).map(section => [section.split('\n')[0], section]);
});

/** What a pattern finds in each step, without the steps in which it finds nothing. */
function found(pattern: RegExp): { [step: string]: string[][] } {
  const rowsOf = (text: string) => [...text.matchAll(pattern)].map(([, ...cells]) => cells.map(cell => cell.trim()));
  return Object.fromEntries(sections.map(([step, text]) => [step, rowsOf(text)] as const).filter(([, rows]) => rows.length > 0));
}

test('the demo writes plain text in a pipe, and finds no breach of the protocol', () => {
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toContain('\r');
  expect(stdout).toContain('0 breaches of the custom-resource protocol');
});

test('the demo shows the contacts of the story after each deployment', () => {
  expect(found(/^ {2}(?:111111111111|222222222222|333333333333) +(\S+@\S+|-) +(\S+@\S+|-) +(\S+@\S+|-)$/gm)).toEqual(TABLES);
});

test('the stack of the story ends each deployment as the story says', () => {
  const statuses = Object.entries(found(/^ +[\d.]+ s {2}Contacts +(\w+)/gm)).map(([step, rows]) => [step, rows.at(-1)?.[0]]);
  // CloudFormation has nothing to do where only constructs are renamed.
  const expected = STORY.filter(({ id }) => id !== 'rename').map(({ title, status }) => [title, status]);
  expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(expected));
});

test('the story is about contacts that come, change and go, and about some that nobody may touch', () => {
  const [, deployed, edited] = STORY.map(({ contacts }) => stored(contacts));
  const counts = [BY_HAND, ...STORY.map(({ contacts }) => contacts)].map(contacts => Object.keys(stored(contacts)).length);
  expect(counts).toEqual([2, 2, 7, 7, 7, 7, 7, 6, 6, 2]);
  expect(Object.keys(deployed).filter(contact => deployed[contact].EmailAddress !== edited[contact].EmailAddress)).toHaveLength(3);
});

test('the demo shows the right contacts of each organizational unit', () => {
  expect(found(/^ {2}([A-Z][a-z]+) +(\d+) {2,}(\S.*?) {2,}(\S.*?) {2,}(\S.*)$/gm)).toEqual(UNITS);
});

test('the demo shows the right contacts of a new account, and of others that were edited, moved or refused', () => {
  expect(found(/^ {2}([45]\d{11}) +([a-z]+) +([a-z]+) +([a-z]+)$/gm)).toEqual(ACCOUNTS);
});

test('the demo shows how each sweep ended, and its progress', () => {
  expect(found(/^ {2}(all accounts|\d{12}) +\d+:\d\d {2}([A-Z]+) +(\d+ of \d+) contacts set/gm)).toEqual(SWEEPS);
  expect(Object.keys(found(/^ +\d+:\d\d {2}(\d+) contacts compared, (\d+) set$/gm))).toEqual(Object.keys(SWEEPS));
});
