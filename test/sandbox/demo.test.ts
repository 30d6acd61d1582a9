import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

/** What the demo says that the accounts have after each step: account, billing, operations, security. */
const TABLES: { [step: string]: string[][] } = {
  'before': [['-', '-', '-'], ['-', '-', '-'], ['cfo', '-', '-']],
  'deploy': [['invoices', '-', 'security'], ['-', 'shop', 'security'], ['cfo', '-', 'security']],
  'edit': [['invoices', '-', 'soc'], ['-', 'shop', 'soc'], ['cfo', '-', 'soc']],
  'rename and move the constructs, name the own account': [['invoices', '-', 'soc'], ['-', 'shop', 'soc'], ['cfo', '-', 'soc']],
  'swap two types': [['invoices', '-', 'soc'], ['-', 'soc', 'shop'], ['cfo', '-', 'soc']],
  // The contact that was set by hand stays, with the values of the deployment that took it over.
  'a deployment that fails': [['invoices', '-', 'soc'], ['-', 'soc', 'shop'], ['invoices', '-', 'soc']],
  'remove': [['invoices', '-', 'soc'], ['-', '-', 'shop'], ['invoices', '-', 'soc']],
  'destroy': [['-', '-', '-'], ['-', '-', '-'], ['invoices', '-', '-']],
};

test('the demo shows the right contacts after each step, in plain text in a pipe', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(ROOT, 'sandbox/demo.ts')], { cwd: ROOT });
  expect(stdout).not.toContain('\u001b');
  const tables = Object.fromEntries(stdout.split(/^== /m).slice(1).map(section => [
    section.split('\n')[0],
    [...section.matchAll(/^ {2}(?:111111111111|222222222222|333333333333) +(\S+) +(\S+) +(\S+)$/gm)]
      .map(([, ...cells]) => cells.map(cell => cell.replace('@example.com', ''))),
  ]));
  expect(tables).toEqual(TABLES);
  expect(stdout).toContain('0 breaches of the custom-resource protocol');
});
