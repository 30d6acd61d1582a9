import { BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { ACCOUNTS, DEFAULTS } from './contacts';
import { AlternateContacts } from '../../src'; // in your app: from 'cdk-alternate-contact'

/** Creates the listed accounts and sets their contacts, in one deployment to the management account. */
export class VendingStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() });

    let previous: CfnAccount | undefined;
    for (const [accountName, { email, contacts }] of Object.entries(ACCOUNTS)) {
      const account = new CfnAccount(this, accountName, { accountName, email });
      account.applyRemovalPolicy(RemovalPolicy.RETAIN);
      // Organizations creates one account at a time.
      if (previous) { account.node.addDependency(previous); }
      previous = account;

      // An account that is removed from the list continues to exist, so its contacts stay too.
      new AlternateContacts(this, `${accountName}-contacts`, {
        ...DEFAULTS, ...contacts, accountId: account.attrAccountId, removalPolicy: RemovalPolicy.RETAIN,
      });
    }
  }
}
