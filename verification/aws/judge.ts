import { AlternateContactType as Type } from '@aws-sdk/client-account';
import { Chapter, CHAPTERS, Expected } from './chapters';
import type { CheckResult } from './checks';
import { Contacts, isSame, TYPES } from './contacts';
import type { AlternateContactType } from '../../src';

/** What AWS has after a chapter. */
export interface Seen {
  /** The status of the stack. @default - there is no stack */
  readonly status?: string;
  readonly contacts: Contacts;
  /** What the functions have logged since the chapter began. */
  readonly lines: readonly string[];
}

/** Compares what AWS has after a chapter with what it must have. */
export function judge({ check, status, contacts, events }: Chapter, seen: Seen): CheckResult {
  const logged = seen.lines.filter(line => line.startsWith('{')).map(eventOf).sort();
  return {
    check,
    answer: `${seen.status ?? 'no stack'}; ${logged.join('; ') || 'no event'}`,
    differences: [
      ...seen.status === status ? [] : [`the stack is ${seen.status ?? 'gone'}, not ${status ?? 'gone'}`],
      ...contactDifferences(contacts, seen.contacts),
      ...events ? eventDifferences(events, logged) : [],
      ...seen.lines.some(isPersonal) ? ['the log of the function contains a value of a contact'] : [],
    ],
  };
}

/** A contact as the service stores it. */
export function storedAs(contacts: Expected, type: Type) {
  const details = contacts[type as AlternateContactType];
  return details && { Name: details.name, Title: details.title, EmailAddress: details.emailAddress, PhoneNumber: details.phoneNumber };
}

/** The types of the contacts that differ. Their values are not named: they may be real ones. */
function contactDifferences(expected: Expected, seen: Contacts): string[] {
  return TYPES.filter(type => !isSame(storedAs(expected, type), seen[type]))
    .map(type => `the contact for ${type} is ${seen[type] ? storedAs(expected, type) ? 'another one' : 'there' : 'missing'}`);
}

function eventDifferences(expected: readonly string[], seen: readonly string[]): string[] {
  const left = [...seen];
  const missing = expected.filter(event => {
    const index = left.indexOf(event);
    if (index >= 0) { left.splice(index, 1); }
    return index < 0;
  });
  return [...missing.map(event => `no event "${event}"`), ...left.map(event => `an event "${event}"`)];
}

function eventOf(line: string): string {
  const { RequestType, LogicalResourceId, action } = JSON.parse(line) as { readonly [field: string]: string };
  return `${RequestType} ${LogicalResourceId}: ${action}`;
}

/** Whether a line of the log contains a test value. */
function isPersonal(line: string): boolean {
  return CHAPTERS.flatMap(({ contacts, byHand = {} }) => [contacts, byHand]).flatMap(contacts => Object.values(contacts))
    .some(({ name, emailAddress, phoneNumber }) => [name, emailAddress, phoneNumber].some(value => line.includes(value)));
}
