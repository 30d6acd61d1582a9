import { AlternateContactSet } from '../../src';

const FINANCE = { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' };
const SECURITY = { name: 'Security Operations', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' };
const OPERATIONS = { name: 'Platform', title: 'On call', emailAddress: 'platform@example.com', phoneNumber: '+1 555 0104' };

/** The contacts of an account that declares no others. */
export const DEFAULTS: AlternateContactSet = { billing: FINANCE, operations: OPERATIONS, security: SECURITY };

/** All accounts, each with the e-mail address of its root user and the contacts that differ from the defaults. */
export const ACCOUNTS: { readonly [accountName: string]: { readonly email: string; readonly contacts?: AlternateContactSet } } = {
  shop: { email: 'aws+shop@example.com' },
  data: {
    email: 'aws+data@example.com',
    contacts: { operations: { name: 'Data', title: 'On call', emailAddress: 'data@example.com', phoneNumber: '+1 555 0103' } },
  },
};
