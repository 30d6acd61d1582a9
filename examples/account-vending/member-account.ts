import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { AlternateContacts, AlternateContactSet } from '../../src'; // in your app: from 'cdk-alternate-contact'

/** A new account and its contacts. An account that is removed from the app continues to exist, so its contacts stay too. */
export class MemberAccount extends Construct {
  public readonly account: CfnAccount;

  constructor(scope: Construct, accountName: string, email: string, contacts: AlternateContactSet) {
    super(scope, accountName);
    this.account = new CfnAccount(this, 'Account', { accountName, email });
    this.account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new AlternateContacts(this, 'Contacts', { ...contacts, accountId: this.account.attrAccountId, removalPolicy: RemovalPolicy.RETAIN });
  }
}
