import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools';
import { check } from '../tools/checks';

interface Package {
  readonly name: string;
  readonly description?: string;
  readonly keywords?: string[];
  readonly author?: { readonly name?: string; readonly email?: string };
  readonly license?: string;
  readonly stability?: string;
  readonly repository?: { readonly url?: string };
  readonly publishConfig?: { readonly access?: string };
  readonly main?: string;
  readonly types?: string;
  readonly peerDependencies?: { readonly [name: string]: string };
  readonly dependencies?: { readonly [name: string]: string };
  readonly jsii?: { readonly targets?: { readonly [language: string]: { readonly [key: string]: unknown } } };
}

/** The jobs of the release workflow, each with what tells that it can publish. */
const JOBS: { readonly [job: string]: { readonly tool: string; readonly needs: string[]; readonly language: string } } = {
  release_npm: { tool: 'publib-npm', language: 'js', needs: ['id-token: write', 'NPM_CONFIG_PROVENANCE: "true"', 'NPM_TRUSTED_PUBLISHER: "true"'] },
  release_pypi: { tool: 'publib-pypi', language: 'python', needs: ['id-token: write', 'PYPI_TRUSTED_PUBLISHER: "true"'] },
  release_maven: { tool: 'publib-maven', language: 'java', needs: ['MAVEN_SERVER_ID: central-ossrh', 'MAVEN_GPG_PRIVATE_KEY:', 'MAVEN_USERNAME:', 'MAVEN_PASSWORD:'] },
  release_nuget: { tool: 'publib-nuget', language: 'dotnet', needs: ['id-token: write', 'NUGET_TRUSTED_PUBLISHER: "true"'] },
  release_golang: { tool: 'publib-golang', language: 'go', needs: ['GITHUB_TOKEN:', 'GIT_USER_NAME:'] },
};

/** Trusted publishing needs npm 11.5.1; Node.js 24 is the first that brings an npm 11. */
const MIN_NODE_TO_PUBLISH = 24;

/** Construct Hub can list the package, and the release workflow can publish it to all five registries. */
export function judgeMetadata(): void {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package;
  const { keywords = [], jsii, repository, author, publishConfig } = manifest;
  check('hub: the keywords by which Construct Hub and its search find the package', ['awscdk', 'cdk'].filter(word => !keywords.includes(word)), []);
  check('hub: the license is one that Construct Hub lists', ['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'MIT'].includes(manifest.license ?? ''), true);
  check('hub: author, description, repository and stability are there', {
    author: Boolean(author?.name),
    description: Boolean(manifest.description),
    stability: ['experimental', 'stable'].includes(manifest.stability ?? ''),
    repository: /^https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/.test(repository?.url ?? ''),
  }, { author: true, description: true, stability: true, repository: true });
  check('hub: public, with an entry point and its types', [publishConfig?.access, manifest.main, manifest.types], ['public', 'lib/index.js', 'lib/index.d.ts']);
  check('hub: brings nothing of its own along', Object.keys(manifest.dependencies ?? {}), []);
  check('hub: the CDK is a peer', Object.keys(manifest.peerDependencies ?? {}).sort(), ['aws-cdk-lib', 'constructs']);
  const owner = /github\.com\/([\w-]+)\//.exec(repository?.url ?? '')?.[1] ?? '';
  const { java, python, dotnet, go } = jsii?.targets ?? {};
  check('hub: jsii has a name for the package in each language', {
    java: typeof java?.package,
    maven: typeof java?.maven,
    python: [typeof python?.distName, typeof python?.module],
    dotnet: [typeof dotnet?.namespace, typeof dotnet?.packageId],
    go: String(go?.moduleName).startsWith(`github.com/${owner}/`),
  }, { java: 'string', maven: 'object', python: ['string', 'string'], dotnet: ['string', 'string'], go: true });
  // Maven Central gives the name space of a GitHub account to its owner, written as on GitHub.
  check('hub: the Maven group is one that the repository\'s owner can prove', (java?.maven as { readonly groupId?: string } | undefined)?.groupId, `io.github.${owner}`);

  const jobs = jobsOf(readFileSync(join(ROOT, '.github', 'workflows', 'release.yml'), 'utf8'));
  for (const [name, { tool, needs, language }] of Object.entries(JOBS)) {
    const job = jobs.get(name) ?? '';
    const expected = [`'${tool}'`, `projen package:${language}`, 'needs: release', ...needs];
    check(`release: ${name} builds ${language} and publishes with ${tool}`, expected.filter(text => !job.includes(text)), []);
  }
  check('release: GitHub\'s release waits for all registries', Object.keys(JOBS).filter(name => !jobs.get('release_github')?.includes(`- ${name}\n`)), []);
  const node = /node-version: "?(\d+)/.exec(jobs.get('release_npm') ?? '')?.[1];
  check(`release: release_npm has a Node.js whose npm knows trusted publishing (${MIN_NODE_TO_PUBLISH} or later)`, Number(node) >= MIN_NODE_TO_PUBLISH ? 'yes' : `it has ${node}`, 'yes');
}

/** The text of each job of a workflow. */
function jobsOf(workflow: string): Map<string, string> {
  const jobs = workflow.slice(workflow.indexOf('\njobs:\n') + '\njobs:\n'.length).split(/^ {2}(?=\w+:\n)/m).filter(Boolean);
  return new Map(jobs.map(text => [text.slice(0, text.indexOf(':')), text]));
}
