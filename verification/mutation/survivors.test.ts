import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declarationsOf } from './declarations';
import { judge, MutationReport, stillStands, Survivor, unjudged } from './survivors';

const SOURCE = 'export function isOld(age: number) {\n  return age >= 65 ||\n    age > 64;\n}\n';

function report(...statuses: MutationReport['files'][string]['mutants'][number]['status'][]): MutationReport {
  const location = { start: { line: 2, column: 10 }, end: { line: 3, column: 13 } };
  const mutantOf = (status: typeof statuses[number]) => ({ status, mutatorName: 'ConditionalExpression', replacement: 'false', location });
  return { files: { 'src/age.ts': { source: SOURCE, mutants: statuses.map(mutantOf) } } };
}

const LISTED: Survivor = {
  file: 'src/age.ts',
  function: 'isOld',
  mutator: 'ConditionalExpression',
  original: 'age >= 65 || age > 64',
  replacement: 'false',
  reason: 'Nobody is.',
};

test.each(['Survived', 'NoCoverage'] as const)('a mutant with the status %s that is not listed is named with its place and its key', status => {
  expect(judge(report('Killed', status), [])).toEqual({
    scores: [{ file: 'src/age.ts', killed: 1, mutants: 2 }],
    unlisted: ['src/age.ts:2:10 isOld, ConditionalExpression: age >= 65 || age > 64 -> false'],
    obsolete: [],
  });
});

test('a survivor that is listed is accepted once, and still counts as alive', () => {
  expect(judge(report('Survived'), [LISTED])).toEqual({ scores: [{ file: 'src/age.ts', killed: 0, mutants: 1 }], unlisted: [], obsolete: [] });
  expect(judge(report('Survived', 'Survived'), [LISTED]).unlisted).toHaveLength(1);
});

test.each(['function', 'mutator', 'original', 'replacement'] as const)('a survivor that differs from the one that is listed in its %s is not accepted', member => {
  const other = { ...LISTED, [member]: 'another' };
  expect(judge(report('Survived'), [other])).toMatchObject({ unlisted: [expect.any(String)], obsolete: [expect.any(String)] });
});

test('a survivor that is listed and was killed is obsolete', () => {
  expect(judge(report('Killed', 'Timeout'), [LISTED]))
    .toMatchObject({ unlisted: [], obsolete: ['src/age.ts: isOld, ConditionalExpression: age >= 65 || age > 64 -> false'] });
});

test('a survivor of a file that was not mutated is left alone', () => {
  expect(judge(report('Killed'), [{ ...LISTED, file: 'src/other.ts' }])).toMatchObject({ unlisted: [], obsolete: [] });
});

test('mutants that do not compile count neither way', () => {
  expect(judge(report('Killed', 'CompileError', 'RuntimeError', 'Ignored'), []).scores).toEqual([{ file: 'src/age.ts', killed: 1, mutants: 1 }]);
});

test('a file that was to be mutated, and has no mutants, is named', () => {
  expect(unjudged(['src/age.ts', 'src/aeg.ts'], judge(report('Killed'), []))).toEqual(['src/aeg.ts']);
  expect(unjudged(['src/age.ts'], judge(report(), []))).toEqual(['src/age.ts']);
});

test('functions, constants and the members of classes are declarations, with their whole text', () => {
  const source = '/** One. */\nconst ONE = 1, TWO = () => 2;\nimport "x";\nclass A extends B {\n  private c = 3;\n  constructor() { super(); }\n  get d() { return 4; }\n}\nfunction e() {}\n';
  expect(declarationsOf(source).map(({ name, start, end }) => `${name}: ${source.slice(start, end)}`)).toEqual([
    'ONE: ONE = 1', 'TWO: TWO = () => 2', 'A.c: private c = 3;', 'A.constructor: constructor() { super(); }', 'A.d: get d() { return 4; }', 'e: function e() {}',
  ]);
});

test.each([
  { survivor: LISTED, expected: true },
  { survivor: { ...LISTED, original: 'age >= 66' }, expected: false },
  { survivor: { ...LISTED, function: 'isYoung' }, expected: false },
])('$survivor.original in $survivor.function still stands in the source: $expected', ({ survivor, expected }) => {
  expect(stillStands(survivor, SOURCE)).toBe(expected);
});

const ALL = JSON.parse(readFileSync(join(__dirname, 'survivors.json'), 'utf8')) as Survivor[];

test.each(ALL)('the listed survivor still stands in $function of $file: $original -> $replacement', survivor => {
  expect(stillStands(survivor, readFileSync(join(__dirname, '../..', survivor.file), 'utf8'))).toBe(true);
});
