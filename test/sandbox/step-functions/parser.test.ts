import { Bench, BenchOptions, get, machine, processor, say } from './state-machines';

const END = { End: true };
const pass = (more: object = END) => ({ Type: 'Pass', ...more });
const map = (states: Record<string, Record<string, unknown>>, mode: 'INLINE' | 'EXPRESS') => ({ Type: 'Map', ItemProcessor: processor(states, mode), ...END });
const before = (next: string) => ({ Before: pass({ Assign: { outer: 1 }, Next: next }) });
const output = (expression: string) => machine({ A: pass({ Assign: { x: 1 }, Output: `{% ${expression} %}`, ...END }) });

function refusal(definition: object, options: BenchOptions = {}): string | undefined {
  try {
    new Bench(options).put(definition as Record<string, unknown>);
    return undefined;
  } catch (reason) {
    return (reason as Error).message;
  }
}

describe('the sandbox refuses what it does not model, and names the place:', () => {
  test.each<[string, object, string]>([
    ['JSONPath', { StartAt: 'A', States: { A: pass() } }, "$.States['A'].QueryLanguage: the sandbox models JSONata only"],
    ['a field of a state', machine({ A: pass({ ResultPath: '$.a', ...END }) }), "$.States['A'].ResultPath: the sandbox does not model this field here"],
    ['a type of state', machine({ A: { Type: 'Dance' } }), "$.States['A'].Type: the sandbox does not model Dance"],
    ['a field of the machine', machine({ A: pass() }, { Sometimes: 1 }), '$.Sometimes: the sandbox does not model this field here'],
    ['a field of a retrier', machine({ A: get('2', { Retry: [{ ErrorEquals: ['E'], Often: 1 }], ...END }) }), "$.States['A'].Retry[0].Often: the sandbox does not model this field here"],
    ['an absolute Wait', machine({ A: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00Z', ...END } }), "$.States['A'].Timestamp: the sandbox does not model this field here"],
    ['a Lambda function', machine({ A: { ...say(1), Resource: 'arn:aws:states:::lambda:invoke', ...END } }), "$.States['A'].Resource: the sandbox models aws-sdk integrations only, not arn:aws:states:::lambda:invoke"],
    ['waiting for a callback', machine({ A: { ...say(1), Resource: 'arn:aws:states:::aws-sdk:echo:say.waitForTaskToken', ...END } }), "$.States['A'].Resource: the sandbox models aws-sdk integrations only, not arn:aws:states:::aws-sdk:echo:say.waitForTaskToken"],
    ['a service', machine({ A: { ...say(1), Resource: 'arn:aws:states:::aws-sdk:s3:putObject', ...END } }), "$.States['A'].Resource: the sandbox does not model s3:putObject"],
    ['an action', machine({ A: { ...say(1), Resource: 'arn:aws:states:::aws-sdk:account:getContactInformation', ...END } }), "$.States['A'].Resource: the sandbox does not model account:getContactInformation"],
    ['a member', machine({ A: { ...say(1), Arguments: { Values: [] }, ...END } }), "$.States['A'].Resource: echo:say does not take Values"],
    ['a reader of items', machine({ A: { ...map({ B: pass() }, 'EXPRESS'), ItemReader: {} } }), "$.States['A'].ItemReader: the sandbox does not model this field here"],
    ['tolerance in an inline map', machine({ A: { ...map({ B: pass() }, 'INLINE'), ToleratedFailurePercentage: 1 } }), "$.States['A'].ToleratedFailurePercentage: the sandbox does not model this field here"],
    ['a query language for a processor', machine({ A: { Type: 'Map', ItemProcessor: { ...processor({ B: pass() }), QueryLanguage: 'JSONata' }, ...END } }), "$.States['A'].ItemProcessor.QueryLanguage: the sandbox does not model this field here"],
  ])('%s', (_, definition, message) => expect(refusal(definition)).toBe(message));
});

describe('the sandbox refuses what Step Functions refuses:', () => {
  test.each<[string, object, string]>([
    ['a state that does not exist', machine({ A: pass({ Next: 'B' }) }), "$.States['A']: there is no state B beside it"],
    ['a first state that does not exist', { ...machine({ A: pass() }), StartAt: 'B' }, '$.StartAt: there is no state B beside it'],
    ['a transition out of a map', machine({ A: { ...map({ B: pass({ Next: 'C' }) }, 'INLINE'), End: undefined, Next: 'C' }, C: pass() }), "$.States['A'].ItemProcessor.States['B']: there is no state C beside it"],
    ['a state that nothing leads to', machine({ A: pass(), B: pass() }), "$.States['B']: no other state leads to this one"],
    ['neither Next nor End', machine({ A: pass({}) }), "$.States['A']: a state has either Next or End: true"],
    ['two states of one name', machine({ A: map({ A: pass() }, 'INLINE') }), "$.States['A'].ItemProcessor.States['A']: another state has this name"],
    ['a long name', machine({ ['x'.repeat(81)]: pass() }), `$.States['${'x'.repeat(81)}']: a name has at most 80 characters`],
    ['States.ALL among others', machine({ A: get('2', { Catch: [{ ErrorEquals: ['States.ALL', 'E'], Next: 'B' }], ...END }), B: pass() }), "$.States['A'].Catch[0].ErrorEquals: names at least one error; States.ALL stands alone, and last"],
    ['States.ALL before others', machine({ A: get('2', { Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }], ...END }) }), "$.States['A'].Retry[0].ErrorEquals: names at least one error; States.ALL stands alone, and last"],
    ['a shrinking delay', machine({ A: get('2', { Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }], ...END }) }), "$.States['A'].Retry[0].BackoffRate: must be a number of at least 1"],
    ['a longest delay that is shorter than the first', machine({ A: get('2', { Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 5, MaxDelaySeconds: 5 }], ...END }) }), "$.States['A'].Retry[0].MaxDelaySeconds: must be a whole number of at least 6"],
    ['a condition in words', machine({ A: { Type: 'Choice', Choices: [{ Condition: '$x = 1', Next: 'B' }] }, B: pass() }), "$.States['A'].Choices[0].Condition: a condition is a boolean or an expression"],
    ['half an expression', machine({ A: pass({ Output: '{% 1', ...END }) }), "$.States['A'].Output: an expression begins with {% and ends with %}"],
    ['equal labels', machine({ A: { ...map({ B: pass() }, 'EXPRESS'), Label: 'L', End: undefined, Next: 'C' }, C: { ...map({ D: pass() }, 'EXPRESS'), Label: 'L' } }), "$.States['C'].Label: a label has at most 40 characters and is unique"],
  ])('%s', (_, definition, message) => expect(refusal(definition)).toBe(message));

  test('a role that does not exist', () => {
    expect(() => new Bench().put(machine({ A: pass() }), { roleArn: 'arn:aws:iam::111111111111:role/Nobody' })).toThrow(/is authorized to assume/);
  });
});

describe('variables', () => {
  test.each<[string, object, string | undefined]>([
    ['an inner scope may read an outer variable', machine({ ...before('A'), A: map({ B: pass({ Output: '{% $outer %}', ...END }) }, 'INLINE') }), undefined],
    ['an inner scope must not assign one', machine({ ...before('A'), A: map({ B: pass({ Assign: { outer: 2 }, ...END }) }, 'INLINE') }), "$.States['A'].ItemProcessor: the variable outer is assigned in an outer scope too"],
    ['children of a distributed map must not read one', machine({ ...before('A'), A: map({ B: pass({ Output: '{% $outer %}', ...END }) }, 'EXPRESS') }), "$.States['A'].ItemProcessor.States['B'].Output: no state of this scope assigns the variable outer (a check of the sandbox; AWS fails at run time)"],
    ['children of a distributed map must not assign one', machine({ ...before('A'), A: map({ B: pass({ Assign: { outer: 2 }, ...END }) }, 'EXPRESS') }), "$.States['A'].ItemProcessor: the variable outer is assigned in an outer scope too"],
    ['a Catch and a rule may assign variables', machine({ A: get('2', { Catch: [{ ErrorEquals: ['E'], Next: 'B', Assign: { x: 1 } }], Next: 'B' }), B: { Type: 'Choice', Choices: [{ Condition: '{% $x = 1 %}', Next: 'C', Assign: { y: 1 } }], Default: 'C' }, C: pass({ Output: '{% $y %}', ...END }) }), undefined],
    ['two branches may use one name', machine({ A: { Type: 'Parallel', Branches: [1, 2].map(index => ({ StartAt: `B${index}`, States: { [`B${index}`]: pass({ Assign: { x: 1 }, ...END }) } })), ...END } }), undefined],
    ['a variable that no state assigns is refused', machine({ A: pass({ Output: '{% $x %}', ...END }) }), "$.States['A'].Output: no state of this scope assigns the variable x (a check of the sandbox; AWS fails at run time)"],
    ['the name states is reserved', machine({ A: pass({ Assign: { states: 1 }, ...END }) }), '$: the variable states is reserved'],
  ])('%s', (_, definition, message) => expect(refusal(definition)).toBe(message));
});

describe('a Distributed Map, as the documents say,', () => {
  /** A map in a branch, where $outer belongs to the scope around the branch and $own to the branch. */
  const inBranch = (fields: object, mode: 'INLINE' | 'EXPRESS' = 'EXPRESS') => machine({
    ...before('P'),
    P: {
      Type: 'Parallel',
      Branches: [{ StartAt: 'Own', States: { Own: pass({ Assign: { own: [1] }, Next: 'M' }), M: { ...map({ B: pass() }, mode), ...fields }, After: pass() } }],
      ...END,
    },
  });
  const FIELDS: [string, (expression: string) => object][] = [
    ['Items', expression => ({ Items: expression })],
    ['ItemSelector.a', expression => ({ ItemSelector: { a: expression } })],
    ['MaxConcurrency', expression => ({ MaxConcurrency: expression })],
    ['ToleratedFailurePercentage', expression => ({ ToleratedFailurePercentage: expression })],
    ['ToleratedFailureCount', expression => ({ ToleratedFailureCount: expression })],
    ['ItemBatcher.MaxItemsPerBatch', expression => ({ ItemBatcher: { MaxItemsPerBatch: expression } })],
    ['Assign.b', expression => ({ Assign: { b: expression } })],
    ['Output', expression => ({ Output: expression })],
    ['Catch[0].Output', expression => ({ Catch: [{ ErrorEquals: ['E'], Output: expression, Next: 'After' }] })],
  ];
  const ending = (fields: object) => 'Catch' in fields ? fields : { ...fields, End: undefined, Next: 'After' };

  test.each(FIELDS)('must not refer to a variable of an outer scope in %s', (field, fields) => {
    expect(refusal(inBranch(ending(fields('{% $outer %}')))))
      .toBe(`$.States['P'].Branches[0].States['M'].${field.replace(/\.[ab]$/, '')}: a Distributed Map state cannot refer to outer, a variable of an outer scope`);
  });

  test.each(FIELDS)('may refer to a variable of its own scope in %s', (_, fields) => {
    expect(refusal(inBranch(ending(fields('{% $own %}'))))).toBeUndefined();
  });

  test('may refer to variables at the top, and an inline map to those of outer scopes', () => {
    expect(refusal(machine({ ...before('M'), M: { ...map({ B: pass() }, 'EXPRESS'), Items: '{% $outer %}' } }))).toBeUndefined();
    expect(refusal(inBranch(ending({ Items: '{% $outer %}' }), 'INLINE'))).toBeUndefined();
  });

  test('may refer to variables of outer scopes with the option allowed', () => {
    expect(refusal(inBranch(ending({ Items: '{% $outer %}' })), { outerVariables: 'allowed' })).toBeUndefined();
  });
});

describe('an expression', () => {
  const at = "$.States['A'].Output: ";
  test.each([
    '$x.a[b = $.c].$sum(d)',
    '$map($x, function($v, $i) { $v & $i })',
    '($local := 1; $local + $x)',
    '$x@$one#$index.{"k": $index, "v": $one}',
    '$x{a: $sum(b)}',
    '$x^(>a)',
  ])('%s is accepted', expression => expect(refusal(output(expression))).toBeUndefined());

  test.each([
    ['$x + $y', `${at}no state of this scope assigns the variable y (a check of the sandbox; AWS fails at run time)`],
    ['$', `${at}$ at the top level refers to an input document, and there is none`],
    ['a', `${at}there is no input document, so 'a' refers to nothing`],
    ['{"k": a}', `${at}there is no input document, so 'a' refers to nothing`],
    ['$map($x, function($v) { a })', `${at}there is no input document, so 'a' refers to nothing`],
    ['$x[$$.a]', `${at}$$ refers to an input document, and there is none`],
    ["$eval('1')", `${at}$eval is not supported`],
    ['$states', `${at}the sandbox models the members of $states, not $states as a whole`],
    ['$states.result', `${at}this field may refer to $states.input, $states.context only, not to $states.result`],
    ['$states.errorOutput.Error', `${at}this field may refer to $states.input, $states.context only, not to $states.errorOutput`],
    ['1 +', `${at}Unexpected end of expression (position 3)`],
  ])('%s is refused with the message: %s', (expression, message) => expect(refusal(output(expression))).toBe(message));

  test('the Output of a task may use its result, its Arguments may not, and a Catch may use the error only', () => {
    const caught = (expression: string) => machine({ A: say(1, { Catch: [{ ErrorEquals: ['E'], Next: 'B', Output: `{% ${expression} %}` }], ...END }), B: pass() });
    expect(refusal(machine({ A: say(1, { Output: '{% $states.result %}', ...END }) }))).toBeUndefined();
    expect(refusal(machine({ A: say('{% $states.result %}', END) }))).toMatch(/Arguments.Value: this field may refer to \$states.input, \$states.context only/);
    expect(refusal(caught('$states.errorOutput'))).toBeUndefined();
    expect(refusal(caught('$states.result'))).toMatch(/Catch\[0\].Output: this field may refer to .*errorOutput only/);
  });
});
