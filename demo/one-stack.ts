import { isDeepStrictEqual } from 'node:util';
import { dim, green, heading, print, red, table, wrap } from './output';
import { BY_HAND, Chapter, enact, MANAGEMENT, MEMBERS, STORY, stored } from './story';
import { CONTACT_TYPES, ContactType } from '../sandbox/account/contacts';
import { Sandbox, StackResult } from '../sandbox/index';

/** Where the column of statuses begins. */
const STATUS_COLUMN = 18;

interface StackSummary {
  readonly deployments: number;
  /** How many deployments were meant to fail. */
  readonly rolledBack: number;
  /** The chapters that did not end as the story says, and violations of CloudFormation's rules for responses. */
  readonly wrong: string[];
  readonly simulatedSeconds: number;
}

/** The first part of the demo: takes the contacts of three accounts through their whole life, deployed by CloudFormation's rules. */
export async function demonstrateStack(): Promise<StackSummary> {
  const sandbox = await Sandbox.start({
    managementAccount: MANAGEMENT, memberAccounts: MEMBERS, timeScale: 20, quotas: 'documented', policyDelaySeconds: 5,
  });
  try {
    const start = sandbox.clock.now();
    for (const [contact, values] of Object.entries(stored(BY_HAND))) { sandbox.contacts.put(contact.split('/')[0], values); }
    heading('before', 'A management account and two members. Two contacts were set by hand.');
    table(mailboxes(sandbox));
    const wrong: string[] = [];
    for (const chapter of STORY) {
      if (!await show(sandbox, chapter)) { wrong.push(chapter.title); }
    }
    return {
      deployments: STORY.length,
      rolledBack: STORY.filter(({ status }) => status.includes('ROLLBACK')).length,
      wrong: [...wrong, ...sandbox.violations],
      simulatedSeconds: (sandbox.clock.now() - start) / 1000,
    };
  } finally {
    await sandbox.close();
  }
}

/** Shows one chapter. Returns whether it ended as the story says. */
async function show(sandbox: Sandbox, chapter: Chapter): Promise<boolean> {
  heading(chapter.title, chapter.text);
  const before = mailboxes(sandbox);
  const firstEvent = sandbox.events.length;
  const result = await enact(sandbox, chapter);
  showEvents(result, keptContacts(sandbox, firstEvent));
  table(mailboxes(sandbox), before);
  const held = Object.fromEntries([MANAGEMENT, ...MEMBERS].flatMap(account =>
    sandbox.contacts.list(account).map(contact => [`${account}/${contact.AlternateContactType}`, contact])));
  return result.status === chapter.status && isDeepStrictEqual(held, stored(chapter.contacts));
}

/** The logical ids of resources that were deleted although the account keeps the contact. */
function keptContacts(sandbox: Sandbox, firstEvent: number): Set<string> {
  return new Set(sandbox.events.slice(firstEvent).filter(({ RequestType, ResourceProperties }) => {
    const { AccountId = MANAGEMENT, AlternateContactType: type } = ResourceProperties;
    return RequestType === 'Delete' && sandbox.contacts.get(String(AccountId), type as ContactType);
  }).map(event => event.LogicalResourceId));
}

/** Shows the events of the stack, the ends of its contacts, and failures of other resources. */
function showEvents({ events, reason }: StackResult, kept: Set<string>): void {
  if (reason !== undefined && events.length === 0) { print(`  CloudFormation: ${reason}`); }
  if (events.length > 0) { print(dim(`  simulated time  ${'status'.padEnd(28)} resource`)); }
  for (const { at, type, logicalId, status, reason: why = '' } of events) {
    const isStack = type === 'AWS::CloudFormation::Stack' && !status.endsWith('CLEANUP_IN_PROGRESS');
    const isContact = type.startsWith('Custom::') && !status.endsWith('IN_PROGRESS');
    if (!isStack && !isContact && !status.endsWith('FAILED')) { continue; }
    const paint = /FAILED|ROLLBACK/.test(status) ? red : status.endsWith('COMPLETE') ? green : dim;
    const time = `${((at - events[0].at) / 1000).toFixed(1)} s`.padStart(STATUS_COLUMN - 2);
    const note = status === 'DELETE_COMPLETE' && kept.has(logicalId) ? green('  contact kept') : '';
    print(`${dim(time)}  ${paint(status.padEnd(28))} ${logicalId}${note}`);
    if (status.endsWith('FAILED')) {
      // CloudFormation puts the function's message into a sentence of its own.
      const message = /Message returned: (.*) \(RequestId/.exec(why)?.[1] ?? why;
      wrap(message, STATUS_COLUMN).forEach(line => print(dim(line)));
    }
  }
  print();
}

/** The mailbox of each account's contacts. */
function mailboxes(sandbox: Sandbox): string[][] {
  return [['account', ...CONTACT_TYPES], ...[MANAGEMENT, ...MEMBERS].map(account =>
    [account, ...CONTACT_TYPES.map(type => sandbox.contacts.get(account, type)?.EmailAddress ?? '-')])];
}
