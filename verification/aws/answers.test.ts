import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAnswers, withoutIds, writeAnswers } from './answers';
import { assumptionsDocument, resultsDocument } from './documents';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'answers-')); });
afterEach(() => rmSync(directory, { recursive: true }));

const DAY = new Date('2030-01-02T03:04:05Z');

test('an answer is kept with its date, region and versions, until the same check is answered again', () => {
  const file = join(directory, 'answers.json');
  writeAnswers([{ check: 'edit', answer: 'one', differences: [] }, { check: 'swap', answer: 'two', differences: [] }], 'eu-west-1', DAY, file);
  writeAnswers([{ check: 'edit', answer: 'three', differences: ['it differs'] }], 'us-east-1', DAY, file);
  const versions = expect.stringMatching(/^Node\.js \d+\.\d+\.\d+, aws-cdk-lib \d+\.\d+\.\d+, aws-cdk \d+\.\d+\.\d+$/) as string;
  expect(readAnswers(file)).toEqual({
    edit: { check: 'edit', answer: 'three', differences: ['it differs'], date: '2030-01-02', region: 'us-east-1', versions },
    swap: { check: 'swap', answer: 'two', differences: [], date: '2030-01-02', region: 'eu-west-1', versions },
  });
});

test('no id and no e-mail address is kept', () => {
  expect(withoutIds('account 111111111111 of o-ab12cd34ef, in ou-ab12-11111111 and r-ab12, of jane.doe+aws@example.com'))
    .toBe('account <account> of <organization>, in <unit> and <unit>, of <e-mail address>');
});

test('the documents say what holds, what does not hold, what is undecided, and what was not asked', () => {
  const about = { date: '2030-01-02', region: 'us-east-1', versions: 'v' };
  const answers = {
    'rename': { check: 'rename', answer: 'fine', differences: [], ...about },
    'edit': { check: 'edit', answer: 'odd', differences: ['it | differs'], ...about },
    'read-members': { check: 'read-members', answer: 'in no organization', differences: [], isUndecided: true, ...about },
  } as const;
  const page = assumptionsDocument(answers);
  expect(page).toContain('| `rename`: it holds, 2030-01-02 |');
  expect(page).toContain('| `edit`: **it does not hold**, 2030-01-02 |');
  expect(page).toContain('| `read-members`: undecided, 2030-01-02 |');
  expect(page).toContain('| `swap`: not asked yet |');
  const results = resultsDocument(answers);
  expect(results).toContain('| **it \\| differs**. odd (2030-01-02, us-east-1, v) |');
  expect(results).not.toContain('Nothing yet');
  expect(resultsDocument({})).toContain('Nothing yet');
});
