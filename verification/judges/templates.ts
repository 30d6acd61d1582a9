import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACKNOWLEDGED } from './acknowledged';
import type { Copy } from './copy';
import { pythonPackages, run } from './tools';
import { check } from '../tools/checks';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Templates = { readonly [name: string]: Json };

/** The apps whose templates are judged. The other examples are in other languages and declare the same. */
const APPS = ['organization', 'account-vending'];
const REGIONS = ['us-east-1', 'eu-west-1', 'cn-north-1'];

/**
 * A warning of cfn-lint that stays: the CDK writes this dependency for every function. It is redundant while the role's policies are part of
 * the role; where a role is given, it makes the function wait for the role's policy.
 */
const ACCEPTED_WARNING = /^W3005 .*\.json: Resources\/\w+ProviderFunction\w{8}\/DependsOn\//;

/** Runs the example apps, and returns their templates by file name, those inside of stack sets included. */
async function synthesize(copy: Copy): Promise<Templates> {
  const templates: { [name: string]: Json } = {};
  for (const name of APPS) {
    const output = copy.output(name);
    await copy.evaluate(`process.env.CDK_OUTDIR = ${JSON.stringify(output)}; require('./examples/${name}/app.ts')`);
    for (const file of readdirSync(output).filter(entry => entry.endsWith('.template.json'))) {
      const template = JSON.parse(readFileSync(join(output, file), 'utf8')) as { Resources: { [id: string]: { Type: string; Properties?: { TemplateBody?: string } } } };
      templates[file] = template;
      for (const { Type, Properties } of Object.values(template.Resources)) {
        if (Type === 'AWS::CloudFormation::StackSet') templates[`StackSetIn${file}`] = JSON.parse(Properties?.TemplateBody ?? 'null') as Json;
      }
    }
  }
  return templates;
}

/** Replaces what may differ: which runtime is the latest is for the CDK to know, and by region. Metadata says how the template was made. */
function normalize(template: Json): Json {
  if (Array.isArray(template)) return template.map(normalize);
  if (typeof template === 'string' && template.startsWith('{"')) return JSON.stringify(normalize(JSON.parse(template) as Json));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template)
    .filter(([key, value]) => key !== 'Metadata' && !(key === 'Mappings' && isRuntimeMap(value)))
    .map(([key, value]) => [key, key === 'Runtime' ? 'latest' : normalize(value)]));
}

/** Where two values differ: whole templates would be too long to print. */
function differences(one: Json | undefined, other: Json | undefined, path = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other ? [] : [path];
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap(key => differences(left.get(key), right.get(key), `${path}/${key}`));
}

function isRuntimeMap(mappings: Json): boolean {
  return typeof mappings === 'object' && mappings !== null && Object.keys(mappings).every(name => /^Latest\w*NodeRuntimeMap$/i.test(name));
}

/** The oldest and the newest aws-cdk-lib make the same of the examples; cfn-lint finds nothing in either. */
export async function judgeTemplates(oldest: Copy, newest: Copy): Promise<void> {
  const sets = { oldest: await synthesize(oldest), newest: await synthesize(newest) };
  check('templates: two apps make three templates and one for a stack set', Object.keys(sets.oldest).sort(), [
    'AccountVending.template.json', 'Contacts.template.json', 'ContactsEverywhere.template.json', 'StackSetInContactsEverywhere.template.json',
  ]);
  for (const [name, template] of Object.entries(sets.oldest)) {
    check(`templates: ${name} is the same on both, but for Mappings of runtimes, Runtime and Metadata`,
      differences(normalize(template), normalize(sets.newest[name])), []);
  }
  for (const [name, template] of Object.entries(sets.oldest)) {
    const other = JSON.parse(JSON.stringify(template).replace(/security@example/g, 'somebody@example')) as Json;
    check(`templates: ${name} with another e-mail address is not the same`, differences(normalize(template), normalize(other)).length > 0, true);
  }
  for (const [version, templates] of Object.entries(sets)) {
    const directory = oldest.output(version);
    mkdirSync(directory, { recursive: true });
    for (const [name, template] of Object.entries(templates)) writeFileSync(join(directory, name), JSON.stringify(template));
    await lint(directory, version);
  }
}

async function lint(directory: string, version: string): Promise<void> {
  const files = readdirSync(directory);
  const found = await findings(directory, files);
  const serious = found.filter(text => !text.startsWith('I'));
  const informational = found.length - serious.length;
  check(`cfn-lint: ${files.length} templates of the ${version} CDK for ${REGIONS.join(', ')}: no error or warning, ${informational} informational`,
    serious.filter(text => !ACCEPTED_WARNING.test(text)), []);
  check(`cfn-lint: the warning that is accepted is given once a function (${version})`, serious.filter(text => ACCEPTED_WARNING.test(text)).length, 3);

  // That it would find something.
  const broken = 'broken.json';
  writeFileSync(join(directory, broken), readFileSync(join(directory, 'Contacts.template.json'), 'utf8').replace(/"Timeout":/g, '"TimeOut":'));
  const refused = await findings(directory, [broken]);
  check(`cfn-lint: refuses a function with an unknown property (${version})`, refused.filter(text => /^E3002 .*'TimeOut'/.test(text)).length, 1);
}

/** What cfn-lint says about templates: the rule, the file, the place and the message. */
async function findings(directory: string, files: string[]): Promise<string[]> {
  const bin = await pythonPackages();
  const command = [join(bin, 'cfn-lint'), '--regions', ...REGIONS, '--include-checks', 'I', '--format', 'json', '--', ...files];
  const { stdout, output } = await run(directory, command);
  // It prints nothing if it could not run.
  if (!stdout.startsWith('[')) throw new Error(`cfn-lint: ${output.slice(0, 1_000)}`);
  const matches = JSON.parse(stdout) as { Filename: string; Message: string; Rule: { Id: string }; Location: { Path: (string | number)[] | null } }[];
  return matches.map(({ Filename, Message, Rule, Location }) => `${Rule.Id} ${Filename}: ${Location.Path?.join('/') ?? ''} ${Message}`);
}

/** What cdk-nag finds is acknowledged, each finding with its reason, and nothing more than it finds. */
export async function judgeNag(newest: Copy): Promise<void> {
  const output = await newest.evaluate(`require('./verification/judges/nag-app.cts').judgeExamples(${JSON.stringify(newest.output('nag'))})`);
  type Found = { readonly findings: string[]; readonly conclusions: string[] };
  const { raw, acknowledged } = JSON.parse(output.trimEnd().split('\n').pop() ?? '') as { readonly raw: Found; readonly acknowledged: Found };
  const expected = ACKNOWLEDGED.flatMap(({ rules, paths }) => rules.flatMap(rule => paths.map(path => `${rule} at ${path}`)));
  check('cdk-nag: both packs looked at the examples', raw.conclusions, ['AwsSolutions: failure', 'NIST.800.53.R5: failure']);
  check('cdk-nag: every finding is acknowledged', raw.findings.filter(finding => !expected.includes(finding)), []);
  check('cdk-nag: everything acknowledged is a finding', expected.filter(finding => !raw.findings.includes(finding)), []);
  check(`cdk-nag: with ${expected.length} findings acknowledged for ${ACKNOWLEDGED.length} reasons, it has nothing to report`, acknowledged, {
    // A plugin that finds nothing is not in the report.
    error: '', findings: [], conclusions: [],
  });
}
