import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './differences';
import type { Outcome } from './engine';
import { Closers, Example, startMinistackAndDeploy } from './remote-engines';
import { declared } from './story';
import { Account, SOMEBODY } from './world';
import { check } from '../../tools/checks';
import type { Tools } from '../tools';

const finance = { name: 'Accounts Payable', title: 'Finance', emailAddress: 'invoices@example.com', phoneNumber: '+1 555 0101' };
const platform = { name: 'Platform', title: 'On call', emailAddress: 'platform@example.com', phoneNumber: '+1 555 0104' };
const soc = { name: 'Security Operations', title: 'On call', emailAddress: 'security@example.com', phoneNumber: '+1 555 0100' };
const shop = { name: 'Shop', title: 'On call', emailAddress: 'shop@example.com', phoneNumber: '+1 555 0102' };
const lab = { name: 'Research Lab', title: 'On call', emailAddress: 'lab@example.com', phoneNumber: '+1 555 0105' };
const SHOPS = 'ou-ab12-11111111';
const LEFT_ALONE = 'ou-ab12-99999999';

const EDITED: Account = { id: '555555555555', unit: SHOPS, declared: [finance, shop, soc] };

/** The example app, with an organization that has what the app names. */
const EXAMPLE: Example = {
  app: join('examples', 'organization-wide', 'app.ts'),
  world: {
    accounts: [
      { id: '111111111111', declared: [finance, platform, soc] },
      { id: '222222222222', unit: SHOPS, declared: [finance, shop, lab] },
      { id: '333333333333', declared: [] },
      { id: '444444444444', unit: LEFT_ALONE, declared: [] },
      EDITED,
    ],
    units: [[SHOPS], [LEFT_ALONE]],
    newAccount: { id: '666666666666', unit: SHOPS, declared: [finance, shop, soc] },
  },
};

/**
 * Does with the example app what a stranger would: deploys it, and sees the contacts appear, survive an edit and reach a new account. ministack has
 * none of the events that start sweeps, so they are started by hand.
 */
export async function deployExample(tools: Tools, closers: Closers): Promise<void> {
  const { accounts, newAccount } = EXAMPLE.world;
  const directory = join(tools.directory, 'example');
  mkdirSync(directory);
  const engine = await startMinistackAndDeploy({ ...tools, directory, env: { ...tools.env, AWS_ACCESS_KEY_ID: accounts[0].id } }, EXAMPLE, closers);
  const judge = async (what: string, { status, error, cause }: Outcome, swept: readonly Account[]) => {
    check(`example: ${what}`, { status, error, cause, differences: differences(await engine.contacts(), declared(swept)) }, {
      status: 'SUCCEEDED', error: undefined, cause: undefined, differences: {},
    });
  };
  await judge('the contacts appear', await engine.run({}), accounts);
  await engine.putByHand([{ id: EDITED.id, type: 'SECURITY', details: SOMEBODY }]);
  await judge('they survive an edit', await engine.run({}), accounts);
  engine.createAccount(newAccount);
  await judge('they reach a new account', await engine.run({ accountIds: [newAccount.id] }), [...accounts, newAccount]);
}
