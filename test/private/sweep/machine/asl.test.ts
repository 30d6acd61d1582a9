import jsonata from 'jsonata';
import { jsonata as written } from '../../../../src/private/sweep/machine/asl';
import { INPUT_IS_WRONG } from '../../../../src/private/sweep/machine/input';
import { decide } from '../../../../src/private/sweep/machine/list-accounts/decide';
import { OLDER_EXECUTIONS } from '../../../../src/private/sweep/machine/older-sweeps';
import { ROUND_RESULT, SET_ORDERS } from '../../../../src/private/sweep/machine/round/set-branch';
import { FAILED, TOTALS } from '../../../../src/private/sweep/machine/round/totals';
import { CONTACTS_TO_SET, PAUSE } from '../../../../src/private/sweep/machine/set-contacts';
import { ACCOUNTS_DONE } from '../../../../src/private/sweep/machine/set-contacts/report';
import { AS_DECLARED } from '../../../../src/private/sweep/machine/set-contacts/turn';
import { notListed, notSet, summary } from '../../../../src/private/sweep/machine/settle';

/** What the parser understands, wherever it stands. */
const meaningOf = (expression: string) => JSON.stringify(jsonata(expression).ast(), (name: string, value: unknown) =>
  name === 'position' ? undefined : value instanceof RegExp ? String(value) : value);

test.each([
  ["\n  ( $a := 'x  y' ;\n  $a  & ' ' )\n", "($a:='x  y';$a&' ')"],
  ['$ in $known or not and and', '$ in $known or not and and'],
  ["$x = 'a' and ($y or $z)", "$x='a'and($y or $z)"],
  ['"it\'s  \\"a\\"" & \'say  "so"\'', '"it\'s  \\"a\\""&\'say  "so"\''],
  ['$contains($, /^(set|not) [\'"]  \\/ /i) ? $gets / 2 / $puts : 1', '$contains($,/^(set|not) [\'"]  \\/ /i)?$gets/2/$puts:1'],
  ['$a.* * -1 - -2', '$a.* * -1- -2'],
  ["$a{ 'b' : [ $.c ] }", "$a{'b':[$.c]}"],
])('%j is written as %j, which means the same', (expression, expected) => {
  expect(written(expression)).toBe(`{% ${expected} %}`);
  expect(meaningOf(expected)).toBe(meaningOf(expression));
});

test.each(Object.entries({
  INPUT_IS_WRONG,
  OLDER_EXECUTIONS,
  SET_ORDERS,
  ROUND_RESULT,
  TOTALS,
  FAILED,
  CONTACTS_TO_SET,
  ACCOUNTS_DONE,
  AS_DECLARED,
  PAUSE,
  notListed,
  notSet: notSet(true),
  notCompared: notSet(false),
  summary: summary(true),
  decide: decide(true),
}))('%s is shorter as it is written, and means the same', (_, expression) => {
  const shortened = written(expression).slice('{% '.length, -' %}'.length);
  expect(shortened.length).toBeLessThan(expression.length * 0.95);
  expect(meaningOf(shortened)).toBe(meaningOf(expression));
});
