import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Break, BREAKS } from './breaks';
import { Breach } from './deployment';
import { Step } from './model';
import { run } from './run';
import { add, step } from './steps';
import { alternateContact, System } from './systems';
import { CONTACT_TYPES } from '../../sandbox';

/*
 * The proof finds nothing in a scenario with the library as it is, and finds the breach with a library that has the break of the scenario.
 * Three breaks need hundreds of contacts, events that wait, or a new account: they are in load.test.ts, waiting.test.ts and new-account.test.ts.
 */
const byHand = [{ account: '222222222222', type: 'SECURITY', action: 'put' }] as const;
const addOther = add({ type: 'BILLING' });
const allContacts = CONTACT_TYPES.flatMap(type => ['111111111111', '222222222222', '333333333333']
  .map(id => add({ type, account: { as: 'literal', id } })));

/** Contacts that must not overwrite, of other accounts than the one that is set by hand. */
const careful = CONTACT_TYPES.map(type => add({ type, account: { as: 'literal', id: '333333333333' }, overwriteExisting: false }));

interface Scenario {
  readonly name: string;
  readonly steps: Step[];
  readonly broken: Break;
  readonly breach: Breach;
  readonly policyDelaySeconds?: number;
  readonly readDelaySeconds?: readonly number[];
  readonly timeScale?: number;
}
const SCENARIOS: Scenario[] = [
  {
    name: 'a Create that is refused leaves the contact that was there',
    steps: [step([addOther]), step([add({ overwriteExisting: false })], { byHand: [...byHand] })],
    broken: 'Delete goes by ResourceProperties',
    breach: 'lost',
  },
  {
    name: 'another provider takes a contact over',
    steps: [step([add()]), step([{ edit: 'provider', at: 0, provider: 'P' }])],
    broken: 'Delete does not ask the stack',
    breach: 'lost',
  },
  {
    name: 'two accounts that are only known at deployment are swapped',
    steps: [step([add({ account: { as: 'token', parameter: 'AccountX' } }), add({ account: { as: 'token', parameter: 'AccountY' } })]), step([{ edit: 'swapParameters' }])],
    broken: 'Delete does not ask the stack',
    breach: 'lost',
  },
  {
    name: 'a construct is renamed while its contact changes, and the deployment fails',
    steps: [step([add()]), step([{ edit: 'rename', at: 0 }, { edit: 'values', at: 0 }], { sibling: 'afterwards' })],
    broken: 'the logical id follows from the path',
    breach: 'wrong values',
  },
  {
    name: 'a contact that leaves the app is deleted after the role has shrunk',
    policyDelaySeconds: 0,
    steps: [step([add(), add({ type: 'BILLING', account: { as: 'omitted' } })]), step([{ edit: 'remove', at: 0 }])],
    broken: 'the permission to delete follows the declared contacts exactly',
    breach: 'orphaned',
  },
  {
    name: 'a contact that was taken over stays when the deployment fails',
    steps: [step([addOther]), step([add()], { byHand: [...byHand], sibling: 'afterwards' })],
    broken: 'a rollback deletes what was taken over',
    breach: 'lost',
  },
  {
    name: 'a contact that is refused leaves the accounts of the others as they were',
    // The others look until their reads show what they put. The contact that was set by hand is refused long before that.
    readDelaySeconds: [0, 40],
    policyDelaySeconds: 0,
    timeScale: 20,
    steps: [
      step([addOther]),
      step([...careful, add({ overwriteExisting: false })], { byHand: [...byHand] }),
    ],
    broken: 'a Create does not ask whether its deployment is rolled back',
    breach: 'left behind',
  },
  // A delay for each write: the other contact, the edit by hand, the put that takes it over. Reads first show nothing, long enough for the first Get
  // to see that on a slow machine too, and then what was set by hand, long enough for a look to see it. The put shows while the looks go on, or later.
  ...[[0, 40, 80], [0, 50, 100]].map(readDelaySeconds => ({
    name: `a contact that was set by hand just before stays when the deployment that takes it over fails, though reads are ${readDelaySeconds[1]} seconds behind`,
    readDelaySeconds,
    policyDelaySeconds: 0, // a denial would delay the first Get
    timeScale: 50,
    steps: [step([addOther]), step([add()], { byHand: [{ ...byHand[0], justNow: true }], sibling: 'afterwards' })],
    broken: 'what was there is read once, before the put' as const,
    breach: 'lost' as const,
  })),
  {
    name: 'a contact that a new nested stack took over stays when its parent cannot be created',
    steps: [step([add({ nest: 'A' })], { byHand: [...byHand], sibling: 'afterwards' })],
    broken: 'only the nested stack itself is asked whether it rolls back',
    breach: 'lost',
  },
  {
    name: 'a contact that a new nested stack took over stays when the update of its parent fails',
    steps: [step([addOther]), step([add({ nest: 'A' })], { byHand: [...byHand], sibling: 'afterwards' })],
    broken: 'only the nested stack itself is asked whether it rolls back',
    breach: 'lost',
  },
  {
    name: 'a nested stack is renamed',
    steps: [step([add({ nest: 'A' }), addOther]), step([{ edit: 'renameNest', at: 0 }])],
    broken: 'Delete asks only its own stack',
    breach: 'lost',
  },
  {
    name: 'a contact moves from one nested stack to another',
    steps: [step([add({ nest: 'A' }), addOther]), step([{ edit: 'nest', at: 0, nest: 'B' }])],
    broken: 'Delete asks only its own stack',
    breach: 'lost',
  },
  {
    name: 'a contact moves from a nested stack of a nested stack to the root',
    steps: [step([add({ nest: 'A/C' }), addOther]), step([{ edit: 'nest', at: 0 }])],
    broken: 'Delete asks only its own stack',
    breach: 'lost',
  },
  {
    name: 'a contact moves from the root to a nested stack of a nested stack',
    steps: [step([add(), add({ type: 'BILLING', nest: 'A' })]), step([{ edit: 'nest', at: 0, nest: 'A/C' }])],
    broken: 'Delete does not ask the nested stacks',
    breach: 'lost',
  },
  {
    name: 'connections that are lost let no deployment fail',
    steps: [step(allContacts, { disturbances: ['drop-before', 'drop-after'] })],
    broken: 'a lost connection is final',
    breach: 'failed without cause',
  },
  {
    name: 'the permissions of a new role may need time to propagate',
    policyDelaySeconds: 30,
    timeScale: 20, // the first call comes before that, and the sixty seconds that a denial is waited for end well after it
    steps: [step([addOther])],
    broken: 'a denial without a cause is final',
    breach: 'failed without cause',
  },
  {
    name: "the stack's account may be named",
    steps: [step([add({ account: { as: 'token', parameter: 'AccountX' }, stack: 'Member' })])],
    broken: "the stack's account is named in calls",
    breach: 'failed without cause',
  },
  {
    name: 'nothing personal is logged',
    steps: [step([add()])],
    broken: 'the event is logged',
    breach: 'personal data',
  },
];

describe.each(SCENARIOS)('$name', ({ steps, readDelaySeconds, broken, breach, policyDelaySeconds, timeScale }) => {
  const breachesOf = async (candidate: System) =>
    (await run(candidate, { steps, readDelaySeconds }, { policyDelaySeconds, timeScale })).findings.map(finding => finding.breach);

  test('goes well with the library', async () => {
    expect(await breachesOf(alternateContact)).toEqual([]);
  });

  test(`goes wrong (${breach}) when ${broken}`, async () => {
    expect(await breachesOf(await BREAKS[broken]())).toContain(breach);
  });
});

test('the documents say how many breaks there are, and each has its test', () => {
  const elsewhere: Break[] = [
    'Delete reads only the first page', 'the deadline does not count how long the event waited', 'a new account gets no more patience than any other',
  ];
  expect([...new Set([...SCENARIOS.map(({ broken }) => broken), ...elsewhere])].sort()).toEqual(Object.keys(BREAKS).sort());
  for (const document of ['README.md', 'docs/proof.md']) {
    expect(readFileSync(join(__dirname, '../..', document), 'utf8')).toContain(`breaks the library in ${Object.keys(BREAKS).length} ways`);
  }
});
