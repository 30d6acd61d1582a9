import type { AlternateContact } from '@aws-sdk/client-account';

/** No real contact has this name, so a contact that has it may be overwritten and deleted. */
const NAME = 'Test of cdk-alternate-contact';

/** A contact that belongs to nobody. example.com receives no mail, and the number is reserved for fiction. */
export const testContact = (mailbox: string) =>
  ({ name: NAME, title: 'Test', emailAddress: `${mailbox}@example.com`, phoneNumber: '+1 555 0100' });

export function isTestValue({ Name, EmailAddress }: AlternateContact): boolean {
  return Name === NAME && EmailAddress?.endsWith('@example.com') === true;
}
