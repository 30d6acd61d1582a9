import * as fc from 'fast-check';
import { Life, Plan, LifeEvent } from './life';
import { CONTACT_TYPES, ContactType } from '../../../sandbox';
import { VALUES } from '../../../sandbox/account/contacts';

const index = fc.nat({ max: 40 });
const person = fc.integer({ min: 1, max: 6 });
const type: fc.Arbitrary<ContactType> = fc.constantFrom(...CONTACT_TYPES);
const people = fc.record({ BILLING: person, OPERATIONS: person, SECURITY: person }, { requiredKeys: [] });
const someone = people.filter(contacts => Object.keys(contacts).length > 0);
const seconds = fc.constantFrom(1, 10, 61, 150, 700, 2500, 90_000);

const overrides = fc.uniqueArray(
  fc.record({ target: index, contacts: fc.oneof({ weight: 3, arbitrary: someone }, { weight: 1, arbitrary: fc.constant('excluded' as const) }) }),
  { maxLength: 6, selector: ({ target }) => target },
);
const plan: fc.Arbitrary<Plan> = fc.record({ everyone: someone, overrides });

/** Events that need no schedule, because a rule starts a sweep. */
const heard: fc.Arbitrary<LifeEvent> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), account: index, unit: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('create' as const, 'join' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deploy' as const), plan }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failed deployment' as const), plan }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const), accounts: fc.array(index, { maxLength: 3 }) }) },
);

const step: fc.Arbitrary<LifeEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edit' as const), account: index, type, person: fc.option(fc.integer({ min: 1, max: 9 })) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('edit a value' as const), account: index, type, value: fc.constantFrom(...VALUES) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), account: index, unit: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move unit' as const), unit: index, to: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('create' as const, 'join' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('suspend' as const), account: index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const), account: index, type: fc.option(type, { nil: undefined }), seconds: fc.constantFrom(100, 1000, 5000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      api: fc.constantFrom('GetAlternateContact', 'PutAlternateContact', 'ListAccounts', 'DescribeAccount', '*'),
      fault: fc.constantFrom('429' as const, '500' as const, 'drop-before' as const, 'drop-after' as const),
      times: fc.constantFrom(1, 3, 30),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('kill children' as const),
      spared: fc.constantFrom(0, 1, 2),
      afterSeconds: fc.constantFrom(0, 0.2, 3),
      times: fc.constantFrom(1, 2, 9),
      awaitsEnd: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('no trusted access' as const), seconds: fc.constantFrom(100, 5000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deploy' as const), plan }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failed deployment' as const), plan }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sweep' as const), accounts: fc.array(index, { maxLength: 3 }) }) },
);

/** Lives of organizations. */
export const lives: fc.Arbitrary<Life> = fc.record({
  units: fc.array(fc.nat({ max: 6 }), { maxLength: 6 }),
  // By default, fast-check makes no more than ten. The accounts must fill more than one page.
  members: fc.array(index, { maxLength: 25, size: 'max' }),
  caller: fc.constantFrom('management' as const, 'management' as const, 'delegated administrator' as const),
  reportOnly: fc.constantFrom(false, false, false, true),
  region: fc.constantFrom('us-east-1', 'us-east-1', 'eu-west-1'),
  plan,
  steps: fc.array(step, { maxLength: 12 }),
  waitsForSchedule: fc.constant(true),
  circumstances: fc.record({
    organizations: fc.record({
      emptyPageEvery: fc.constantFrom(undefined, 1, 2),
      pathsNameTheAccount: fc.boolean(),
      joinedAccountAt: fc.constantFrom('accountId' as const, 'account.accountId' as const, 'method only' as const),
    }),
    eventBridge: fc.record({ ruleDelaySeconds: fc.constantFrom(0, 120) }),
    failedChildLeaves: fc.constantFrom('nothing' as const, 'null' as const, 'error' as const),
    definitionDelaySeconds: fc.constantFrom(0, 30),
  }),
});

/** Lives without faults, swept from the management account in us-east-1, where all events arrive. */
export const calmLives: fc.Arbitrary<Life> = fc.tuple(lives, fc.array(heard, { maxLength: 12 })).map(([life, steps]) => ({
  ...life, caller: 'management', region: 'us-east-1', reportOnly: false, steps, waitsForSchedule: false, circumstances: { ...life.circumstances, eventBridge: {} },
}));
