import { Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import type { DeclaredTarget } from './declaration';
import { stacksReferredTo } from '../contact/account';
import { contactsOf, type ContactSet } from '../contact-set';
import { CONTACT_TYPES, isSame, valuesOf } from '../contract';
import { contactsIn, type RegisteredSweep, sweepsIn } from '../registry';
import { environmentOf } from '../tree';
import { isPendingLookup } from '../validation';
import { warn } from '../warnings';

/* The last one to set a contact decides its values. If two parts of an app set the same contact, it changes with each sweep and each deployment. */

/** A construct that sweeps and sets contacts, and what it declares. */
export interface Sweep extends RegisteredSweep {
  readonly construct: IConstruct;
}

type FoundContact = ReturnType<typeof contactsIn>[number];

/**
 * Finds the contacts of the app that a sweep sets too. There is no conflict if the account is excluded, or if an override for the account
 * declares the same values. If synthesis cannot tell, it warns: the account may be in an organizational unit that the sweep
 * overrides, and the contacts of another stage may be those of another organization.
 *
 * @returns one error per contact
 */
export function contactConflicts({ construct: sweep, everyAccount, targets }: Sweep): string[] {
  if (isPending(targets)) { return []; }
  return contactsIn(sweep.node.root).flatMap(contact => {
    const { accountId, alternateContactType } = contact;
    if (isPendingLookup(accountId)) { return []; }

    const type = CONTACT_TYPES.indexOf(alternateContactType);
    const own = targets.find(({ target }) => isSameAccount(sweep, target, contact));
    const declared = own?.contacts && contactsOf(own.contacts)[type];
    if (own && (!own.contacts || (declared && isSame(valuesOf(declared), valuesOf(contact.details))))) { return []; }

    const name = `the ${alternateContactType} contact of ${Token.isUnresolved(accountId) ? 'its account' : accountId}`;
    const remedy = own ? 'Remove one of the two, or declare the same values in the override for the account'
      : 'Remove one of the two, or leave the account to the other by AlternateContactOverride.exclude() with its id';
    const isSetInOrganization = declares(own?.contacts, type) || declares(everyAccount, type);
    const isInSameStage = Stage.of(contact.construct) === Stage.of(sweep);
    if (isSetInOrganization && isInSameStage) {
      return [`${name} is declared by this sweep and by ${contact.construct.node.path}: it may change with each sweep and each deployment. ${remedy}`];
    }
    if (isSetInOrganization || targets.some(({ contacts }) => declares(contacts, type))) {
      const where = isSetInOrganization ? 'the same organization' : 'an organizational unit that it overrides';
      // Another stage may be synthesized already.
      warn(isInSameStage ? contact.construct : sweep, 'mayBeSwept',
        `${sweep.node.path} also sets ${name}, which ${contact.construct.node.path} declares, if the account is in ${where}. ${remedy}.`);
    }
    return [];
  });
}

/**
 * Finds the sweeps of the app that set a contact of the same type for the same accounts. Sweeps in other stages or accounts are left out, because
 * they may be for another organization. If only the deployment knows whether an account is in an organizational unit, it warns.
 *
 * @returns one error per sweep and type
 */
export function sweepConflicts(sweep: Sweep): string[] {
  if (isPending(sweep.targets)) { return []; }
  const others = sweepsIn(sweep.construct.node.root).filter(other => other.construct !== sweep.construct
    && other.enforces && isForSameOrganization(sweep.construct, other.construct) && !isPending(other.targets));
  return others.flatMap(other => {
    const what = (type: string) => `the ${type} contacts of some accounts`;
    const both = `by this sweep and by ${other.construct.node.path}`;
    const remedy = 'Declare them in one construct, or exclude from each the accounts and organizational units of the other by '
      + 'AlternateContactOverride.exclude()';
    const conflicts = CONTACT_TYPES.filter((_, type) => conflict(sweep, other, type));
    const possible = CONTACT_TYPES.filter((name, type) => !conflicts.includes(name) && mayConflict(sweep, other, type));
    for (const type of possible) {
      warn(sweep.construct, `mayBeSwept${type}`,
        `${what(type)} may be declared ${both}: an account may be in an organizational unit that one of them overrides. ${remedy}.`);
    }
    return conflicts.map(type => `${what(type)} are declared ${both}: they would change with each sweep of either. ${remedy}`);
  });
}

/** Whether a target is a lookup that is still pending. An error now would prevent the lookup, so the synthesis after it decides. */
function isPending(targets: readonly DeclaredTarget[]): boolean {
  return targets.some(({ target }) => isPendingLookup(target));
}

function isForSameOrganization(one: IConstruct, other: IConstruct): boolean {
  const accountOf = (sweep: IConstruct) => environmentOf(Stack.of(sweep)).account;
  return Stage.of(one) === Stage.of(other) && accountOf(one) === accountOf(other);
}

/** Whether two sweeps set a type for the same target, or one for a target and the other for every account without excluding the target. */
function conflict(one: Sweep, other: Sweep, type: number): boolean {
  const setsAsWell = (everybody: Sweep, { target }: DeclaredTarget) => !excludes(everybody, target)
    && (declares(everybody.targets.find(own => own.target === target)?.contacts, type) || declares(everybody.everyAccount, type));
  return (declares(one.everyAccount, type) && declares(other.everyAccount, type))
    || targetsOf(one, type).some(target => setsAsWell(other, target)) || targetsOf(other, type).some(target => setsAsWell(one, target));
}

/** Whether two sweeps set a type for targets of which one is an organizational unit or a root, and may contain the other. */
function mayConflict(one: Sweep, other: Sweep, type: number): boolean {
  const isAccount = ({ target }: DeclaredTarget) => /^\d{12}$/.test(target);
  return targetsOf(one, type).some(target => targetsOf(other, type).some(another =>
    !(isAccount(target) && isAccount(another)) && !excludes(one, another.target) && !excludes(other, target.target)));
}

function excludes(sweep: Sweep, target: string): boolean {
  return sweep.targets.some(own => own.target === target && !own.contacts);
}

function declares(contacts: ContactSet | undefined, type: number): boolean {
  return contacts !== undefined && contactsOf(contacts)[type] !== undefined;
}

function targetsOf(sweep: Sweep, type: number): DeclaredTarget[] {
  return sweep.targets.filter(({ contacts }) => declares(contacts, type));
}

/** Whether a target is the account of a contact. AWS::AccountId counts as the sweep's account. */
function isSameAccount(sweep: IConstruct, target: string, { construct, accountId }: FoundContact): boolean {
  const sweepAccount = environmentOf(Stack.of(sweep)).account;
  const nameOf = (user: IConstruct, id: string) => {
    const stack = Stack.of(user);
    const resolved: unknown = stack.resolve(id);
    const name = JSON.stringify(resolved);
    if (resolved === sweepAccount || name === '{"Ref":"AWS::AccountId"}') { return 'own'; }
    // Two stacks of one class produce tokens that look the same.
    return [name, ...stacksReferredTo(stack, id).map(({ node }) => node.path)].join();
  };
  // One token resolves to a reference in its own stack, and to an import in another.
  return target === accountId || nameOf(sweep, target) === nameOf(construct, accountId);
}
