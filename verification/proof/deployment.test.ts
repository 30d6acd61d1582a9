import { Breach, breachAt, Deployment, expectedAfter } from './deployment';
import { contactNameOf, ContactDeclaration } from './model';

const KEY = '222222222222/SECURITY';
const declared = (values: number, more: Partial<ContactDeclaration> = {}): ContactDeclaration => ({
  stack: 'One',
  path: 'Contact',
  account: { as: 'literal', id: '222222222222' },
  type: 'SECURITY',
  values,
  retain: false,
  overwriteExisting: true,
  provider: 'default',
  ...more,
});
const [OLD, NEW, BY_HAND] = [contactNameOf(declared(1)), contactNameOf(declared(2)), 'By hand'];
const NOTHING = undefined;

interface Row {
  readonly title: string;
  readonly succeeded: boolean;
  readonly before?: ContactDeclaration;
  readonly after?: ContactDeclaration;
  readonly elsewhere?: boolean;
  readonly was?: string;
  readonly may: (string | undefined)[];
  /** The breach if the account has another contact, or none. */
  readonly other: Breach;
  readonly nothing?: Breach;
}

const ROWS: Row[] = [
  { title: 'a contact that is not declared stays as it was', succeeded: true, was: BY_HAND, may: [BY_HAND], other: 'touched', nothing: 'touched' },
  { title: 'a declared contact exists', succeeded: true, after: declared(2), was: BY_HAND, may: [NEW], other: 'wrong values', nothing: 'lost' },
  {
    title: 'a contact that is declared as before may stay as it was, because a template without a change is not deployed',
    succeeded: true,
    before: declared(2),
    after: declared(2),
    was: BY_HAND,
    may: [NEW, BY_HAND],
    other: 'wrong values',
    nothing: 'lost',
  },
  { title: 'a contact that is no longer declared is gone', succeeded: true, before: declared(1), was: OLD, may: [NOTHING], other: 'left behind' },
  {
    title: 'a retained contact that is no longer declared stays as it was',
    succeeded: true,
    before: declared(1, { retain: true }),
    was: OLD,
    may: [OLD],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'a contact that another stack declares too stays as it was',
    succeeded: true,
    before: declared(1),
    elsewhere: true,
    was: OLD,
    may: [OLD],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'after a failure, a contact has the values that were declared before, or its previous ones',
    succeeded: false,
    before: declared(1),
    after: declared(2),
    was: BY_HAND,
    may: [OLD, BY_HAND],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'after a failure, a declared contact that was deleted by hand may be missing',
    succeeded: false,
    before: declared(1),
    after: declared(2),
    may: [OLD, NOTHING],
    other: 'wrong values',
  },
  { title: 'after a failure, a contact that was not declared before is gone', succeeded: false, after: declared(2), may: [NOTHING], other: 'left behind' },
  {
    title: 'after a failure, a contact that was taken over stays, with its old values or the new ones',
    succeeded: false,
    after: declared(2),
    was: BY_HAND,
    may: [NEW, BY_HAND],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'after a failure, a retained contact stays, or was never set',
    succeeded: false,
    after: declared(2, { retain: true }),
    may: [NEW, NOTHING],
    other: 'left behind',
  },
];

test.each(ROWS)('$title', ({ succeeded, before, after, elsewhere, was, may, other, nothing }) => {
  const one = <T>(value: T | undefined): ReadonlyMap<string, T> => new Map(value === undefined ? [] : [[KEY, value]]);
  const deployment: Deployment = {
    succeeded, before: one(before), after: one(after), elsewhere: new Set(elsewhere ? [KEY] : []), was: one(was), unsettled: new Set(), requests: [],
  };
  expect(new Set(expectedAfter(deployment, KEY))).toEqual(new Set(may));
  for (const name of may) { expect(breachAt(deployment, KEY, name)).toBeUndefined(); }
  expect(breachAt(deployment, KEY, 'Somebody else')).toBe(other);
  expect(breachAt(deployment, KEY, NOTHING)).toBe(nothing);
});
