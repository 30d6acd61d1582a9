import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, BootstraplessSynthesizer, Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { anchorsOf, linksOf, picturesOf, quotedIn, read, ROOT } from './markdown';
import { AlternateContact, AlternateContactOverride, AlternateContactType, OrganizationAlternateContacts } from '../../src';

const README = read('README.md');
const { repository } = JSON.parse(read('package.json')) as { repository: { url: string } };
const REPOSITORY = repository.url.replace(/\.git$/, '');
/** Where the files of the main branch are, as they are. */
const RAW = `${REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/main/`;

/** The documents whose links are relative. */
const DOCUMENTS = ['docs', 'sandbox', 'verification'].flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith(folder === 'docs' ? '.md' : 'README.md') && !/\bnode_modules\b/.test(name)).map(name => join(folder, name)))
  .concat('CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md');

/** Whether a file or a folder of the repository is there, and has the anchor. */
function isThere(path: string, anchor?: string): boolean {
  return existsSync(join(ROOT, path)) && (anchor === undefined || anchorsOf(read(path)).includes(anchor));
}

test('every link of the README leads somewhere, also from the package registries, which have no other files', () => {
  const links = linksOf(README);
  const own = links.filter(link => link.startsWith(REPOSITORY));
  expect(own.length).toBeGreaterThan(10);
  const broken = links.filter(link => {
    if (link.startsWith('#')) { return !anchorsOf(README).includes(link.slice(1)); }
    if (!link.startsWith(REPOSITORY)) { return !link.startsWith('https://'); }
    const [, kind, path, anchor] = /^\/(blob|tree)\/main\/([^#]+)(?:#(.+))?$/.exec(link.slice(REPOSITORY.length)) ?? [];
    return !kind || !isThere(path, anchor) || statSync(join(ROOT, path)).isDirectory() !== (kind === 'tree');
  });
  expect(broken).toEqual([]);
});

test('every link that the README defines is used, and every one that it uses is defined', () => {
  const definition = /^\[([^\]]+)\]: .*$/gm;
  const prose = README.replace(/```[\s\S]*?```|`[^`]*`/g, '');
  const labelsOf = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, label]) => label.toLowerCase()))].sort();
  const [defined, used] = [labelsOf(prose, definition), labelsOf(prose.replace(definition, ''), /\[([^\][]+)\](?![([])/g)];
  expect(defined.length).toBeGreaterThan(10);
  expect(used).toEqual(defined);
});

test('every link between the documents leads to a file, and to a heading that it has', () => {
  expect(DOCUMENTS.length).toBeGreaterThan(15);
  const broken = DOCUMENTS.flatMap(document => linksOf(read(document)).filter(link => {
    const [path, anchor] = link.split('#');
    return !link.startsWith('https://') && !isThere(path === '' ? document : join(dirname(document), path), anchor);
  }).map(link => `${document}: ${link}`));
  expect(broken).toEqual([]);
});

test('every picture of the README has an absolute address, and all pictures are there', () => {
  const pictures = picturesOf(README);
  expect(pictures.length).toBeGreaterThanOrEqual(2);
  expect(pictures.filter(picture => !picture.startsWith(RAW))).toEqual([]);
  const missing = [
    ...pictures.map(picture => picture.slice(RAW.length)),
    ...DOCUMENTS.flatMap(document => picturesOf(read(document)).map(picture => join(dirname(document), picture))),
  ].filter(path => !isThere(path));
  expect(missing).toEqual([]);
});

test('the index names every document', () => {
  const names = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md') && name !== 'README.md');
  expect(linksOf(read('docs/README.md'))).toEqual(expect.arrayContaining(names));
});

test('every path in the tables of CONTRIBUTING is there', () => {
  const isAnywhere = (path: string) => {
    const [folder, rest] = path.split('*/');
    return rest === undefined ? isThere(path) : readdirSync(join(ROOT, folder)).some(name => isThere(join(folder, name, rest)));
  };
  // What is set on GitHub comes after the rules.
  const [tables] = read('CONTRIBUTING.md').split('\n## Rules\n');
  const rows = tables.split('\n').filter(line => line.startsWith('|'));
  const words = rows.flatMap(row => quotedIn(row).flatMap(quoted => quoted.split(' ')));
  const paths = words.filter(word => word.includes('/') || /\.[a-z]+$/.test(word));
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter(path => !isAnywhere(path))).toEqual([]);
});

test('every limit names a test that shows it, or where it was measured', () => {
  const limits = read('docs/limits.md').split(/^- /m).slice(1);
  expect(limits.length).toBeGreaterThan(10);
  expect(limits.filter(limit => !/\((?:\[test\]|tests: \[\w+\]|\[measured\])\(/.test(limit))).toEqual([]);
});

test('the costs of the function follow from its memory, and from the measured time', () => {
  const faq = read('docs/faq.md').replace(/\s+/g, ' ');
  const [, price, memory, perMinute, contacts, seconds, total] = (/\(USD ([\d.]+) per GB-second\), its (\d+) MiB cost USD ([\d.]+) per minute\. A stack of (\d+) contacts is created in (\d+) seconds, so its function costs at most USD ([\d.]+);/
    .exec(faq) ?? []).map(Number);
  const stack = new Stack(new App(), 'Stack');
  declareContacts(stack, 1);
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { MemorySize: memory });
  expect(read('docs/comparison.md').replace(/\s+/g, ' ')).toContain(`${contacts} in ${seconds} seconds`);
  expect(perMinute).toBeCloseTo(60 * memory / 1024 * price, 5);
  expect(total).toBeCloseTo(contacts * seconds * memory / 1024 * price, 2);
});

/** What `cdk deploy` sends to CloudFormation without a bucket, at most. */
const MAX_TEMPLATE_BODY = 51_200;
/** What the CLI asks of an app by default. */
const CONTEXT = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:version-reporting': true };
const ENV = { account: '111111111111', region: 'us-east-1' };

const contact = (i: number) => ({ name: `Team ${i}`, title: 'On-call engineer', emailAddress: `team-${i}@example.com`, phoneNumber: '+1 555 0100' });

function declareContacts(stack: Stack, count: number): void {
  for (let i = 0; i < count; i++) {
    new AlternateContact(stack, `Security${i}`, { accountId: String(222222222222 + i), alternateContactType: AlternateContactType.SECURITY, ...contact(i) });
  }
}

function declareOverrides(stack: Stack, count: number): void {
  new OrganizationAlternateContacts(stack, 'Contacts', {
    billing: contact(1_000),
    operations: contact(1_001),
    security: contact(1_002),
    overrides: Array.from({ length: count }, (_, i) => AlternateContactOverride.forOrganizationalUnits([`ou-ab12-${10_000_000 + i}`], { operations: contact(i) })),
  });
}

/** How long a template is in YAML, as which the CLI sends and counts it. */
function lengthOf(declare: (stack: Stack, count: number) => void, count: number, env?: Environment): number {
  const stack = new Stack(new App({ context: CONTEXT }), 'Contacts', { env, synthesizer: new BootstraplessSynthesizer() });
  declare(stack, count);
  const { template } = (stack.node.root as App).synth().getStackByName('Contacts');
  return (stack.resolve(stack.toYamlString(template)) as string).length;
}

test.each([
  ['contacts of other accounts', 'docs/limits.md', declareContacts, 4],
  ['overrides', 'docs/organization.md', declareOverrides, 8],
])('a template that is deployed without a bucket holds about as many %s as %s says', (what, document, declare, about) => {
  const text = read(document).replace(/\s+/g, ' ');
  const [, named, open] = new RegExp(`About (\\d+) ${what} fit.* if the stack names its account and region \\(\`env\`\\), and about (\\d+) if it does not`).exec(text) ?? [];
  for (const [count, env] of [[Number(named), ENV], [Number(open), undefined]] as [number, Environment | undefined][]) {
    expect(lengthOf(declare, count - about, env)).toBeLessThanOrEqual(MAX_TEMPLATE_BODY);
    expect(lengthOf(declare, count + about, env)).toBeGreaterThan(MAX_TEMPLATE_BODY);
  }
});
