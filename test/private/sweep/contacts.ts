/* Contacts to declare. */

export const contact = (name: string) => ({ name, title: 'On call', emailAddress: `${name}@example.com`, phoneNumber: '+1 555 0100' });

export const EVERYONE = { billing: contact('finance'), operations: contact('platform'), security: contact('soc') };
