/**
 * The demo: takes the contacts of three accounts through their whole life, deployed to the sandbox by CloudFormation's rules.
 * After each step it shows the events of the stack and the contacts that the accounts then have.
 * Then it goes on with those of a whole organization.
 */
import { demonstrateOrganization } from './organization';
import { dim, green, heading, red, table } from './output';
import { BY_HAND, enact, MANAGEMENT, MEMBERS, STORY, stored } from './story';
import { CONTACT_TYPES } from '../sandbox/account/contacts';
import { Sandbox, StackResult } from '../sandbox/index';

async function main(): Promise<void> {
  const sandbox = await Sandbox.start({
    managementAccount: MANAGEMENT, memberAccounts: MEMBERS, timeScale: 20, quotas: 'documented', policyDelaySeconds: 5,
  });
  try {
    for (const [contact, values] of Object.entries(stored(BY_HAND))) { sandbox.contacts.put(contact.split('/')[0], values); }
    heading('before', 'A management account and two members. Two contacts were set by hand.');
    showContacts(sandbox);
    for (const chapter of STORY) {
      heading(chapter.title, chapter.text);
      showEvents(await enact(sandbox, chapter));
      showContacts(sandbox);
    }
    process.stdout.write(`\n${sandbox.violations.length} breaches of the custom-resource protocol, ${sandbox.calls.length} calls\n`);
  } finally {
    await sandbox.close();
  }
}

function showEvents({ events, reason }: StackResult): void {
  if (events.length === 0) { process.stdout.write(`  ${dim(reason ?? '')}\n`); }
  for (const { at, type, logicalId, status, reason: why = '' } of events) {
    const paint = /FAILED|ROLLBACK/.test(status) ? red : status.endsWith('COMPLETE') ? green : dim;
    // The contacts and the stack are what the demo is about; the rest shows only when it fails.
    if (!/Custom::|CloudFormation::Stack/.test(type) && !/FAILED/.test(status)) { continue; }
    const time = `${((at - events[0].at) / 1000).toFixed(1)} s`.padStart(8);
    process.stdout.write(`${dim(time)}  ${logicalId.padEnd(53)} ${paint(status.padEnd(44))} ${dim(why)}`.trimEnd() + '\n');
  }
  process.stdout.write('\n');
}

function showContacts(sandbox: Sandbox): void {
  const mailboxes = (account: string) => CONTACT_TYPES.map(type => sandbox.contacts.get(account, type)?.EmailAddress ?? '-');
  table([['account', ...CONTACT_TYPES], ...[MANAGEMENT, ...MEMBERS].map(account => [account, ...mailboxes(account)])]);
}

void main().then(demonstrateOrganization);
