import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declare } from '../src/private/organization/declaration';
import { organizationSweep } from '../src/private/organization/definition';

const EXAMPLE = join(__dirname, '..', 'examples', 'organization-wide');
const DOCS = readFileSync(join(__dirname, '..', 'docs', 'organization.md'), 'utf8');
const contact = { name: 'n', title: 't', emailAddress: 'a@example.com', phoneNumber: '1' };

const blocksOf = (language: string) => [...DOCS.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(match => match[1] === language).map(match => match[2]);
const withoutIndentation = (text: string) => text.split('\n').map(line => line.trim()).join('\n');
const sources = (folder: string, ending: string) =>
  readdirSync(folder).filter(name => name.endsWith(ending)).map(name => withoutIndentation(readFileSync(join(folder, name), 'utf8'))).join('\n');

test.each([['ts', EXAMPLE, '.ts', 3], ['python', join(EXAMPLE, 'python'), '.py', 1]])('the code in %s is that of the example, which is compiled', (language, folder, ending, count) => {
  const blocks = blocksOf(language);
  expect(blocks).toHaveLength(count);
  const code = sources(folder, ending);
  expect(blocks.filter(block => !code.includes(withoutIndentation(block)))).toEqual([]);
});

test('the errors that it explains are those of the state machine', () => {
  const definition = JSON.stringify(organizationSweep(declare({ security: contact }, [{ target: 'r-ab12' }]), { partition: 'aws', enforce: true, quotaShare: 0.8 }));
  const explained = [...DOCS.matchAll(/^\| `(InvalidInput|WrongSetUp|Accounts\w+)`(?:,| with)? ?(?:`([^`]+)`)?/gm)].flatMap(([, name, detail]) => [name, ...detail ? [detail] : []]);
  expect(explained.length).toBeGreaterThan(15);
  const ofServices = ['Account.AccessDeniedException', 'Account.ValidationException', 'Organizations.AccountNotFoundException'];
  expect(explained.filter(words => !definition.includes(words) && !ofServices.includes(words))).toEqual([]);
  const names = [...definition.matchAll(/"Error":"(\w+)"|'name': '(\w+)'|"name":"(\w+)"/g)].map(match => match[1] ?? match[2] ?? match[3]).filter(name => name !== 'Superseded');
  expect(new Set(names)).toEqual(new Set(['InvalidInput', 'WrongSetUp', 'AccountsNotListed', 'AccountsNotSet']));
  expect(names.filter(name => !explained.includes(name))).toEqual([]);
});

test('the states that the diagram names are those of the state machine', () => {
  const definition = JSON.stringify(organizationSweep(declare({ security: contact }, []), { partition: 'aws', enforce: true, quotaShare: 0.8 }));
  for (const name of [
    'What is asked for?', 'Wait until the deployment is in force', 'Start the sweep', 'The sweep has started', 'Stop older sweeps', 'Set contacts and list ahead',
    'Set the contacts', 'List accounts', 'What is left to do?', 'All accounts are as declared',
  ]) {
    expect(DOCS).toContain(name);
    expect(definition).toContain(`"${name}":`);
  }
});

test('the times, costs and history events that it states are those that were measured', () => {
  const report = readFileSync(join(__dirname, '..', 'verification', 'benchmarks', 'organization.md'), 'utf8');
  const tables = report.split('\n').filter(line => line.startsWith('|')).map(line => line.split('|').slice(1, -1).map(cell => cell.trim()));
  const head = tables.find(cells => cells.includes('history events')) ?? [];
  const found = (accounts: string, state: string) => {
    const row = tables.find(cells => cells[0] === accounts && cells[1] === state && cells[2] === '0.8') ?? [];
    return (column: string) => row[head.indexOf(column)];
  };
  for (const accounts of ['100', '1,000', '10,000', '40,000']) {
    const [inSync, drifted] = [found(accounts, 'in sync'), found(accounts, 'drifted')];
    const cells = [accounts, inSync('minutes'), drifted('minutes'), inSync('USD'), drifted('USD'), drifted('history events')];
    expect(cells.every(cell => cell)).toBe(true);
    expect(DOCS).toContain(`| ${cells.join(' | ')} |\n`);
  }
});
