import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer, Environment, Stack } from 'aws-cdk-lib';
import { AlternateContact, AlternateContactType } from '../src';

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository: { url: string } };
const REPOSITORY = repository.url.replace(/\.git$/, '');

/** What `cdk deploy` sends to CloudFormation without a bucket, at most. */
const MAX_TEMPLATE_BODY = 51_200;
/** What the CLI asks of an app by default. */
const CONTEXT = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:version-reporting': true };

/** The template of so many contacts of other accounts in YAML, as the CLI counts it. */
function templateWith(contacts: number, env?: Environment): string {
  const stack = new Stack(new App({ context: CONTEXT }), 'Contacts', { env, synthesizer: new BootstraplessSynthesizer() });
  for (let i = 0; i < contacts; i++) {
    new AlternateContact(stack, `Security${i}`, {
      accountId: String(222222222222 + i),
      alternateContactType: AlternateContactType.SECURITY,
      name: 'Security Operations',
      title: 'On-call engineer',
      emailAddress: 'security@example.com',
      phoneNumber: '+1 555 0100',
    });
  }
  const { template } = (stack.node.root as App).synth().getStackByName('Contacts');
  return stack.resolve(stack.toYamlString(template)) as string;
}

test('a template that is deployed without a bucket holds about as many contacts as the README says', () => {
  const [, named, open] = /About (\d+) contacts of other accounts fit if the stack names its account and\s+region \(`env`\), and about (\d+) if it does not/.exec(README) ?? [];
  const environments: [string, Environment | undefined][] = [[named, { account: '111111111111', region: 'us-east-1' }], [open, undefined]];
  for (const [contacts, env] of environments) {
    expect(templateWith(Number(contacts) - 5, env).length).toBeLessThanOrEqual(MAX_TEMPLATE_BODY);
    expect(templateWith(Number(contacts) + 5, env).length).toBeGreaterThan(MAX_TEMPLATE_BODY);
  }
});

test('every link of the README leads somewhere, also from the package registries, which have no other files', () => {
  const anchors = [...README.matchAll(/^## (.+)$/gm)].map(([, heading]) => `#${heading.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-')}`);
  const links = [...README.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  const own = links.filter(link => link.startsWith(REPOSITORY) && !link.includes('/issues/'));
  expect(own.length).toBeGreaterThan(10);
  expect(links.filter(link => !/^https:/.test(link) && !anchors.includes(link))).toEqual([]);
  expect(own.filter(link => {
    const [, kind, path] = /^\/(blob|tree)\/main\/(.+)$/.exec(link.slice(REPOSITORY.length)) ?? [];
    return !kind || !existsSync(join(ROOT, path)) || statSync(join(ROOT, path)).isDirectory() !== (kind === 'tree');
  })).toEqual([]);
});

test('every link between the documents leads to a file', () => {
  const documents = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md'));
  expect(documents.length).toBeGreaterThan(2);
  const broken = documents.flatMap(name => [...readFileSync(join(ROOT, 'docs', name), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, link]) => link)
    .filter(link => !link.startsWith('https:') && !existsSync(join(ROOT, 'docs', link)))
    .map(link => `${name}: ${link}`));
  expect(broken).toEqual([]);
});
