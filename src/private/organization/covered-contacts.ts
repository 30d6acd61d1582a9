import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { contactsOf, DeclaredTarget } from './declaration';
import { TYPES } from './vocabulary';
import { AlternateContact, AlternateContactDetails } from '../../alternate-contact';
import type { AlternateContactSet } from '../../alternate-contact-set';

/**
 * Finds the contacts of the app that a sweep sets too. With two masters, a contact would change at each sweep and each deployment. It is no
 * conflict where the account is excluded, or where an override for the account declares the same values.
 *
 * @returns one error per contact
 */
export function contactsWithTwoMasters(sweep: IConstruct, everyAccount: AlternateContactSet, targets: readonly DeclaredTarget[]): string[] {
  return sweep.node.root.node.findAll().filter(construct => construct instanceof AlternateContact).flatMap(contact => {
    const { accountId, alternateContactType } = contact;
    const detailsIn = (contacts?: AlternateContactSet) => contacts && contactsOf(contacts)[TYPES.indexOf(alternateContactType)];
    const own = targets.find(({ target }) => isSameAccount(sweep, target, contact));
    if (own && (!own.contacts || isSame(detailsIn(own.contacts), contact._details))) return [];

    const name = `the ${alternateContactType} contact of ${Token.isUnresolved(accountId) ? 'its account' : accountId}`;
    const remedy = 'Remove one of the two, or leave the account to the other by AlternateContactOverride.exclude() with its id';
    if (detailsIn(own?.contacts) || detailsIn(everyAccount)) {
      return [`${name} has two masters, this sweep and ${contact.node.path}: it would change with each sweep and each deployment. ${remedy}`];
    }
    if (targets.some(({ contacts }) => detailsIn(contacts))) {
      Annotations.of(contact).addWarningV2('cdk-alternate-contact:mayBeSwept',
        `${sweep.node.path} sets ${name} too, if the account is in an organizational unit that it overrides. ${remedy}.`);
    }
    return [];
  });
}

function isSame(one: AlternateContactDetails | undefined, other: AlternateContactDetails): boolean {
  return one !== undefined && one.name === other.name && one.title === other.title && one.emailAddress === other.emailAddress
    && one.phoneNumber === other.phoneNumber;
}

/** Whether a target is the account of a contact. An account that is only known at deployment is taken for the sweep's own. */
function isSameAccount(sweep: IConstruct, target: string, contact: AlternateContact): boolean {
  const sweepAccount = Stack.of(sweep).account;
  const nameOf = (construct: IConstruct, accountId: string) => {
    const resolved: unknown = Stack.of(construct).resolve(accountId);
    const name = JSON.stringify(resolved);
    return resolved === sweepAccount || name === '{"Ref":"AWS::AccountId"}' ? 'own' : name;
  };
  return nameOf(sweep, target) === nameOf(contact, contact.accountId);
}
