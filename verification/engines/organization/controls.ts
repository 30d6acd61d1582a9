import { differences, eventsOf, outcomeOf } from './differences';
import type { Contacts, Engine, Outcome, RemoteEngine } from './engine';
import { EDITED, SOMEBODY } from './world';
import { check } from '../../tools/checks';

/** A machine that is broken on purpose, and where the comparison has to find it. */
interface Control {
  readonly what: string;
  readonly find: string;
  readonly replace: string;
  readonly differs: readonly ('contacts' | 'outcome' | 'history')[];
}

const CONTROLS: readonly Control[] = [
  { what: 'counts changes as contacts', find: "'contacts': $totals.contacts,", replace: "'contacts': $totals.changes,", differs: ['outcome'] },
  {
    what: 'has a state more',
    find: '"StartAt":"Read the input","States":{',
    replace: '"StartAt":"Idle","States":{"Idle":{"Type":"Pass","Next":"Read the input"},',
    differs: ['history'],
  },
  { what: 'puts nothing', find: '"Default":"Put the contact"', replace: '"Default":"Keep to the request quotas"', differs: ['contacts', 'outcome'] },
  { what: 'takes the farthest unit for the nearest', find: '$above := $reverse(', replace: '$above := (', differs: ['contacts', 'outcome'] },
];

/** Runs broken machines, to see that the comparison tells them from the whole one. */
export async function breakMachine(engine: RemoteEngine, reference: Engine, definition: string): Promise<void> {
  const expected = await sweepAfterEdit(reference);
  for (const [index, { what, find, replace, differs }] of CONTROLS.entries()) {
    const broken = definition.replace(find, () => replace);
    if (broken === definition) throw new Error(`The definition has no ${find}`);
    await engine.create(`broken${index}`, broken);
    const actual = await sweepAfterEdit(engine);
    const found = Object.entries({
      contacts: differences(actual.contacts, expected.contacts),
      outcome: differences(outcomeOf(actual.outcome), outcomeOf(expected.outcome)),
      history: differences(eventsOf(actual.outcome), eventsOf(expected.outcome)),
    }).filter(([, difference]) => Object.keys(difference).length > 0);
    check(`control: a machine that ${what} differs in ${differs.join(' and ')}`, found.map(([name]) => name), differs);
  }
}

async function sweepAfterEdit(engine: Engine): Promise<{ readonly outcome: Outcome; readonly contacts: Contacts }> {
  await engine.putByHand([{ id: EDITED, type: 'SECURITY', details: SOMEBODY }]);
  return { outcome: await engine.run({}), contacts: await engine.contacts() };
}
