import { BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ACCOUNTS, DEFAULTS } from './contacts';
import { MemberAccount } from './member-account';

/** Creates the listed accounts and sets their contacts, in one deployment to the management account. */
export class VendingStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() });

    const members = Object.entries(ACCOUNTS).map(([name, { email, contacts }]) => new MemberAccount(this, name, email, { ...DEFAULTS, ...contacts }));
    members.slice(1).forEach((second, i) => {
      const first = members[i];
      // Organizations creates one account at a time. The contacts must not be part of this: one role names all accounts.
      second.account.node.addDependency(first.account);
    });
  }
}
