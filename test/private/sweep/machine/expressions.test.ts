import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import jsonata from 'jsonata';
import { ALL_REFUSED, MAY_NOT_READ } from '../../../../src/private/sweep/machine/advice';
import { jsonata as written } from '../../../../src/private/sweep/machine/asl';
import { byError, cut, described, idsIn, merged, namedIn, oneByOne } from '../../../../src/private/sweep/machine/failures';
import { namedAccounts } from '../../../../src/private/sweep/machine/input';
import { decide } from '../../../../src/private/sweep/machine/list-accounts/decide';
import { changesByAccount } from '../../../../src/private/sweep/machine/set-contacts/report';
import { notSet, summary } from '../../../../src/private/sweep/machine/settle';

/* What holds for every expression that the machine's files export: it is whole, and it means the same without its white space. */

const MACHINE = join(__dirname, '../../../../src/private/sweep/machine');
/** The constants of the notation are parts of texts. */
const FILES = readdirSync(MACHINE, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && file !== 'notation.ts');

const constants = FILES.flatMap(file => Object.entries(jest.requireActual<{ [name: string]: unknown }>(join(MACHINE, file))))
  .filter((entry): entry is [string, string] => typeof entry[1] === 'string');

const built = Object.entries({
  'decide(true)': decide(true),
  'decide(false)': decide(false),
  'changesByAccount(true)': changesByAccount(true),
  'changesByAccount(false)': changesByAccount(false),
  'notSet(true)': notSet(true),
  'notSet(false)': notSet(false),
  'summary(true)': summary(true),
  'summary(false)': summary(false),
  'namedAccounts()': namedAccounts('$ids'),
  'MAY_NOT_READ()': MAY_NOT_READ('$own'),
  'ALL_REFUSED()': ALL_REFUSED('$own'),
  'byError()': byError('$entries'),
  'oneByOne()': oneByOne('$failed'),
  'merged()': merged('$one', '$other'),
  'idsIn()': idsIn('$failed'),
  'described()': described('$failed'),
  'cut()': cut('$text', 10),
  'namedIn()': namedIn('$text'),
});

/** What the parser understands, wherever it stands. */
const meaningOf = (expression: string) => JSON.stringify(jsonata(expression).ast(), (name: string, value: unknown) =>
  name === 'position' ? undefined : value instanceof RegExp ? String(value) : value);

test('the files export expressions', () => {
  expect(constants.length).toBeGreaterThan(30);
});

test.each([...constants, ...built])('%s parses on its own, and means the same as it is written', (_, expression) => {
  const shortened = written(expression).slice('{% '.length, -' %}'.length);
  expect(meaningOf(shortened)).toBe(meaningOf(expression));
});
