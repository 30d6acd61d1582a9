import { Construct } from 'constructs';
import { AlternateContact, AlternateContacts, AlternateContactType } from '../../src'; // in your app: from 'cdk-alternate-contact'

const FINANCE = { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' };
const SECURITY = { name: 'Security Operations', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' };

/** Declares the contacts of the management account, to which the stack is deployed, and of two members of its organization. */
export function declareContacts(scope: Construct): void {
  new AlternateContacts(scope, 'Management', { billing: FINANCE, security: SECURITY });
  new AlternateContacts(scope, 'Shop', {
    accountId: '222222222222',
    operations: { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' },
    security: SECURITY,
  });
  new AlternateContact(scope, 'DataSecurity', { accountId: '333333333333', alternateContactType: AlternateContactType.SECURITY, ...SECURITY });
}
