import { asInput, Contacts, Engine, HandWritten, ExecutionOutcome } from './engine';
import { Account, ACCOUNTS, EDITED, Held, NEW, REFUSING, SOMEBODY } from './organization-setup';
import { CONTACT_TYPES } from '../../../sandbox/account/contacts';

/** The outcome of each execution on an engine, and the contacts at some moments. */
export interface Scenario {
  readonly outcomes: { readonly [execution in typeof EXECUTIONS[number]]: ExecutionOutcome };
  readonly contacts: { readonly [moment: string]: Contacts };
}

/** Whether this execution still finds the one that started it among the running ones depends on milliseconds. */
export const RACING = 'the sweep that it starts';

const flat = (accounts: readonly Account[], heldBy: (account: Account) => Held | undefined): HandWritten[] =>
  accounts.flatMap(account => (heldBy(account) ?? []).flatMap((details, index) =>
    details ? [{ id: account.id, type: CONTACT_TYPES[index], details }] : []));

/** The contacts that exist when everything is as declared. */
export const declared = (accounts: readonly Account[]): Contacts =>
  Object.fromEntries(flat(accounts, account => account.declared).map(contact => [`${contact.id}/${contact.type}`, asInput(contact)]));

/** The contacts that must exist, from the accounts that are written by hand. */
export const EXPECTED: Scenario['contacts'] = {
  'while an account refuses': declared(ACCOUNTS.filter(({ id }) => id !== REFUSING)),
  'after an edit by hand and the end of the refusal': declared(ACCOUNTS),
  'after an account was created': declared([...ACCOUNTS, NEW]),
};

/** The executions, in their order. */
export const EXECUTIONS = [
  'a sweep that an account refuses', 'a sweep after an edit by hand', 'a run for a new account', 'a run with a wrong input', 'a run that waits',
  RACING,
] as const;

/** Takes an engine through all of it. */
export async function play(engine: Engine): Promise<Scenario> {
  await engine.putByHand(flat(ACCOUNTS, ({ before }) => before));
  engine.refuse(true);
  const refused = await engine.run({});
  const first = await engine.contacts();

  await engine.putByHand([{ id: EDITED, type: 'SECURITY', details: SOMEBODY }]);
  engine.refuse(false);
  const full = await engine.run({});
  const second = await engine.contacts();

  engine.createAccount(NEW);
  const named = await engine.run({ accountIds: [NEW.id] });
  const third = await engine.contacts();

  const invalid = await engine.run({ accountIds: [] });
  const delayed = await engine.run({ afterSeconds: 60 });
  const { started } = delayed.output as { readonly started: string };
  const later = await engine.outcomeOf(started);
  const [moment1, moment2, moment3] = Object.keys(EXPECTED);
  return {
    outcomes: {
      'a sweep that an account refuses': refused,
      'a sweep after an edit by hand': full,
      'a run for a new account': named,
      'a run with a wrong input': invalid,
      // Each engine chooses the name of the execution that it starts.
      'a run that waits': { ...delayed, output: typeof started },
      [RACING]: later,
    },
    contacts: { [moment1]: first, [moment2]: second, [moment3]: third },
  };
}
