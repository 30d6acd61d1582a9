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
  { title: 'what nobody declares stays as it was', succeeded: true, was: BY_HAND, may: [BY_HAND], other: 'touched', nothing: 'touched' },
  { title: 'what is declared is there', succeeded: true, after: declared(2), was: BY_HAND, may: [NEW], other: 'wrong values', nothing: 'lost' },
  {
    title: 'what is declared as before may be as it was, since a template without a change is not deployed',
    succeeded: true,
    before: declared(2),
    after: declared(2),
    was: BY_HAND,
    may: [NEW, BY_HAND],
    other: 'wrong values',
    nothing: 'lost',
  },
  { title: 'what is no longer declared is gone', succeeded: true, before: declared(1), was: OLD, may: [NOTHING], other: 'left behind' },
  {
    title: 'what was retained and is no longer declared stays as it was',
    succeeded: true,
    before: declared(1, { retain: true }),
    was: OLD,
    may: [OLD],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'what another stack declares, too, stays as it was',
    succeeded: true,
    before: declared(1),
    elsewhere: true,
    was: OLD,
    may: [OLD],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'after a failure, what was declared is there, or what was there',
    succeeded: false,
    before: declared(1),
    after: declared(2),
    was: BY_HAND,
    may: [OLD, BY_HAND],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'after a failure, what was declared and had been deleted by hand may be missing',
    succeeded: false,
    before: declared(1),
    after: declared(2),
    may: [OLD, NOTHING],
    other: 'wrong values',
  },
  { title: 'after a failure, what was not declared before is gone', succeeded: false, after: declared(2), may: [NOTHING], other: 'left behind' },
  {
    title: 'after a failure, what was taken over stays, with the old values or the new ones',
    succeeded: false,
    after: declared(2),
    was: BY_HAND,
    may: [NEW, BY_HAND],
    other: 'wrong values',
    nothing: 'lost',
  },
  {
    title: 'after a failure, what is retained stays, or was never set',
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
