/* The findings of cdk-nag are acknowledged, each with its reason, and nothing else is. */
import { ACKNOWLEDGED } from './acknowledged';
import { copyWithNewestCdk } from './workspace';

interface Found {
  readonly findings: string[];
  readonly conclusions: string[];
}

const expected = ACKNOWLEDGED.flatMap(({ rules, paths }) => rules.flatMap(rule => paths.map(path => `${rule} at ${path}`)));

let raw: Found;
let acknowledged: Found;
beforeAll(async () => {
  const copy = await copyWithNewestCdk();
  const output = await copy.evaluate(`require('./verification/judges/nag-app.cts').judgeExamples(${JSON.stringify(copy.output('nag'))})`);
  ({ raw, acknowledged } = JSON.parse(output.trimEnd().split('\n').pop() ?? ''));
});

test('both packs of cdk-nag look at the examples, and find something to acknowledge', () => {
  expect(raw.conclusions).toEqual(['AwsSolutions: failure', 'NIST.800.53.R5: failure']);
});

test('every finding of cdk-nag is acknowledged', () => {
  expect(raw.findings.filter(finding => !expected.includes(finding))).toEqual([]);
});

test('every acknowledgement has a finding of cdk-nag', () => {
  expect(expected.filter(finding => !raw.findings.includes(finding))).toEqual([]);
});

test('cdk-nag has nothing to report once its findings are acknowledged', () => {
  // A plugin that finds nothing is not in the report.
  expect(acknowledged).toEqual({ error: '', findings: [], conclusions: [] });
});
