import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Life, live } from './life';
import { lives } from './lives';
import { jsonata } from '../../../src/private/sweep/machine/asl';
import { IS_FULL_SWEEP } from '../../../src/private/sweep/machine/older-sweeps';

const NOT_AS_DECLARED = /is not as declared after the last sweep$/;
const REFUSED = /^The last sweep ended in FAILED: .*Account\.AccessDeniedException/;

interface Break {
  readonly title: string;
  /** The code that is replaced in the definition: an expression of its own, or a part of one. */
  readonly from: string | RegExp;
  readonly to: string;
  /** The problem that it must cause. */
  readonly found: RegExp;
  /** A seed whose first organizations find the break; others may take minutes. @default 3 */
  readonly seed?: number;
}

/** An expression as it stands in the definition. */
const inDefinition = (expression: string) => JSON.stringify(jsonata(expression)).slice('"{% '.length, -' %}"'.length);

/* The machine, broken on purpose. Generated organizations must find each of these breaks, or they would miss real mistakes of that kind. */
const BREAKS: readonly Break[] = [
  {
    title: 'the farthest unit counts, not the nearest',
    from: /\$above:=\$reverse\(\[/,
    to: '$above:=([',
    found: NOT_AS_DECLARED,
  },
  {
    title: 'an exclusion does not count',
    from: /\[\$!='-'\]\],\['-'\]\)\[0\]/,
    to: "[$ != '-' and $ != 'x']], ['-'])[0]",
    found: /was put, and was never declared like that/,
  },
  {
    title: "the stack's account is named",
    from: /\$work\[\$at\]\.id=\$group\.ownAccount\?\{\}/g,
    to: 'false?{}',
    found: REFUSED,
  },
  {
    title: 'a different title is not seen',
    seed: 6,
    from: /\$bare\(\$existing\.Title\)=\$bare\(\$declared\.Title\)/,
    to: 'true',
    found: NOT_AS_DECLARED,
  },
  {
    title: 'accounts that are not active are set',
    seed: 8,
    from: /\$state!='ACTIVE'\?'notActive '&\$account\.Id:/g,
    to: '',
    found: REFUSED,
  },
  {
    title: 'an empty page ends the list',
    seed: 4,
    from: /\$exists\(\$states\.result\.NextToken\)and \$type/,
    to: '$count($states.result.Accounts) > 0 and $exists($states.result.NextToken) and $type',
    found: NOT_AS_DECLARED,
  },
  {
    title: 'the accounts of a child that died are forgotten',
    from: /\{\$not\(\$contains\(\$done,/,
    to: '{false and $not($contains($done,',
    found: /^A sweep counted /,
  },
  {
    title: 'an account that refuses is not reported',
    seed: 10,
    from: /\[\$append\(\$errors,\{'id':\$work\[\$at\]\.id,'error':\$states\.errorOutput\.Error\}\)\]/g,
    to: '$errors',
    found: /^A sweep ended in SUCCEEDED and does not say/,
  },
  {
    title: 'the message of a service is kept',
    seed: 7,
    from: /'error':\$states\.errorOutput\.Error/g,
    to: "'error':$states.errorOutput.Cause",
    found: /^Personal data in /,
  },
  {
    title: 'older sweeps go on',
    from: inDefinition(IS_FULL_SWEEP),
    to: 'false',
    found: /^A sweep of all accounts went on for .* beside a newer one/,
  },
  {
    title: 'runs for named accounts are stopped',
    from: inDefinition(IS_FULL_SWEEP),
    to: 'true',
    found: /^An execution with the input \{"(accountIds|afterSeconds|joined)".* ended in ABORTED .*Superseded/,
  },
  {
    title: 'accounts that failed are not tried again',
    from: /\$count\(\[\$failed\.\*\]\)>0 and \$tries<\d/,
    to: 'false',
    found: /^An execution with the input \{\} ended in FAILED after \d(\.\d+)? s/,
  },
  {
    title: 'the management account is not skipped',
    from: /\$isManagement and \$account\.Id!=\$order\.ownAccount\?/g,
    to: 'false?',
    found: / was called for the management account$/,
  },
  {
    title: 'an account that is tried again is counted at each try',
    seed: 10,
    from: /,\$errors\.id\);/,
    to: ',[]);',
    found: /^A sweep counted /,
  },
  {
    title: 'one type is forgotten',
    from: /\[0\.\.2\]\.\(/,
    to: '[0..1].(',
    found: NOT_AS_DECLARED,
  },
  {
    title: 'every account gets the first contact',
    from: /\$contacts\[\$work\[\$at\]\.contact\]/g,
    to: '$contacts[0]',
    found: /was put, and was never declared like that/,
  },
];

/** The problems that an invalid definition causes. They would hide that the break itself is not found. */
const INVALID = /^The (deployment|life) ended in|QueryEvaluationError/;

test.each(BREAKS)('generated organizations notice when $title', async ({ from, to, found, seed = 3 }) => {
  let isBroken = false;
  const transform = (definition: string) => definition.replace(from, () => {
    isBroken = true;
    return to;
  });
  // An exception is a mistake of the proof itself, and does not count as found.
  const problemsOf = (life: Life) => live(life, transform).catch((error: Error) => [`The life ended in ${error.stack}`]);
  let problems: string[] = [];
  const survives = fc.asyncProperty(lives, async life => {
    problems = await problemsOf(life);
    return !problems.some(problem => found.test(problem) || INVALID.test(problem));
  });
  const { failed } = await fc.check(survives, { numRuns: 150, seed, endOnFailure: true });
  expect(isBroken).toBe(true);
  expect(failed).toBe(true);
  expect(problems.filter(problem => INVALID.test(problem))).toEqual([]);
});

test('the document says how many breaks there are', () => {
  expect(readFileSync(join(__dirname, '../../../docs/proof.md'), 'utf8')).toContain(`machine is broken in ${BREAKS.length} ways`);
});
