/** The accounts, names and values that the app deploys and the run expects. */
export const OWN_ACCOUNT = '111122223333';
export const MEMBER_ACCOUNT = '444455556666';
export const REGION = 'eu-west-1';
export const STACK_NAME = 'contacts';

/** What the stack looks like, in the order in which it is deployed. */
export type Shape = 'initial' | 'edited' | 'renamed' | 'swapped' | 'removed' | 'failing' | 'provider';

export interface Details {
  readonly name: string;
  readonly title: string;
  readonly emailAddress: string;
  readonly phoneNumber: string;
}

const person = (name: string, mailbox: string): Details =>
  ({ name, title: 'On duty', emailAddress: `${mailbox}@example.com`, phoneNumber: '+1 (555) 0100' });

export const CONTACTS = {
  alice: person('Alice', 'alice'),
  aliceEdited: person('Alice', 'alice.new'),
  bob: person('Bob', 'bob'),
  carol: person('Carol', 'carol'),
  dave: person('Dave', 'dave'),
  /** Set by hand before a deployment takes it over. */
  erin: person('Erin', 'erin'),
};
