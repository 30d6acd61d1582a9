/* Writes docs/assumptions.md and verification/aws/results.md from the list of assumptions and what AWS has answered: `npx projen assumptions`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Answers, readAnswers } from './answers';
import { assumptionsDocument, resultsDocument } from './documents';
import { ROOT } from '../tools/packages';

export function writeDocuments(answers: Answers): void {
  writeFileSync(join(ROOT, 'docs', 'assumptions.md'), assumptionsDocument(answers));
  writeFileSync(join(__dirname, 'results.md'), resultsDocument(answers));
}

if (require.main === module) { writeDocuments(readAnswers()); }
