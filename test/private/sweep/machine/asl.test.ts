import jsonata from 'jsonata';
import { type Expression, jsonata as written, part, sdk, states } from '../../../../src/private/sweep/machine/asl';
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

describe('an expression', () => {
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
  }))('%s is shorter as it is written', (_, expression) => {
    const shortened = written(expression).slice('{% '.length, -' %}'.length);
    expect(shortened.length).toBeLessThan(expression.length * 0.95);
  });
});

/* `npx projen type-check` judges these: an expected error that does not occur is an error. */
describe('it does not compile', () => {
  const isOver: Expression = written('$at >= 3');
  const bare: string = '$at >= 3';
  const END = { End: true } as const;

  test('if a field that must be an expression holds another string', () => {
    const found = [
      // @ts-expect-error: a condition
      part({ A: { Type: 'Choice', Choices: [{ Condition: bare, Next: 'B' }], Default: 'B' } }),
      // @ts-expect-error: the seconds of a wait
      part({ A: { Type: 'Wait', Seconds: bare, ...END } }),
      // @ts-expect-error: the items of a map
      part({ A: { Type: 'Map', Items: bare, ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'B', States: {} }, ...END } }),
      // @ts-expect-error: a variable
      part({ A: { Type: 'Pass', Assign: { at: bare }, ...END } }),
      // @ts-expect-error: an output
      part({ A: { Type: 'Pass', Output: bare, ...END } }),
      // @ts-expect-error: the output of a whole machine
      part({ A: { Type: 'Succeed', Output: bare } }),
      // @ts-expect-error: arguments
      part({ A: { Type: 'Task', Resource: sdk('aws', 'sfn:startExecution'), Arguments: bare, ...END } }),
      // @ts-expect-error: a variable that Catch assigns
      part({ A: { Type: 'Parallel', Branches: [], Catch: [{ ErrorEquals: ['States.ALL'], Assign: { at: bare }, Next: 'B' }], ...END } }),
    ];
    const allowed = part({ A: { Type: 'Choice', Choices: [{ Condition: isOver, Next: 'B' }], Default: 'C' } });
    expect([found.length, allowed.A?.Type]).toEqual([8, 'Choice']);
  });

  test('if a state has an unknown field, or a task a resource that sdk() has not written', () => {
    const found = [
      // @ts-expect-error: Assing
      part({ A: { Type: 'Pass', Assing: { at: isOver }, ...END } }),
      // @ts-expect-error: the name of an action
      part({ A: { Type: 'Task', Resource: 'sfn:startExecution', Arguments: {}, ...END } }),
    ];
    expect(found).toHaveLength(2);
    expect(sdk('aws-cn', 'sfn:startExecution')).toBe('arn:aws-cn:states:::aws-sdk:sfn:startExecution');
  });

  test('if a state goes to one that no part has', () => {
    const one = part({
      A: { Type: 'Choice', Choices: [{ Condition: isOver, Next: 'B' }], Default: 'A' },
      B: { Type: 'Pass', Next: 'C' },
    });
    const other = part({ C: { Type: 'Wait', Seconds: 1, Next: 'A' } });
    const last = part({ D: { Type: 'Succeed' } });
    const found = [
      // @ts-expect-error: B goes to C
      states('A', { ...one, ...last }),
      // @ts-expect-error: C goes to A
      states('C', { ...other, ...last }),
      // @ts-expect-error: the first state is missing
      states('E', { ...one, ...other, ...last }),
    ];
    expect(found).toHaveLength(3);
    expect(Object.keys(states('A', { ...one, ...other, ...last }).States)).toEqual(['A', 'B', 'C', 'D']);
  });
});

test('a state that is undefined is left out', () => {
  expect(states('A', { A: { Type: 'Succeed' }, B: undefined })).toEqual({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
});
