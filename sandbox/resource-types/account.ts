import type { ContactStore, ContactType, StoredContact } from '../account/contacts';
import { ResourceFailure, type ResourceType } from '../cloudformation/resource';
import type { Properties } from '../cloudformation/template';

/**
 * AwsCommunity::Account::AlternateContact of the public registry, as its published handlers work: a creation refuses a contact that exists, and a
 * deletion deletes whatever the account has. Which account may name which is not checked.
 */
export function alternateContact(contacts: ContactStore): ResourceType {
  const keyOf = ({ AccountId, AlternateContactType }: Properties) => [String(AccountId), AlternateContactType as ContactType] as const;
  const put = (properties: Properties) => {
    const [account] = keyOf(properties);
    const { AccountId, ...contact } = properties;
    contacts.put(account, contact as unknown as StoredContact, 'api');
    return { physicalId: keyOf(properties).join('|'), attributes: {} };
  };
  const create = (properties: Properties) => {
    if (contacts.get(...keyOf(properties))) {
      throw new ResourceFailure(`Resource of type 'AwsCommunity::Account::AlternateContact' with identifier '${keyOf(properties).join('/')}' already exists.`,
        { reached: false });
    }
    return put(properties);
  };
  return {
    create: async ({ properties }) => create(properties),
    // The account and the type can't be updated: CloudFormation creates the other contact, and deletes this one in its cleanup.
    update: async ({ properties, physicalId }) => keyOf(properties).join('|') === physicalId ? put(properties) : create(properties),
    delete: async ({ properties }) => {
      contacts.delete(...keyOf(properties), 'api');
    },
  };
}
