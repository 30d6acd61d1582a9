import { Annotations, Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { contactsOf, DeclaredTarget } from './declaration';
import { TYPES } from './vocabulary';
import { AlternateContact, AlternateContactDetails } from '../../alternate-contact';
import type { AlternateContactSet } from '../../alternate-contact-set';

/**
 * Finds the contacts of the app that a sweep sets too: such a contact would change with each sweep and each deployment. It is no conflict where
 * the account is excluded, or where an override for the account declares the same values.
 *
 * @returns one error per contact
 */
export function contactsSetTwice(sweep: IConstruct, everyAccount: AlternateContactSet, targets: readonly DeclaredTarget[]): string[] {
  return sweep.node.root.node.findAll().filter(construct => construct instanceof AlternateContact).flatMap(contact => {
    const { accountId, alternateContactType } = contact;
    const detailsIn = (contacts?: AlternateContactSet) => contacts && contactsOf(contacts)[TYPES.indexOf(alternateContactType)];
    const own = targets.find(({ target }) => isSameAccount(sweep, target, contact));
    if (own && (!own.contacts || isSame(detailsIn(own.contacts), contact._details))) { return []; }

    const name = `the ${alternateContactType} contact of ${Token.isUnresolved(accountId) ? 'its account' : accountId}`;
    const remedy = 'Remove one of the two, or leave the account to the other by AlternateContactOverride.exclude() with its id';
    if (detailsIn(own?.contacts) || detailsIn(everyAccount)) {
      return [`this sweep and ${contact.node.path} both set ${name}: it would change with each sweep and each deployment. ${remedy}`];
    }
    if (targets.some(({ contacts }) => detailsIn(contacts))) {
      Annotations.of(contact).addWarningV2('cdk-alternate-contact:mayBeSwept',
        `${sweep.node.path} sets ${name} too, if the account is in an organizational unit that it overrides. ${remedy}.`);
    }
    return [];
  });
}

/** A construct that sweeps, and what it declares. */
export interface Sweep {
  readonly construct: IConstruct;
  readonly everyAccount: AlternateContactSet;
  readonly targets: readonly DeclaredTarget[];
}

/**
 * Finds the sweeps of the app that set a contact of the same type for the same accounts: it would change with each sweep of either. Sweeps in
 * other stages or accounts are left out, because they may be for another organization.
 *
 * @returns one error per sweep and type
 */
export function overlappingSweeps(sweep: Sweep, others: readonly Sweep[]): string[] {
  return others.filter(other => other.construct !== sweep.construct && isForSameOrganization(sweep.construct, other.construct)).flatMap(other =>
    TYPES.filter((_, type) => mayMeet(sweep, other, type)).map(type =>
      `this sweep and ${other.construct.node.path} both set the ${type} contacts of some accounts: they would change with each sweep of either. `
      + 'Declare them in one construct, or exclude from each the accounts and organizational units of the other by AlternateContactOverride.exclude()'));
}

function isForSameOrganization(one: IConstruct, other: IConstruct): boolean {
  return Stage.of(one) === Stage.of(other) && Stack.of(one).account === Stack.of(other).account;
}

/** Whether two sweeps set a type for the same target, or one for a target and the other for every account without excluding the target. */
function mayMeet(one: Sweep, other: Sweep, type: number): boolean {
  const isDeclared = (contacts?: AlternateContactSet) => contacts !== undefined && contactsOf(contacts)[type] !== undefined;
  const setsAsWell = (everybody: Sweep, { target }: DeclaredTarget) => {
    const own = everybody.targets.find(declared => declared.target === target);
    return own ? own.contacts !== undefined && (isDeclared(own.contacts) || isDeclared(everybody.everyAccount)) : isDeclared(everybody.everyAccount);
  };
  const targetsOf = (sweep: Sweep) => sweep.targets.filter(({ contacts }) => isDeclared(contacts));
  return (isDeclared(one.everyAccount) && isDeclared(other.everyAccount))
    || targetsOf(one).some(target => setsAsWell(other, target)) || targetsOf(other).some(target => setsAsWell(one, target));
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
