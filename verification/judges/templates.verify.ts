/* The oldest and the newest aws-cdk-lib make the same templates of the examples, and cfn-lint finds nothing in them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyWithNewestCdk, copyWithOldestCdk } from './workspace';
import type { Copy } from '../tools/copy';
import { pythonPackages } from '../tools/packages';
import { run } from '../tools/processes';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Templates = { readonly [name: string]: Json };

/** The apps whose templates are judged. The other examples declare the same in other languages. */
const APPS = ['named-accounts', 'account-vending', 'organization-wide'];
const REGIONS = ['us-east-1', 'eu-west-1', 'cn-north-1'];

/**
 * An accepted warning of cfn-lint: the CDK writes this dependency for every function and state machine. It is redundant if the policies are part
 * of the role. If a user passes a role, it makes the function wait for the role's policy.
 */
const ACCEPTED_WARNING = /^W3005 .*\.json: Resources\/\w+(ProviderFunction|StateMachine)\w{8}\/DependsOn\//;

type Resource = { Type: string; Properties?: { TemplateBody?: string } };

/** Runs the example apps, and returns their templates by file name, including those inside of stack sets. */
async function synthesize(copy: Copy): Promise<Templates> {
  const templates: { [name: string]: Json } = {};
  for (const name of APPS) {
    const output = copy.output(name);
    await copy.evaluate(`process.env.CDK_OUTDIR = ${JSON.stringify(output)}; require('./examples/${name}/app.ts')`);
    for (const file of readdirSync(output).filter(entry => entry.endsWith('.template.json'))) {
      const template = JSON.parse(readFileSync(join(output, file), 'utf8')) as { Resources: { [id: string]: Resource } };
      templates[file] = template;
      for (const { Type, Properties } of Object.values(template.Resources)) {
        if (Type === 'AWS::CloudFormation::StackSet') { templates[`StackSetIn${file}`] = JSON.parse(Properties?.TemplateBody ?? 'null') as Json; }
      }
    }
  }
  return templates;
}

/** Replaces what may differ: the latest runtime depends on the CDK and the region, and Metadata says how the template was made. */
function normalize(template: Json): Json {
  if (Array.isArray(template)) { return template.map(normalize); }
  // The template of a stack set is text. A part of a state machine's definition is text too, and compared as it is.
  if (typeof template === 'string' && template.startsWith('{"Resources"')) { return JSON.stringify(normalize(JSON.parse(template) as Json)); }
  if (typeof template !== 'object' || template === null) { return template; }
  return Object.fromEntries(Object.entries(template)
    .filter(([key]) => key !== 'Metadata')
    .map(([key, value]) => [key, key === 'Runtime' ? 'latest' : normalize(value)]));
}

/** The paths at which two values differ: whole templates would be too long to print. */
function differences(one: Json | undefined, other: Json | undefined, path = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) { return one === other ? [] : [path]; }
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap(key => differences(left.get(key), right.get(key), `${path}/${key}`));
}

const SETS = ['oldest', 'newest'] as const;
const NAMES = ['AccountVending', 'Contacts', 'ContactsEverywhere', 'OrganizationContacts', 'OrganizationEvents', 'StackSetInContactsEverywhere']
  .map(name => `${name}.template.json`);
/** The templates that declare contacts. */
const WITH_CONTACTS = NAMES.filter(name => !name.startsWith('OrganizationEvents'));

let copy: Copy;
let templates: { readonly [set in typeof SETS[number]]: Templates };
beforeAll(async () => {
  copy = await copyWithNewestCdk();
  templates = { oldest: await synthesize(await copyWithOldestCdk()), newest: await synthesize(copy) };
});

test('three apps make five templates and one for a stack set', () => {
  expect(Object.keys(templates.oldest).sort()).toEqual(NAMES);
});

test.each(NAMES)('%s is the same with the oldest and the newest CDK, but for Runtime and Metadata', name => {
  expect(differences(normalize(templates.oldest[name]), normalize(templates.newest[name]))).toEqual([]);
});

test.each(WITH_CONTACTS)('%s with another e-mail address counts as different', name => {
  const other = JSON.parse(JSON.stringify(templates.oldest[name]).replace(/@example\.com/g, '@example.org')) as Json;
  expect(differences(normalize(templates.oldest[name]), normalize(other))).not.toEqual([]);
});

describe.each(SETS)('cfn-lint, with the templates of the %s CDK', set => {
  let directory: string;
  let found: string[];
  beforeAll(async () => {
    directory = copy.output(`templates-${set}`);
    mkdirSync(directory);
    for (const [name, template] of Object.entries(templates[set])) { writeFileSync(join(directory, name), JSON.stringify(template)); }
    found = await findings(directory, NAMES);
  });

  test(`finds no error, and only the accepted warning, in ${REGIONS.join(', ')}`, () => {
    expect(found.filter(text => !text.startsWith('I') && !ACCEPTED_WARNING.test(text))).toEqual([]);
  });

  test('gives the accepted warning once per function and state machine', () => {
    expect(found.filter(text => ACCEPTED_WARNING.test(text))).toHaveLength(4);
  });

  test('refuses a function with an unknown property', async () => {
    const broken = 'broken.json';
    writeFileSync(join(directory, broken), readFileSync(join(directory, 'Contacts.template.json'), 'utf8').replace(/"Timeout":/g, '"TimeOut":'));
    const refused = await findings(directory, [broken]);
    expect(refused.filter(text => /^E3002 .*'TimeOut'/.test(text))).toHaveLength(1);
  });
});

/** The findings of cfn-lint: the rule, the file, the place and the message. */
async function findings(directory: string, files: string[]): Promise<string[]> {
  const bin = await pythonPackages('judges');
  const command = [join(bin, 'cfn-lint'), '--regions', ...REGIONS, '--include-checks', 'I', '--format', 'json', '--', ...files];
  const { stdout, output } = await run(command, { cwd: directory });
  // It prints nothing if it could not run.
  if (!stdout.startsWith('[')) { throw new Error(`cfn-lint: ${output.slice(0, 1_000)}`); }
  const matches = JSON.parse(stdout) as { Filename: string; Message: string; Rule: { Id: string }; Location: { Path: (string | number)[] | null } }[];
  return matches.map(({ Filename, Message, Rule, Location }) => `${Rule.Id} ${Filename}: ${Location.Path?.join('/') ?? ''} ${Message}`);
}
