import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, BootstraplessSynthesizer, Environment, Stack } from 'aws-cdk-lib';
import { AlternateContact, AlternateContactOverride, AlternateContactType, OrganizationAlternateContacts } from '../../src';

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository: { url: string } };
const REPOSITORY = repository.url.replace(/\.git$/, '');

/** What `cdk deploy` sends to CloudFormation without a bucket, at most. */
const MAX_TEMPLATE_BODY = 51_200;
/** How far a number may be off: templates of a newer CDK are a little smaller. */
const ABOUT = 8;
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
  ['contacts of other accounts', 'README.md', declareContacts],
  ['overrides', 'docs/organization.md', declareOverrides],
])('a template that is deployed without a bucket holds about as many %s as %s says', (what, document, declare) => {
  const text = readFileSync(join(ROOT, document), 'utf8').replace(/\s+/g, ' ');
  const [, named, open] = new RegExp(`About (\\d+) ${what} fit.* if the stack names its account and region \\(\`env\`\\), and about (\\d+) if it does not`).exec(text) ?? [];
  for (const [count, env] of [[Number(named), ENV], [Number(open), undefined]] as [number, Environment | undefined][]) {
    expect(lengthOf(declare, count - ABOUT, env)).toBeLessThanOrEqual(MAX_TEMPLATE_BODY);
    expect(lengthOf(declare, count + ABOUT, env)).toBeGreaterThan(MAX_TEMPLATE_BODY);
  }
});

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
}

test('every link of the README leads somewhere, also from the package registries, which have no other files', () => {
  const anchors = anchorsOf(README);
  const links = linksOf(README);
  const own = links.filter(link => link.startsWith(REPOSITORY) && !link.includes('/issues/'));
  expect(own.length).toBeGreaterThan(10);
  expect(links.filter(link => !/^https:/.test(link) && !anchors.includes(link.replace(/^#/, '')))).toEqual([]);
  expect(own.filter(link => {
    const [, kind, path] = /^\/(blob|tree)\/main\/(.+)$/.exec(link.slice(REPOSITORY.length)) ?? [];
    return !kind || !existsSync(join(ROOT, path)) || statSync(join(ROOT, path)).isDirectory() !== (kind === 'tree');
  })).toEqual([]);
});

test('every link between the documents leads to a file, and to a heading that it has', () => {
  const documents = ['docs', 'sandbox', 'verification'].flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(folder === 'docs' ? '.md' : 'README.md') && !/\bnode_modules\b/.test(name)).map(name => join(folder, name)));
  expect(documents.length).toBeGreaterThan(5);
  documents.push('CONTRIBUTING.md', 'SECURITY.md');
  const broken = documents.flatMap(document => linksOf(readFileSync(join(ROOT, document), 'utf8')).filter(link => {
    const [path, anchor] = link.split('#');
    const target = path === '' ? join(ROOT, document) : join(ROOT, dirname(document), path);
    return !link.startsWith('https:') && !(existsSync(target) && (anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor)));
  }).map(link => `${document}: ${link}`));
  expect(broken).toEqual([]);
});

test('every path in the tables of CONTRIBUTING is there', () => {
  const isThere = (path: string) => {
    const [folder, rest] = path.split('*/');
    const candidates = rest === undefined ? [path] : readdirSync(join(ROOT, folder)).map(name => join(folder, name, rest));
    return candidates.some(candidate => existsSync(join(ROOT, candidate)));
  };
  // What is set on GitHub comes after the rules.
  const [tables] = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').split('\n## Rules\n');
  const rows = tables.split('\n').filter(line => line.startsWith('|'));
  const words = rows.flatMap(row => [...row.matchAll(/`([^`]+)`/g)].flatMap(([, quoted]) => quoted.split(' ')));
  const paths = words.filter(word => word.includes('/') || /\.[a-z]+$/.test(word));
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter(path => !isThere(path))).toEqual([]);
});

/** The words that the sources of a folder may say: one text per file, without the joints of long strings. */
const wordsOf = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(join(ROOT, folder, name), 'utf8').replace(/['`]\s*\+\s*['`]/g, '').replaceAll("\\'", "'"))
  .join('\n');

test('every message that the README explains is one that the library can write', () => {
  const ofAws = ['AccessDeniedException', 'AccessDenied', 'ValidationException', 'TooManyRequestsException', 'Modifying service token is not allowed'];
  const [, troubleshooting] = /^## Troubleshooting\n\n(.+?)\n\n/ms.exec(README) ?? [];
  const messages = troubleshooting.split('\n').slice(2).flatMap(row => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, message]) => message));
  expect(messages.length).toBeGreaterThan(15);
  const parts = messages.flatMap(message => message.split(/\(\.\.\.\)|\.\.\./)).map(part => part.trim()).filter(part => part && !ofAws.includes(part));
  const words = wordsOf('src') + wordsOf('lambda');
  expect(parts.filter(part => !words.includes(part))).toEqual([]);
});
