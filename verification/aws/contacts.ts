import {
  AccountClient, AlternateContact, AlternateContactType, DeleteAlternateContactCommand, GetAlternateContactCommand, PutAlternateContactCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-account';

export const TYPES = Object.values(AlternateContactType);

/** The contacts of the account of the credentials. */
export type Contacts = { readonly [type in AlternateContactType]?: AlternateContact };

export async function readContacts(client: AccountClient): Promise<Contacts> {
  const contacts = await Promise.all(TYPES.map(async type => [type, await readContact(client, type)] as const));
  return Object.fromEntries(contacts.filter(([, contact]) => contact));
}

async function readContact(client: AccountClient, type: AlternateContactType): Promise<AlternateContact | undefined> {
  try {
    return (await client.send(new GetAlternateContactCommand({ AlternateContactType: type }))).AlternateContact;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) { return undefined; }
    throw error;
  }
}

/** Sets a contact, or deletes it if there is none to set. */
export async function writeContact(client: AccountClient, type: AlternateContactType, contact: AlternateContact | undefined): Promise<void> {
  if (contact) {
    const { Name, Title, EmailAddress, PhoneNumber } = contact;
    await client.send(new PutAlternateContactCommand({ AlternateContactType: type, Name, Title, EmailAddress, PhoneNumber }));
    return;
  }
  await client.send(new DeleteAlternateContactCommand({ AlternateContactType: type })).catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) { throw error; }
  });
}

const FIELDS = ['Name', 'Title', 'EmailAddress', 'PhoneNumber'] as const;

export function isSame(one: AlternateContact | undefined, other: AlternateContact | undefined): boolean {
  return FIELDS.every(field => one?.[field] === other?.[field]);
}
