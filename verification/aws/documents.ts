import { Answer, Answers } from './answers';
import { Assumption, ASSUMPTIONS } from './assumptions';
import { CheckId, CHECKS, LEVELS } from './checks';

const GENERATED = '<!-- Written by `npx projen assumptions`: change verification/aws/assumptions/ instead. -->';

/** docs/assumptions.md. */
export function assumptionsDocument(answers: Answers): string {
  return `${GENERATED}

# Assumptions

Nothing was run on AWS itself until this page names a date. The library follows AWS's documents. Where they are silent, it assumes something, and so
does the [sandbox](../sandbox/README.md) in which it is tested. This page lists it all. "Library" means that something goes wrong for you if the
assumption does not hold; "sandbox", that a test would prove less. \`npx projen try:aws\` has AWS decide what can be decided: see
[CONTRIBUTING.md](../CONTRIBUTING.md#an-hour-with-an-aws-account).

${Object.entries(ASSUMPTIONS).map(([service, assumptions]) => `## ${service}

| id | assumed | by | if it does not hold | decided by |
|---|---|---|---|---|
${assumptions.map(assumption => row(assumption, answers)).join('\n')}`).join('\n\n')}
`;
}

function row({ id, assumed, by, otherwise, decidedBy }: Assumption, answers: Answers): string {
  const decided = typeof decidedBy === 'string' ? `\`${decidedBy}\`: ${verdict(answers[decidedBy])}` : `nothing: ${decidedBy.nothing}`;
  return `| ${[id, assumed, by, otherwise, decided].map(escaped).join(' | ')} |`;
}

function verdict(answer: Answer | undefined): string {
  if (!answer) { return 'not asked yet'; }
  if (answer.isUndecided) { return `undecided, ${answer.date}`; }
  return `${answer.differences.length ? '**it does not hold**' : 'it holds'}, ${answer.date}`;
}

const CHECK_IDS = Object.keys(CHECKS) as CheckId[];
const NOTHING = 'Nothing yet: nobody has run `npx projen try:aws` with an account.\n\n';

/** verification/aws/results.md. */
export function resultsDocument(answers: Answers): string {
  return `${GENERATED}

# What AWS answered

${Object.keys(answers).length ? '' : NOTHING}${Object.keys(LEVELS).map(level => `## ${level}

| check | finds out | assumptions | what AWS answered |
|---|---|---|---|
${CHECK_IDS.filter(check => CHECKS[check].level === level).map(check => checkRow(check, answers[check])).join('\n')}`).join('\n\n')}
`;
}

function checkRow(check: CheckId, answer: Answer | undefined): string {
  const ids = Object.values(ASSUMPTIONS).flat().filter(({ decidedBy }) => decidedBy === check).map(({ id }) => id).join(', ');
  return `| ${[`\`${check}\``, CHECKS[check].decides, ids, answer ? textOf(answer) : 'not asked yet'].map(escaped).join(' | ')} |`;
}

function textOf({ differences, answer, date, region, versions }: Answer): string {
  return `${differences.length ? `**${differences.join('; ')}**. ` : ''}${answer} (${date}, ${region}, ${versions})`;
}

/** A name in angle brackets would be HTML. */
function escaped(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/</g, '&lt;');
}
