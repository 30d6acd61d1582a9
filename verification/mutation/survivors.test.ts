import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, MutationReport, Survivor, unjudged } from './survivors';

const SOURCE = 'export function isOld(age: number) {\n  return age >= 65 || age > 64;\n}\n';

function report(...statuses: MutationReport['files'][string]['mutants'][number]['status'][]): MutationReport {
  const location = { start: { line: 2, column: 10 }, end: { line: 2, column: 19 } };
  return { files: { 'src/age.ts': { source: SOURCE, mutants: statuses.map(status => ({ status, replacement: 'false', location })) } } };
}

const LISTED: Survivor = {
  file: 'src/age.ts', code: 'return age >= 65 || age > 64;', original: 'age >= 65', replacement: 'false', reason: 'The other condition holds whenever this one does.',
};

test.each(['Survived', 'NoCoverage'] as const)('a mutant with the status %s that is not listed is named with its place', status => {
  expect(judge(report('Killed', status), [])).toEqual({
    scores: [{ file: 'src/age.ts', killed: 1, mutants: 2 }], unlisted: ['src/age.ts:2:10 age >= 65 -> false'], obsolete: [],
  });
});

test('a survivor that is listed is accepted once, and still counts as alive', () => {
  expect(judge(report('Survived'), [LISTED])).toEqual({ scores: [{ file: 'src/age.ts', killed: 0, mutants: 1 }], unlisted: [], obsolete: [] });
  expect(judge(report('Survived', 'Survived'), [LISTED]).unlisted).toHaveLength(1);
});

test('a survivor that is listed and was killed is obsolete', () => {
  expect(judge(report('Killed', 'Timeout'), [LISTED])).toMatchObject({ unlisted: [], obsolete: ['src/age.ts: age >= 65 -> false'] });
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

const ALL = JSON.parse(readFileSync(join(__dirname, 'survivors.json'), 'utf8')) as Survivor[];

test.each(ALL)('the listed survivor still stands in $file: $code', ({ file, code, original }) => {
  const lines = readFileSync(join(__dirname, '../..', file), 'utf8').split('\n').map(line => line.trim());
  expect(lines).toContain(code);
  // What goes on behind the line is listed in one line.
  const behind = lines.slice(lines.indexOf(code)).join(' ').replace(/\s+/g, ' ');
  expect(behind).toContain(original);
  expect(behind.indexOf(original)).toBeLessThan(code.length);
});
