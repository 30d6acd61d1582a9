import { Token } from 'aws-cdk-lib';
import { AlternateContactSet } from './alternate-contacts';
import { missingContact } from './private/contact-set';
import { DeclaredTarget } from './private/sweep/declaration';
import { validateSet, validateTargets } from './private/sweep/overrides';

/**
 * Declares other contacts for some accounts of an organization, or excludes accounts.
 *
 * For each type the nearest declaration counts: the account's own override, then that of its organizational unit, then those of the units
 * above, then that of the root, then the contacts of every account.
 *
 * @example
 * AlternateContactOverride.forOrganizationalUnits(['ou-ab12-11111111'], {
 *   operations: { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' },
 * });
 */
export class AlternateContactOverride {
  /**
   * Overrides the contacts of all accounts in organizational units, and in the units below them.
   *
   * @param organizationalUnitIds such as `ou-ab12-11111111`, or the id of a root, such as `r-ab12`; each may be a token
   * @param contacts at least one; a type that is not given stays as declared for the units above, or for every account
   * @throws Error if an id is not that of an organizational unit or a root, if an id is given twice, if no contact is given, or if the service
   * would refuse a value.
   * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
   */
  public static forOrganizationalUnits(organizationalUnitIds: string[], contacts: AlternateContactSet): AlternateContactOverride {
    validateTargets('AlternateContactOverride.forOrganizationalUnits', 'organizationalUnitIds', organizationalUnitIds, 'unit');
    return AlternateContactOverride.declaring('AlternateContactOverride.forOrganizationalUnits', organizationalUnitIds, contacts);
  }

  /**
   * Overrides the contacts of accounts.
   *
   * @param accountIds 12 digits each, as strings; each may be a token
   * @param contacts at least one; a type that is not given stays as declared for the account's organizational units, or for every account
   * @throws Error if an id is not that of an account, if an id is given twice, if no contact is given, or if the service would refuse a value.
   */
  public static forAccounts(accountIds: string[], contacts: AlternateContactSet): AlternateContactOverride {
    validateTargets('AlternateContactOverride.forAccounts', 'accountIds', accountIds, 'account');
    return AlternateContactOverride.declaring('AlternateContactOverride.forAccounts', accountIds, contacts);
  }

  /**
   * Leaves accounts alone: their contacts are neither set nor compared. An override that is nearer to an account than the exclusion still counts.
   *
   * @param targetIds ids of accounts, organizational units or roots; each may be a token
   * @throws Error if an id is none of these, or if an id is given twice.
   */
  public static exclude(targetIds: string[]): AlternateContactOverride {
    validateTargets('AlternateContactOverride.exclude', 'targetIds', targetIds, 'any');
    return new AlternateContactOverride(targetIds);
  }

  // Contacts that are missing, as from a table without the id, must not turn into an exclusion.
  private static declaring(method: string, targetIds: string[], contacts: AlternateContactSet = {}): AlternateContactOverride {
    validateSet(method, contacts);
    const missing = missingContact([contacts], ` for ${describeIds(targetIds)}`);
    if (missing) { throw new Error(`${method}: ${missing}`); }
    return new AlternateContactOverride(targetIds, contacts);
  }

  /** @internal */
  public readonly _targets: readonly DeclaredTarget[];

  private constructor(targetIds: string[], contacts?: AlternateContactSet) {
    this._targets = targetIds.map(target => ({ target, contacts }));
  }
}

function describeIds(ids: string[]): string {
  return ids.map(id => Token.isUnresolved(id) ? 'a token' : id).join(', ');
}
