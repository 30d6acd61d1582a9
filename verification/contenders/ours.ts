import { Contender } from './contender';
import { AlternateContact, AlternateContactType } from '../../src';

export const contender: Contender = {
  declare(stack, index, contact) {
    new AlternateContact(stack, `Contact${index}`, {
      accountId: contact.AccountId,
      alternateContactType: contact.AlternateContactType as AlternateContactType,
      name: contact.Name,
      title: contact.Title,
      emailAddress: contact.EmailAddress,
      phoneNumber: contact.PhoneNumber,
    });
  },
};
