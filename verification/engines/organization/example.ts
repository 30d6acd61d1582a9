import { join } from 'node:path';
import type { Account } from './organization-setup';
import type { Example } from './remote-engines';

const finance = { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' };
const platform = { name: 'Platform', title: 'On call', emailAddress: 'platform@example.com', phoneNumber: '+1 555 0104' };
const soc = { name: 'Security Operations', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' };
const shop = { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' };
const lab = { name: 'Research Lab', title: 'On call', emailAddress: 'lab@example.com', phoneNumber: '+1 555 0105' };
const SHOPS = 'ou-ab12-11111111';
const LEFT_ALONE = 'ou-ab12-99999999';

export const EDITED_IN_EXAMPLE: Account = { id: '555555555555', unit: SHOPS, declared: [finance, shop, soc] };

/** The example app, with an organization that has the accounts and units that the app names. */
export const EXAMPLE: Example = {
  app: join('examples', 'organization-wide', 'app.ts'),
  organization: {
    accounts: [
      { id: '111111111111', declared: [finance, platform, soc] },
      { id: '222222222222', unit: SHOPS, declared: [finance, shop, lab] },
      { id: '333333333333', declared: [] },
      { id: '444444444444', unit: LEFT_ALONE, declared: [] },
      EDITED_IN_EXAMPLE,
    ],
    units: [[SHOPS], [LEFT_ALONE]],
    newAccount: { id: '666666666666', unit: SHOPS, declared: [finance, shop, soc] },
  },
};
