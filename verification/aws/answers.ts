import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckId, CheckResult } from './checks';
import { manifestOf, ROOT } from '../tools/packages';

/** What AWS answered to a check when it was last asked. */
export interface Answer extends CheckResult {
  readonly date: string;
  readonly region: string;
  readonly versions: string;
}

export type Answers = { readonly [check in CheckId]?: Answer };

const FILE = join(__dirname, 'answers.json');

/** Nothing, until somebody with an account has run `npx projen try:aws`. */
export function readAnswers(file = FILE): Answers {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Answers : {};
}

/** Keeps the newest answer to each check. */
export function writeAnswers(results: readonly CheckResult[], region: string, date = new Date(), file = FILE): Answers {
  const version = (name: string) => `${name} ${manifestOf(join(ROOT, 'node_modules', name)).version}`;
  const versions = [`Node.js ${process.versions.node}`, version('aws-cdk-lib'), version('aws-cdk')].join(', ');
  const added = results.map(result => [result.check, { ...withoutIds(result), date: date.toISOString().slice(0, 10), region, versions }]);
  const answers = { ...readAnswers(file), ...Object.fromEntries(added) } as Answers;
  writeFileSync(file, `${JSON.stringify(answers, undefined, 2)}\n`);
  return answers;
}

/** Ids of accounts, organizations and units, and e-mail addresses, are of nobody's concern. */
export function withoutIds<T>(value: T): T {
  const text = JSON.stringify(value)
    .replace(/\b\d{12}\b/g, '<account>')
    .replace(/\bo-[a-z0-9]{10,32}\b/g, '<organization>')
    .replace(/\b(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})\b/g, '<unit>')
    .replace(/[\w.+-]+@[\w.-]+\w/g, '<e-mail address>');
  return JSON.parse(text) as T;
}
