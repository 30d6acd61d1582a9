import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAnswers } from './answers';
import { ASSUMPTIONS } from './assumptions';
import { CHECKS } from './checks';
import { assumptionsDocument, resultsDocument } from './documents';
import { ROOT } from '../tools/packages';

const ALL = Object.values(ASSUMPTIONS).flat();
const IDS = ALL.map(({ id }) => id);
const isCheck = (decidedBy: unknown): decidedBy is string => typeof decidedBy === 'string';

/** The ids in the sources and the documents, each with its file. */
function idsIn(folders: readonly string[]): string[] {
  return folders.flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|md)$/.test(name) && !/node_modules/.test(name))
    .flatMap(name => [...readFileSync(join(ROOT, folder, name), 'utf8').matchAll(/\bA-\d+\b/g)].map(([id]) => `${id} in ${folder}/${name}`)));
}

test('every assumption has an id that no other has', () => {
  expect(IDS.length).toBeGreaterThan(50);
  expect(IDS.filter((id, index) => IDS.indexOf(id) !== index || !/^A-\d{2}$/.test(id))).toEqual([]);
});

test('every assumption has a check or a reason why none can decide it', () => {
  expect(ALL.filter(({ decidedBy }) => !(isCheck(decidedBy) ? decidedBy in CHECKS : decidedBy.nothing))).toEqual([]);
});

test('every check decides an assumption', () => {
  const decided = ALL.map(({ decidedBy }): unknown => decidedBy).filter(isCheck);
  expect(Object.keys(CHECKS).filter(check => !decided.includes(check))).toEqual([]);
});

test('every id in a comment or a document is that of an assumption', () => {
  const found = idsIn(['src', 'lambda', 'sandbox', 'docs']);
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter(place => !(IDS as string[]).includes(place.split(' ')[0]))).toEqual([]);
});

test('the documents are those that `npx projen assumptions` writes', () => {
  const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
  expect(read('docs', 'assumptions.md')).toBe(assumptionsDocument(readAnswers()));
  expect(read('verification', 'aws', 'results.md')).toBe(resultsDocument(readAnswers()));
});
