/* What the newest aws-cdk-lib checks in every app by default finds nothing in the examples. Elsewhere this is off, because it takes seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyWithNewestCdk } from './workspace';
import type { Copy } from '../tools/copy';
import { ROOT } from '../tools/packages';

/** The part of the CDK's validation-report.json that is used here. */
interface Report {
  readonly pluginReports: { readonly violations: { readonly ruleName: string; readonly description: string }[] }[];
}

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter(file => /^[^/]+\/app\.ts$/.test(file) && !file.startsWith('typescript/')).sort();
let copy: Copy;
beforeAll(async () => { copy = await copyWithNewestCdk(); });

/** Runs an app with the validation on, and returns what was found. */
async function validate(name: string, app: string): Promise<string[]> {
  const outdir = copy.output(name);
  await copy.evaluate(`process.env.CDK_VALIDATION = 'true'; process.env.CDK_OUTDIR = ${JSON.stringify(outdir)}; ${app}`);
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
  return pluginReports.flatMap(({ violations }) => violations.map(({ ruleName, description }) => `${ruleName}: ${description}`));
}

test('all examples are validated', () => {
  expect(EXAMPLES).toEqual(['account-vending/app.ts', 'named-accounts/app.ts', 'organization-wide/app.ts']);
});

test.each(EXAMPLES)('nothing is found in examples/%s', async example => {
  expect(await validate(example.replace('/', '-'), `require('./examples/${example}');`)).toEqual([]);
});

test('a function without a role and a handler is found', async () => {
  const findings = await validate('mistake', `
    const { App, CfnResource, Stack } = require('aws-cdk-lib');
    const app = new App();
    const properties = { Runtime: 'nodejs24.x', Code: { ZipFile: '1' } };
    new CfnResource(new Stack(app, 'Mistake'), 'Function', { type: 'AWS::Lambda::Function', properties });
    app.synth();`);
  expect(findings).toEqual([expect.stringContaining("'Role'"), expect.stringContaining("'Handler'")]);
});
