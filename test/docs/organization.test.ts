import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, read, rowsOf } from './markdown';
import { declare } from '../../src/private/sweep/declaration';
import { organizationSweep } from '../../src/private/sweep/machine/definition';

const EXAMPLE = join(__dirname, '../../examples/organization-wide');
const DOCS = read('docs/organization.md');
const contact = { name: 'n', title: 't', emailAddress: 'a@example.com', phoneNumber: '1' };

const withoutIndentation = (text: string) => text.split('\n').map(line => line.trim()).join('\n');
const sources = (folder: string, ending: string) =>
  readdirSync(folder).filter(name => name.endsWith(ending)).map(name => withoutIndentation(readFileSync(join(folder, name), 'utf8'))).join('\n');

// TypeScript is type-checked with the tests; verification/languages runs the Python app and compares its templates with those of this one.
test.each([['ts', EXAMPLE, '.ts', 4], ['python', join(EXAMPLE, 'python'), '.py', 1]])('the code in %s is that of the example', (language, folder, ending, count) => {
  const blocks = blocksOf(DOCS).filter(block => block.language === language).map(block => block.code);
  expect(blocks).toHaveLength(count);
  const code = sources(folder, ending);
  expect(blocks.filter(block => !code.includes(withoutIndentation(block)))).toEqual([]);
});

test('the errors that it explains are those of the state machine', () => {
  const definitions = [true, false].map(enforce => organizationSweep(declare({ security: contact }, [{ target: 'r-ab12' }]), { partition: 'aws', enforce, quotaShare: 0.8 }));
  const definition = JSON.stringify(definitions);
  const explained = [...DOCS.matchAll(/^\| `(InvalidInput|WrongSetUp|Accounts\w+)`(?:,| with)? ?(?:`([^`]+)`)?/gm)].flatMap(([, name, detail]) => [name, ...detail ? [detail] : []]);
  expect(explained.length).toBeGreaterThan(15);
  const ofServices = ['Account.AccessDeniedException', 'Account.ValidationException', 'Organizations.AccountNotFoundException'];
  expect(explained.filter(words => !definition.includes(words) && !ofServices.includes(words))).toEqual([]);
  const names = [...definition.matchAll(/"Error":"(\w+)"|'name':'(\w+)'|"name":"(\w+)"/g)].map(match => match[1] ?? match[2] ?? match[3]).filter(name => name !== 'Superseded');
  expect(new Set(names)).toEqual(new Set(['InvalidInput', 'WrongSetUp', 'AccountsNotListed', 'AccountsNotSet', 'AccountsNotCompared']));
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
  const measured = rowsOf(read('verification/benchmarks/organization.md'), 'accounts', 'state', 'share', 'minutes', 'USD', 'history events');
  const found = (accounts: string, state: string) => measured.find(row => row.accounts === accounts && row.state === state && row.share === '0.8');
  const stated = rowsOf(DOCS, 'accounts, three contacts each', 'history events');
  expect(stated.map(row => Object.values(row))).toEqual(['100', '1,000', '10,000', '40,000'].map(accounts => {
    const [inSync, drifted] = [found(accounts, 'in sync'), found(accounts, 'drifted')];
    return [accounts, inSync?.minutes, drifted?.minutes, inSync?.USD, drifted?.USD, drifted?.['history events']];
  }));
});
