import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Aws } from './clients';
import { Contacts, isSame, readContacts, TYPES, writeContact } from './contacts';
import { isTestValue } from './test-values';

/** The contacts that an account had before, and the account. */
interface Kept { readonly account: string; readonly contacts: Contacts }

/** The file for an account. It is outside of every work tree, because it may hold personal data. */
export function fileFor({ accountId }: Aws, directory = homedir()): string {
  return join(directory, `.cdk-alternate-contact-try-${accountId}.json`);
}

/**
 * Writes the contacts of the account to a file that only its owner can read.
 *
 * @throws Error if a contact holds real values and may not be overwritten, or if an earlier run has not given back
 */
export async function keep({ account, accountId }: Aws, file: string, overwrite: boolean): Promise<void> {
  const contacts = await readContacts(account);
  const real = TYPES.filter(type => contacts[type] && !isTestValue(contacts[type]));
  if (real.length && !overwrite) {
    throw new Error(`The account has a contact for ${real.join(', ')}. --overwrite uses it, keeps it in a file and gives it back at the end.`);
  }
  // What an interrupted run has left is not what the account had.
  const had = Object.fromEntries(real.map(type => [type, contacts[type]]));
  const kept: Kept = { account: accountId, contacts: had };
  try {
    writeFileSync(file, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') { throw error; }
    const first = `npx projen try:aws --account ${accountId} --give-back ${file}`;
    throw new Error(`An earlier run has kept contacts and has not given them back. First: ${first}`);
  }
}

/**
 * Gives back the contacts in a file, and deletes the file.
 *
 * @throws Error if the file is of another account, or if a contact holds neither what it had nor a test value: somebody has changed it since
 */
export async function giveBack({ account, accountId }: Aws, file: string): Promise<void> {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  if (kept.account !== accountId) { throw new Error(`${file} is of account ${kept.account}, and the credentials are of ${accountId}`); }
  const now = await readContacts(account);
  const changed = TYPES.filter(type => !isSame(now[type], kept.contacts[type]));
  const foreign = changed.filter(type => now[type] && !isTestValue(now[type]));
  if (foreign.length) {
    throw new Error(`Somebody has changed the contact for ${foreign.join(', ')} since. Compare with ${file}, then delete the file.`);
  }
  for (const type of changed) { await writeContact(account, type, kept.contacts[type]); }
  rmSync(file);
}
