import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../tools/packages';

/** The jobs whose token may do more than read the repository, and what for. */
const PERMISSIONS: Record<string, Record<string, string>> = {
  // Writes its findings into the pull request.
  'dependency-review.yml dependency-review': { 'contents': 'read', 'pull-requests': 'write' },
  // Writes into the pull request what is wrong with its title. It checks nothing out.
  'pull-request-lint.yml validate': { 'pull-requests': 'write' },
  // Makes the release on GitHub, with its tag.
  'release.yml release_github': { contents: 'write' },
  // Trusted publishing: the registry asks for a token of this workflow.
  'release.yml release_npm': { 'id-token': 'write', 'contents': 'read' },
  'release.yml release_pypi': { 'id-token': 'write', 'contents': 'read' },
  'release.yml release_nuget': { 'id-token': 'write', 'contents': 'read' },
};

interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps: { readonly uses?: string; readonly run?: string }[];
}

/** Returns what could run code that nobody has reviewed, or may do more than it needs. */
function findings(file: string, text: string): string[] {
  const { permissions, jobs } = parse(text) as { permissions?: unknown; jobs: Record<string, Job> };
  return [
    ...permissions === undefined ? [] : [`${file}: each job names its own permissions`],
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...JSON.stringify(sorted(job.permissions)) === JSON.stringify(sorted(PERMISSIONS[`${file} ${name}`] ?? { contents: 'read' })) ? []
        : [`${file} ${name}: has the permissions ${JSON.stringify(job.permissions)}`],
      ...job.steps.flatMap(({ uses }) => !uses || /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) ? [] : [`${file} ${name}: ${uses} is not a commit`]),
      ...job.steps.flatMap(({ run = '' }) => run.match(/\S+@(?:latest|next)\b/g) ?? []).map(tag => `${file} ${name}: ${tag} is not a version`),
    ]),
  ];
}

/** A copy with sorted members. A job without permissions has those of the repository's settings. */
const sorted = (permissions: Record<string, string> = { all: 'unknown' }) => Object.entries(permissions).sort();

const FOLDER = join(ROOT, '.github', 'workflows');
const WORKFLOWS = readdirSync(FOLDER).map((file): [string, string] => [file, readFileSync(join(FOLDER, file), 'utf8')]);
const RELEASE = readFileSync(join(FOLDER, 'release.yml'), 'utf8');

test.each(WORKFLOWS)('%s runs reviewed code only, with the least permissions', (file, text) => {
  expect(findings(file, text)).toEqual([]);
});

test.each<[string, RegExp, string, string]>([
  ['an action by its tag', /checkout@[0-9a-f]{40}/, 'checkout@v1', 'release.yml release: actions/checkout@v1 is not a commit'],
  ['the newest version of a tool', /publib@[\d.]+/, 'publib@latest', "release.yml release_npm: 'publib@latest is not a version"],
  ['a permission too many', /contents: read/, 'contents: write', 'release.yml release: has the permissions {"contents":"write"}'],
  ['a job without permissions', / {4}permissions:\n +contents: read\n/, '', 'release.yml release: has the permissions undefined'],
  ['permissions of all jobs', /\njobs:/, '\npermissions: write-all\njobs:', 'release.yml: each job names its own permissions'],
])('%s is found', (_, from, to, finding) => {
  expect(RELEASE).toMatch(from);
  expect(findings('release.yml', RELEASE.replace(from, to))).toEqual([finding]);
});

test('each job with more permissions exists', () => {
  const jobs = WORKFLOWS.flatMap(([file, text]) => Object.keys(parse(text).jobs).map(job => `${file} ${job}`));
  expect(Object.keys(PERMISSIONS).filter(job => !jobs.includes(job))).toEqual([]);
});

test('what is published passes the environment in which a maintainer approves', () => {
  const jobs = parse(RELEASE).jobs as Record<string, { environment?: string }>;
  const publishing = Object.keys(jobs).filter(job => job.startsWith('release_'));
  expect(publishing.length).toBeGreaterThan(5);
  for (const job of publishing) { expect([job, jobs[job].environment]).toEqual([job, 'release']); }
});

test('a pull request is merged only after all of it was verified', () => {
  const { queue_rules, pull_request_rules } = parse(readFileSync(join(ROOT, '.mergify.yml'), 'utf8'));
  expect(queue_rules[0].queue_conditions).toContain('status-success=verify');
  expect(pull_request_rules[0].conditions).toContain('status-success=verify');
});
