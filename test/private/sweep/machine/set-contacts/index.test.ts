import { CONTACTS_TO_SET, PAUSE } from '../../../../../src/private/sweep/machine/set-contacts';
import { evaluate } from '../evaluate';
import { nextOf, stateNamed, valueOf } from '../states';

test('the child looks at one contact after the other, also if there is only one', async () => {
  const work = (accounts: string[]) => evaluate(CONTACTS_TO_SET, { states: { input: { accounts } } });
  expect(await work(['222222222222 0.-.3', '333333333333 -.12.-'])).toEqual([
    { id: '222222222222', type: 'BILLING', contact: 0 },
    { id: '222222222222', type: 'SECURITY', contact: 3 },
    { id: '333333333333', type: 'OPERATIONS', contact: 12 },
  ]);
  expect(await work(['222222222222 -.-.0'])).toEqual([{ id: '222222222222', type: 'SECURITY', contact: 0 }]);
});

test.each([
  [8, 0, 0, 5],
  [8, 0, 4_200, 0],
  [8, 4, 0, 5],
  [2, 4, 1_000, 4],
  [1, 0, 0, 0],
  [8, 0, 60_000, 0],
])('after %i gets, %i puts and %i ms the child waits %i seconds', async (gets, puts, elapsed, seconds) => {
  const millis = () => 1_000_000 + elapsed;
  expect(await evaluate(PAUSE, { gets, puts, started: 1_000_000, millis, group: { getsPerSecond: 1.6, putsPerSecond: 0.8 } })).toBe(seconds);
});

test('the child ends after its last contact, or after four minutes, because it is stopped after five', async () => {
  const next = (at: number, elapsed: number) => nextOf('Another contact?', { at, work: [{}, {}], started: 1_000, millis: () => 1_000 + elapsed });
  expect([await next(1, 240_000), await next(2, 0)]).toEqual(['Get the contact', 'Find the accounts that are done']);
  expect(await next(1, 240_001)).toBe('Find the accounts that are done');
});

test('each call counts for the pace, also one that fails', async () => {
  interface Task { readonly Assign: { readonly [name: string]: string }; readonly Catch: { readonly Assign: { readonly [name: string]: string } }[] }
  for (const [name, calls] of [['Get the contact', 'gets'], ['Put the contact', 'puts']]) {
    const { Assign, Catch } = stateNamed<Task>(name);
    for (const assigned of [Assign, ...Catch.map(catcher => catcher.Assign)]) {
      expect(await valueOf(assigned[calls], { [calls]: 2 })).toBe(3);
    }
  }
});
