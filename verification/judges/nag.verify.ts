/* The findings of cdk-nag are acknowledged, each with its reason, and nothing else is. */
import { ACKNOWLEDGED } from './acknowledged';
import { copyWithNewestCdk } from './workspace';

const acknowledged = ACKNOWLEDGED.flatMap(({ rules, paths }) => rules.flatMap(rule => paths.map(path => `${rule} at ${path}`)));

let found: { readonly findings: string[]; readonly conclusions: string[] };
beforeAll(async () => {
  const copy = await copyWithNewestCdk();
  const output = await copy.evaluate(`require('./verification/judges/nag-app.cts').judgeExamples(${JSON.stringify(copy.output('nag'))})`);
  found = JSON.parse(output.trimEnd().split('\n').pop() ?? '') as typeof found;
});

test('both packs of cdk-nag look at the examples, and find something to acknowledge', () => {
  expect(found.conclusions).toEqual(['AwsSolutions: failure', 'NIST.800.53.R5: failure']);
});

test('every finding of cdk-nag is acknowledged', () => {
  expect(found.findings.filter(finding => !acknowledged.includes(finding))).toEqual([]);
});

test('every acknowledgement has a finding of cdk-nag', () => {
  expect(acknowledged.filter(finding => !found.findings.includes(finding))).toEqual([]);
});
